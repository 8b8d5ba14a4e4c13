import { ConfigurationError, UsageError } from "../../errors.js";
import type { Trial } from "../../trial/trial.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "../algorithm.js";
import { remember } from "../remember.js";
import { type LineProgram, startLineProgram } from "./line-program.js";
import { readAnswer, startMessage, suggestMessage } from "./messages.js";

interface ExternalOptions {
  /** A text is split at spaces; a list is taken as it is. */
  readonly command: string | readonly string[] | null;
  /** Seconds that one suggestion may take. */
  readonly timeout: number;
}

/**
 * The process is a cache like a fitted model: started when it is first asked, and told only what is new. A new one, here
 * or in another worker, is told the whole history.
 */
export default defineAlgorithm<ExternalOptions>({
  summary:
    "Any program of yours, in any language: it reads the space and the history as JSON lines, and writes points.",
  paper: "https://jsonlines.org",
  requires: {},
  defaults: { command: null, timeout: 60 },
  basis: "history",
  isReproducible: false,
  check: ({ command, timeout }) => {
    if (wordsOf(command).length === 0) {
      throw new UsageError(
        `external: command is ${JSON.stringify(command)}.`,
        `Give the program that suggests: external:command='["python3","sampler.py"]'; see docs/external-algorithms.md.`,
      );
    }
    if (typeof timeout === "number" && timeout > 0 && timeout <= 2_000_000) return;
    throw new UsageError(`external: timeout is ${JSON.stringify(timeout)}.`, "Give seconds, above 0.");
  },
  suggest: async (context) => {
    const conversation = remember(context.cache, { name: "external", make: () => startConversation(context) });
    return conversation.ask(context);
  },
});

interface Conversation extends Disposable {
  ask(context: SuggestContext<ExternalOptions>): Promise<Suggestion>;
}

function startConversation({ options }: SuggestContext<ExternalOptions>): Conversation {
  const command = wordsOf(options.command);
  let program: LineProgram | undefined;
  /** How many trials it was told of, and the last of them. */
  let told = 0;
  let lastTold: Trial | undefined;
  let questions = 0;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();

  const askOnce = async (context: SuggestContext<ExternalOptions>): Promise<string> => {
    const { history } = context;
    if (isOver) throw new ConfigurationError("The algorithm's program was let go before it was asked.");
    if (program?.isAlive !== true) {
      program = startLineProgram({ command, timeoutMs: options.timeout * 1000 });
      told = 0;
      program.tell(startMessage(context));
    }
    const isExtension = told === 0 || (told <= history.length && lastTold === history[told - 1]);
    const finished = isExtension ? history.slice(told) : history;
    const question = { ...context, id: ++questions, finished, isRewritten: !isExtension };
    [told, lastTold] = [history.length, history.at(-1)];
    return program.ask(suggestMessage(question));
  };

  const ask = async (context: SuggestContext<ExternalOptions>): Promise<Suggestion> => {
    const isOld = program?.isAlive === true;
    let line: string;
    try {
      line = await askOnce(context);
    } catch (error) {
      // One that had worked may have been killed by somebody, and a new one knows all that it knew.
      if (!isOld || isOver) throw error;
      line = await askOnce(context);
    }
    return readAnswer(line, { space: context.space, id: questions });
  };

  return {
    ask: (context) => {
      // One question at a time, in the order in which they came.
      const answer = last.then(() => ask(context));
      last = answer.catch(() => {});
      return answer;
    },
    [Symbol.dispose]: () => {
      isOver = true;
      program?.[Symbol.dispose]();
    },
  };
}

function wordsOf(command: unknown): readonly string[] {
  if (typeof command === "string") return command.split(" ").filter((word) => word !== "");
  const isList = Array.isArray(command) && command.every((word) => typeof word === "string" && word !== "");
  return isList ? command : [];
}

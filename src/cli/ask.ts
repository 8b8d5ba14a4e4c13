import { createInterface } from "node:readline";
import type { Terminal } from "./terminal.js";
import { oneLine } from "./text/printable.js";

/** Asks a person, or a pipe that answers for one. */
export interface Asker extends Disposable {
  /** The answer to a question without spaces around it; `undefined` when there is nobody (left) to answer. */
  ask(question: string): Promise<string | undefined>;
}

/** Answers are read line by line from standard input. Dispose of it, or the process waits for more. */
export function openAsker({ stdin, out }: Pick<Terminal, "stdin" | "out">): Asker {
  const lines = createInterface({ input: stdin, terminal: false });
  // The iterator keeps lines that arrive before they are asked for: a pipe brings all answers at once.
  const iterator = lines[Symbol.asyncIterator]();
  return {
    async ask(question) {
      out(question);
      const { value, done } = await iterator.next();
      if (done) {
        out("\n");
        return undefined;
      }
      return value.trim();
    },
    [Symbol.dispose]: () => lines.close(),
  };
}

/** Ask for yes or no; anything but yes is no. */
export async function askWhether(asker: Asker, question: string): Promise<boolean> {
  const answer = await asker.ask(`${question} (y/N) `);
  return /^y(es)?$/i.test(answer ?? "");
}

interface Confirmation {
  /** What is about to happen. */
  readonly message: string;
  /** What has to be typed again. */
  readonly name: string;
  /** True when nobody is to be asked. */
  readonly isForced: boolean;
}

/** Have the name of an experiment typed again before something is changed for good. */
export async function confirmByName(terminal: Terminal, { message, name, isForced }: Confirmation): Promise<boolean> {
  const question = `${message}\nTo proceed, type again the name of the experiment: `;
  if (isForced) {
    terminal.out(`${question}FORCED\n`);
    return true;
  }
  using asker = openAsker(terminal);
  const answer = await asker.ask(question);
  // As it is shown, too: nobody can type some of them.
  if (answer === name || answer === oneLine(name)) return true;
  terminal.error("Confirmation failed, aborting operation.\n");
  return false;
}

import { inspect } from "node:util";
import { OrionError, UsageError } from "../errors.js";
import type { Params, Space } from "../space/dimension.js";
import { checkParams } from "../space/values.js";
import type { Algorithm, SuggestContext, Suggestion } from "./algorithm.js";

/**
 * An algorithm of somebody else's, whose answers are checked before they are believed and whose errors name it.
 *
 * What it suggests is complete afterwards, and inside the space: a fidelity that it left out is the highest one.
 *
 * @param name - As the user wrote it, for messages.
 */
export function guardPlugIn(name: string, algorithm: Algorithm): Algorithm {
  const { check, notes } = algorithm;
  // made from the plug-in itself, so that everything else is as it says, be it inherited or computed
  return Object.create(algorithm, {
    suggest: { value: (context: SuggestContext) => suggestChecked(name, algorithm, context) },
    ...(check && { check: { value: naming(name, "check", check.bind(algorithm)) } }),
    ...(notes && { notes: { value: naming(name, "notes", notes.bind(algorithm)) } }),
  });
}

function suggestChecked(name: string, algorithm: Algorithm, context: SuggestContext): ReturnType<Algorithm["suggest"]> {
  const read = (answer: unknown) => readSuggestion(name, context.space, answer);
  const answer: unknown = naming(name, "suggest", () => algorithm.suggest(context))();
  if (!isPromise(answer)) return read(answer);
  const later = Promise.resolve(answer).then(read, (error: unknown) => {
    throw failure(name, "suggest", error);
  });
  if (algorithm.basis === "history") return later;
  later.catch(() => {}); // nobody waits for it
  throw answersLater(name);
}

/** The same function, but what it throws names the algorithm. */
function naming<Inputs extends readonly unknown[], Output>(
  name: string,
  method: string,
  call: (...inputs: Inputs) => Output,
): (...inputs: Inputs) => Output {
  return (...inputs) => {
    try {
      return call(...inputs);
    } catch (error) {
      throw failure(name, method, error);
    }
  };
}

/** What the plug-in raised on purpose stands as it is; anything else is a fault of its code. */
function failure(name: string, method: string, cause: unknown): Error {
  if (cause instanceof OrionError) return cause;
  const error = cause instanceof Error ? cause : new Error(String(cause));
  // raised by the copy of orion that the plug-in imports, whose classes are not those here
  if ("remedy" in error) return new UsageError(error.message, error.remedy as string | undefined, { cause });
  return new UsageError(
    `The algorithm "${name}" failed in ${method}: ${error.name}: ${error.message}`,
    "The fault is in its code; `orion -vv` shows where.",
    { cause },
  );
}

function readSuggestion(name: string, space: Space, answer: unknown): Suggestion {
  const wrong = (fault: string, remedy = answers) =>
    new UsageError(`The algorithm "${name}" suggested ${show(answer)}, which cannot be used: ${fault}`, remedy);
  if (!isObject(answer)) throw wrong("it is not an object.");
  const { kind, params } = answer;
  if (kind === "wait" || kind === "done") return answer as unknown as Suggestion;
  if (kind !== "params") throw wrong(kind === undefined ? 'it has no "kind".' : `its "kind" is ${show(kind)}.`);
  if (!isObject(params)) throw wrong('it has no "params".');
  for (const property of ["parent", "claim"]) {
    const value = answer[property];
    if (value !== undefined && typeof value !== "string") throw wrong(`its "${property}" is not a string.`);
  }
  const fault = faultOfFacts(answer.facts);
  if (fault !== undefined) throw wrong(fault);
  try {
    return { ...answer, kind, params: checkParams(space, params as Params) };
  } catch (error) {
    throw error instanceof UsageError ? wrong(error.message, error.remedy) : error;
  }
}

/** They are stored, and whoever reads the history looks for facts of its own among them. */
function faultOfFacts(facts: unknown): string | undefined {
  if (facts === undefined) return undefined;
  if (!isObject(facts) || Array.isArray(facts)) return 'its "facts" is not an object.';
  try {
    JSON.stringify(facts);
    return undefined;
  } catch (error) {
    const [problem] = (error as Error).message.split("\n"); // of a circle it draws a picture
    return `its "facts" is not JSON: ${problem}.`;
  }
}

const answers = 'An answer is { kind: "params", params: { … } }, { kind: "wait" } or { kind: "done" }.';

function answersLater(name: string): Error {
  return new UsageError(
    `The algorithm "${name}" answers with a promise, which only one with basis "history" may.`,
    'Let it answer at once, or say basis: "history".',
  );
}

/** On one line; JSON would lose NaN and undefined. */
function show(value: unknown): string {
  const text = inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY, compact: true, maxArrayLength: 10 });
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}

const longest = 200;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof value.then === "function";
}

import { accessSync, closeSync, constants, existsSync, openSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { CommandEvaluation } from "./executor.js";
import { explainStartError, findsInterpreter } from "./start-error.js";

/** A full disk or a missing folder shows here, with its reason; the shell would only say 2. */
export function makeOutputFiles(evaluation: CommandEvaluation): void {
  try {
    for (const path of [evaluation.stdoutPath, evaluation.stderrPath]) closeSync(openSync(path, "a"));
  } catch (error) {
    throw explainStartError(error, evaluation);
  }
}

/**
 * Look for what would keep a command from starting on any machine that shares our files.
 *
 * @throws {EvaluationError} for a missing directory, output files that cannot be made, and words that are too long.
 */
export function refuseImpossible(evaluation: CommandEvaluation): void {
  const { argv, environment, directory } = evaluation;
  if (!existsSync(directory)) throw explainStartError({ code: "ENOENT", message: "" }, evaluation);
  const words = [...argv, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];
  if (words.some((word) => word.includes("\0"))) throw explainStartError({ code: "ERR_INVALID_ARG_VALUE" }, evaluation);
  const bytes = words.map((word) => Buffer.byteLength(word));
  const isTooLong = bytes.some((size) => size >= mostBytesOfWord) || bytes.reduce((a, b) => a + b, 0) > mostBytes;
  if (isTooLong) throw explainStartError({ code: "E2BIG" }, evaluation);
  makeOutputFiles(evaluation);
}

/** What Linux takes: `MAX_ARG_STRLEN`, and a quarter of the usual 8 MiB of stack. */
const mostBytesOfWord = 2 ** 17;
const mostBytes = 2 ** 21;

/** A word for a shell: nothing in it is interpreted. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A shell says 126 and 127 for programs that it could not start, but so may any program of its own. */
export function whyNotStarted({ argv, directory, environment }: CommandEvaluation): { code: string } | undefined {
  const [program] = argv;
  const places = program.includes("/")
    ? [resolve(directory, program)]
    : (environment.PATH ?? "").split(delimiter).map((folder) => join(resolve(directory, folder), program));
  const found = places.filter((path) => existsSync(path));
  if (found.length === 0) return { code: "ENOENT" };
  const executable = found.find((path) => isExecutable(path));
  if (executable === undefined) return { code: "EACCES" };
  return findsInterpreter(executable) ? undefined : { code: "ENOENT" };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { EvaluationError } from "../errors.js";
import type { CommandEvaluation } from "./executor.js";

/** Say why the system refused to start a command, and how to mend it. */
export function explainStartError(error: unknown, evaluation: CommandEvaluation): EvaluationError {
  const { code, message } = error as NodeJS.ErrnoException;
  const program = evaluation.argv[0];
  const explain: Explain = Object.hasOwn(explanations, code ?? "") ? explanations[code!]! : () => ({ what: message });
  const { what, remedy } = explain({ program, path: resolve(evaluation.directory, program), evaluation });
  return new EvaluationError(`The program ${JSON.stringify(program)} could not be started: ${what}.`, remedy, {
    cause: error,
  });
}

interface Explanation {
  readonly what: string;
  readonly remedy?: string;
}

interface Refused {
  /** As typed. */
  readonly program: string;
  /** Where it lies if it is no command of the PATH. */
  readonly path: string;
  readonly evaluation: CommandEvaluation;
}

type Explain = (refused: Refused) => Explanation;

const exhausted: Explain = () => ({
  what: "the system has no processes, memory or open files left",
  remedy: "Run fewer trials at once, or raise the limits: see `ulimit -a`.",
});

const explanations: Readonly<Record<string, Explain>> = {
  ENOENT: explainMissing,
  EACCES: explainForbidden,
  ENOEXEC: ({ program }) => ({
    what: "it is neither a script nor a program of this kind of machine (exec format error)",
    remedy: `If ${program} is a script, its first line must name its interpreter, e.g. #!/bin/sh.`,
  }),
  E2BIG: () => ({
    what: "its command line and environment are longer than the system allows",
    remedy: "Give long values in a configuration file of the script instead of on its command line.",
  }),
  ENOTDIR: ({ path }) => ({ what: `a part of the path ${JSON.stringify(path)} is not a directory` }),
  ERR_INVALID_ARG_VALUE: () => ({
    what: "a word of its command line or environment is empty where it must not be, or holds a NUL character",
  }),
  EAGAIN: exhausted,
  ENOMEM: exhausted,
  EMFILE: exhausted,
  ENFILE: exhausted,
};

function explainMissing({ program, path, evaluation }: Refused): Explanation {
  const { directory, stdoutPath, stderrPath } = evaluation;
  if (!existsSync(directory)) return { what: `its directory ${JSON.stringify(directory)} does not exist` };
  for (const file of [stdoutPath, stderrPath])
    if (!existsSync(resolve(file, ".."))) return { what: `the directory of ${JSON.stringify(file)} does not exist` };
  const isCommand = !program.includes("/");
  if (isCommand && existsSync(path))
    return { what: "no such command on the PATH", remedy: `For the file in this directory write ./${program}.` };
  if (isCommand)
    return { what: "no such command on the PATH", remedy: "Check its spelling, or give the path of the file." };
  if (!existsSync(path)) return { what: "there is no such file", remedy: `Check the path: ${path}` };
  return explainInterpreter(program, firstLine(path));
}

/** Of a script whose first line names an interpreter that is not there. */
export function explainInterpreter(program: string, line: string): Required<Explanation> {
  if (line.endsWith("\r"))
    return {
      what: "its lines end in the manner of Windows, so its interpreter is not found",
      remedy: `Convert it: sed -i 's/\\r$//' ${program}`,
    };
  return {
    what: `its interpreter does not exist; its first line is ${JSON.stringify(line)}`,
    remedy: "Install the interpreter, or correct the first line of the script.",
  };
}

/** False for a script whose first line names an interpreter that does not exist. */
export function findsInterpreter(path: string): boolean {
  const interpreter = /^#![ \t]*([^ \t]+)/.exec(firstLine(path))?.[1];
  return interpreter === undefined || existsSync(interpreter);
}

function explainForbidden({ program, path }: Refused): Explanation {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return { what: "it is a directory" };
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return { what: "it is not executable (permission denied)", remedy: `Make it executable: chmod +x ${program}` };
  }
  return {
    what: "permission denied",
    remedy: "Check the permissions of the file, of its interpreter and of the trial's directory.",
  };
}

/** Bytes of a file that `firstLine` reads. */
export const longestFirstLine = 200;

/** Of a file, without its line feed, cut after that. "" where it cannot be read. */
export function firstLine(path: string): string {
  const buffer = Buffer.alloc(longestFirstLine);
  try {
    const file = openSync(path, "r");
    try {
      return buffer.toString("utf8", 0, readSync(file, buffer)).split("\n")[0]!;
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

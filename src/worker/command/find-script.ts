import { basename, extname } from "node:path";
import { ConfigurationError } from "../../errors.js";
import { explainInterpreter, longestFirstLine } from "../../executors/start-error.js";
import type { CommandWorld } from "./command-world.js";
import { isOption } from "./option-words.js";

/** Programs that run a file named after them, without versions: `python3.11` is `python`. */
const interpreters = new Set(
  "python pypy node tsx ts-node bash sh dash zsh ksh fish Rscript ruby perl julia lua php octave tclsh pwsh".split(" "),
);

/** What a remedy suggests for a file that cannot be started by itself. */
const usualInterpreters: Readonly<Record<string, string>> = {
  ".py": "python",
  ".js": "node",
  ".mjs": "node",
  ".cjs": "node",
  ".R": "Rscript",
  ".jl": "julia",
  ".rb": "ruby",
  ".pl": "perl",
};

/**
 * Check that the command can be started, before anything is registered or run, and find its script: the first word, or
 * behind an interpreter the first word that is no option, when that is a file.
 *
 * @returns `words`, to the letter but for one case: a bare `train.py` that is no program on PATH but a file here becomes
 * `./train.py`, as starting a program does not look into the current directory.
 * @throws {ConfigurationError} when the program or script does not exist, is a directory, is not executable, or has no
 * interpreter here.
 */
export async function findScript(
  words: readonly string[],
  world: CommandWorld,
): Promise<{ readonly words: readonly string[]; readonly script?: string }> {
  const [typed, ...rest] = words;
  if (typed === undefined) {
    throw new ConfigurationError("No command was given.", "Write the program to tune after the options.");
  }
  const program = await findProgram(typed, world);
  const all = [program, ...rest];
  if (!isInterpreter(program)) return { words: all, script: program };
  const script = await findInterpreted(all, world);
  return script === undefined ? { words: all } : { words: all, script };
}

async function findProgram(word: string, world: CommandWorld): Promise<string> {
  const isBare = !word.includes("/");
  if (isBare && (await world.isOnPath(word))) return word;
  const path = isBare && word !== "" ? `./${word}` : word;
  const kind = word === "" ? undefined : await world.kindOf(path);
  if (kind === undefined || (kind === "directory" && isBare)) throw missing(word, world);
  if (kind === "directory") {
    throw new ConfigurationError(`The script "${word}" is a directory.`, "Name the program inside it.");
  }
  if (!(await world.isExecutable(path))) {
    throw new ConfigurationError(
      `The script "${word}" is not executable: permission denied.`,
      `Run "chmod +x ${path}", or put its interpreter in front: "${usualInterpreters[extname(path)] ?? "bash"} ${path}".`,
    );
  }
  await requireInterpreter(path, world);
  return path;
}

/**
 * `#!/bin/sh`, and `#!/usr/bin/env python3`, where it is `env` that looks for the interpreter on PATH. Not of a line so
 * long that its end is not known.
 */
async function requireInterpreter(path: string, world: CommandWorld): Promise<void> {
  const line = world.startsHere ? world.firstLine(path) : "";
  const [, interpreter, argument] =
    /^#![ \t]*([^ \t]+)(?:[ \t]+(?:-S[ \t]*)?([^ \t=/-][^ \t=/]*)(?=[ \t]|$))?/.exec(line) ?? [];
  if (interpreter === undefined || Buffer.byteLength(line) >= longestFirstLine) return;
  const isThere = (await world.kindOf(interpreter)) !== undefined;
  const isNamed = argument !== undefined && basename(interpreter) === "env";
  if (isThere && (!isNamed || (await world.isOnPath(argument)))) return;
  const { what, remedy } = explainInterpreter(path, line);
  throw new ConfigurationError(`The script "${path}" cannot be started: ${what}.`, remedy);
}

async function findInterpreted(words: readonly string[], world: CommandWorld): Promise<string | undefined> {
  const index = words.findIndex((word, position) => position > 0 && !isOption(word));
  const word = words[index];
  if (index < 1 || word === undefined) return undefined;
  if ((await world.kindOf(word)) !== undefined) return word;
  // Behind options it may be a module or a piece of code (`-m train`, `-c "…"`), and `node train` means train.js.
  if (index === 1 && extname(word) !== "") throw missing(word, world);
  return undefined;
}

export function isInterpreter(program: string): boolean {
  return interpreters.has(
    basename(program)
      .replace(/\.exe$/i, "")
      .replace(/[\d.]+$/, ""),
  );
}

function missing(word: string, { directory }: CommandWorld): ConfigurationError {
  const where = word.includes("/") ? "" : " and no program on PATH has this name";
  return new ConfigurationError(
    `The script "${word}" does not exist${where}.`,
    `Check its path; a relative one starts at ${directory}.`,
  );
}

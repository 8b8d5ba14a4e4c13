import { join } from "node:path";
import { Readable } from "node:stream";
import { exitCodeOf } from "../../src/cli/exit-codes.js";
import { runProgram } from "../../src/cli/program.js";
import { reportError } from "../../src/cli/report-error.js";
import { openStorage } from "../../src/storage/registry.js";
import type { NewExperiment, Storage } from "../../src/storage/storage.js";

/** What can be seen of a run from outside. */
interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** Home, current directory and place of the database. */
  readonly folder: string;
  /** What is typed. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isInteractive?: boolean;
  /** Columns of the terminal. */
  readonly width?: number;
}

/** Runs `orion` with these words in this process, as `orion.ts` does. The database is `orion.sqlite` in the folder. */
export async function runOrion(
  words: readonly string[],
  { folder, input = "", env, isInteractive, width = 80 }: RunOptions,
): Promise<Run> {
  let out = "";
  let err = "";
  const terminal = {
    env: { HOME: folder, ORION_STORAGE: urlIn(folder), ...env },
    directory: folder,
    stdin: Readable.from(input === "" ? [] : [input]),
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      err += text;
    },
    isInteractive: isInteractive ?? false,
    showsErrors: isInteractive ?? false,
    width: () => width,
    onStopSignal: () => () => {},
    exit: (code: number): never => {
      throw new Error(`the process would have ended with ${code}`);
    },
  };
  let place = "";
  try {
    const code = await runProgram(words, ({ verbosity, isDebug, ...globals }) => {
      place = globals.place;
      return { ...terminal, verbosity, isDebug };
    });
    return { code, out, err };
  } catch (error) {
    err += reportError(error, { isJson: words.includes("--json"), isVerbose: false, place });
    return { code: exitCodeOf(error), out, err };
  }
}

export function urlIn(folder: string): string {
  return `sqlite:${join(folder, "orion.sqlite")}`;
}

/** Fill the database of a folder. */
export async function seed<T>(folder: string, fill: (storage: Storage) => Promise<T>): Promise<T> {
  await using storage = await openStorage(urlIn(folder));
  return await fill(storage);
}

/** An experiment over `/x` and `/kind` that a command line could have defined. */
export function sketch(name: string, rest: Partial<NewExperiment> = {}): NewExperiment {
  return {
    name,
    maxTrials: Number.POSITIVE_INFINITY,
    maxBroken: 3,
    workingDir: "",
    definition: {
      space: { "/kind": "choices(['a', 'b'], default_value='b')", "/x": "uniform(-5, 5)" },
      algorithm: { name: "random", options: {} },
      seed: "4711",
      direction: "minimize",
      metadata: {
        user: "ada",
        datetime: "2031-04-02T10:00:00.000Z",
        orionVersion: "0.1.0",
        userArgs: ["./train.py", "-x~uniform(-5, 5)"],
      },
    },
    ...rest,
  };
}

/** Ids of 32 hex digits, easy to tell apart. */
export const idOf = (digit: string): string => digit.repeat(32);

/** A completed trial with this objective; its id repeats one digit. */
export function completed(digit: string, objective: number) {
  return {
    id: idOf(digit),
    params: { "/kind": "a", "/x": objective },
    workingDir: "",
    results: [{ name: "loss", type: "objective" as const, value: objective }],
  };
}

/** A trial that waits. */
export function waiting(digit: string) {
  return { id: idOf(digit), params: { "/kind": "b", "/x": 0.5 }, workingDir: "" };
}

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { atExit } from "../../at-exit.js";
import { ConfigurationError } from "../../errors.js";

/** A running program that answers each line on its standard input with a line on its standard output. */
export interface LineProgram extends Disposable {
  /** False once it has ended, or was given up. */
  readonly isAlive: boolean;
  /** Send a line, and wait for the next one that it prints. One question at a time. @throws {ConfigurationError} */
  ask(line: string): Promise<string>;
  /** Send a line that has no answer. */
  tell(line: string): void;
}

interface LineProgramOptions {
  /** The program and its arguments; no shell is between. */
  readonly command: readonly string[];
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

/**
 * Start a program. It lives in a process group of its own, so that Ctrl-C reaches the worker alone; it ends with this
 * process, since its standard input ends then, and it does not keep this process alive.
 */
export function startLineProgram({ command, timeoutMs }: LineProgramOptions): LineProgram {
  const [file, ...args] = command;
  const child = spawn(file!, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const running = { child, errors: "", failure: undefined as string | undefined };
  let waiting: Waiting | undefined;
  const fail = (what: string) => {
    running.failure ??= what;
    waiting?.reject(failure(command, running));
    waiting = undefined;
  };
  child.once("error", ({ message }) => fail(`cannot be started: ${message}`));
  child.once("exit", (code, signal) => {
    const end = () => fail(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    // What it printed before may still be under way; but one that it has started may hold its output open for ever.
    const timer = setTimeout(end, lastWordsMs).unref();
    child.once("close", () => {
      clearTimeout(timer);
      end();
    });
  });
  child.stdin.on("error", () => {}); // it ended first, which "exit" says
  child.stderr.on("data", (bytes) => {
    running.errors = (running.errors + bytes).slice(-lastErrors);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.trim() === "") return;
    waiting?.resolve(line);
    waiting = undefined;
  });
  child.once(
    "exit",
    atExit(() => killGroup(child)),
  );
  letGo(child);

  return {
    get isAlive() {
      return running.failure === undefined;
    },
    ask: (line) =>
      new Promise<string>((resolve, reject) => {
        if (running.failure !== undefined) return reject(failure(command, running));
        const timer = setTimeout(() => {
          fail(`did not answer within ${timeoutMs / 1000} seconds`);
          killGroup(child);
        }, timeoutMs);
        const done =
          <Value>(settle: (value: Value) => void) =>
          (value: Value) => {
            clearTimeout(timer);
            settle(value);
          };
        waiting = { resolve: done(resolve), reject: done(reject) };
        child.stdin.write(`${line}\n`);
      }),
    tell: (line) => {
      if (running.failure === undefined) child.stdin.write(`${line}\n`);
    },
    [Symbol.dispose]: () => {
      running.failure ??= "was let go";
      killGroup(child);
    },
  };
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** How long the output of a program that has ended is read. */
const lastWordsMs = 1000;
/** Characters of standard error that are kept. */
const lastErrors = 2000;

/** What happened and its last word in one line; where it said more, that stands line by line in front of the remedy. */
function failure(
  command: readonly string[],
  { errors, failure: what }: { errors: string; failure: string | undefined },
) {
  const lines = errors.trimEnd().split("\n").slice(-5);
  const last = lines.at(-1)!.trim();
  return new ConfigurationError(
    `The algorithm's program ${JSON.stringify(command.join(" "))} ${what}${last === "" ? "." : `; it said: ${last}`}`,
    `${lines.length > 1 ? `It said:\n${lines.join("\n")}\n` : ""}Start it by hand and give it a line: ` +
      "docs/external-algorithms.md has one of each kind.",
  );
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Neither the process nor its pipes keep this process alive; an answer that is waited for does, by its timer. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    (stream as unknown as { unref?(): void } | null)?.unref?.();
  }
}

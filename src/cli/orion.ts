import { UsageError } from "../errors.js";
import { exitCodeOf } from "./exit-codes.js";
import { openLog } from "./open-log.js";
import { outlivesTerminal } from "./outlives-terminal.js";
import { type GlobalOptions, runProgram } from "./program.js";
import { reportError } from "./report-error.js";
import type { Terminal } from "./terminal.js";
import { watchOutput } from "./watch-output.js";

const words = process.argv.slice(2);

const output = watchOutput({ process });
const ignoresHangup = outlivesTerminal();

/** How to report an error: a guess, until the options are read. */
let isJson = words.includes("--json");
let isVerbose = false;
let place = "";
/** Where the log goes besides, if there is one. */
let log: (text: string) => void = () => {};

function openTerminal({ verbosity, isDebug, logdir, ...globals }: GlobalOptions): Terminal {
  ({ isJson, place } = globals);
  isVerbose = verbosity >= 2;
  const toStderr = (text: string) => void process.stderr.write(text);
  if (logdir !== undefined) log = openLog(logdir, process.pid);
  return {
    env: process.env,
    directory: currentDirectory(),
    // When somebody reads it: opening it takes milliseconds.
    get stdin() {
      return process.stdin;
    },
    out: (text) => void (output.isLost() || process.stdout.write(text)),
    error: logdir === undefined ? toStderr : log,
    isInteractive: process.stdout.isTTY === true,
    showsErrors: process.stderr.isTTY === true && logdir === undefined,
    width: () => process.stdout.columns || Number(process.env.COLUMNS) || 80,
    verbosity,
    isDebug,
    onStopSignal: (handler) => {
      const signals = ["SIGINT", "SIGTERM", ...(ignoresHangup ? [] : ["SIGHUP" as const])] as const;
      for (const signal of signals) process.on(signal, handler);
      const onLost = () => handler("SIGPIPE");
      output.onLost(onLost);
      return () => {
        for (const signal of signals) process.off(signal, handler);
        output.onLost(undefined);
      };
    },
    exit: (code) => process.exit(code),
  };
}

/** @throws {UsageError} when somebody has removed it, or made it anew: the shell is still in the old one. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new UsageError(
      "The current directory is not there any more.",
      'Change to one that is; if it was created again, `cd "$PWD"` does.',
      { cause },
    );
  }
}

async function main(): Promise<void> {
  // Batch systems send it as a warning; Node would open a debugger that everybody on the machine can talk to.
  process.on("SIGUSR1", () => {});
  if (ignoresHangup) process.on("SIGHUP", () => {});
  try {
    process.exitCode = await runProgram(words, openTerminal);
  } catch (error) {
    const report = reportError(error, { isJson, isVerbose, place });
    process.stderr.write(report);
    log(report);
    process.exitCode = exitCodeOf(error);
  }
}

void main();

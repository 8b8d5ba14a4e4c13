#!/usr/bin/env node
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { exitCodeOf } from "./exit-codes.js";
import { type GlobalOptions, runProgram } from "./program.js";
import { reportError } from "./report-error.js";
import type { Terminal } from "./terminal.js";

const words = process.argv.slice(2);

// A reader that went away (`orion status | head -1`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

function openTerminal({ verbosity, isDebug, logdir }: GlobalOptions): Terminal {
  let log: (text: string) => void = (text) => void process.stderr.write(text);
  if (logdir !== undefined) {
    mkdirSync(logdir, { recursive: true });
    const file = createWriteStream(join(logdir, `orion_${process.pid}.log`), { flags: "a" });
    log = (text) => void file.write(text);
  }
  return {
    env: process.env,
    directory: process.cwd(),
    stdin: process.stdin,
    out: (text) => void process.stdout.write(text),
    error: log,
    isInteractive: process.stdout.isTTY === true,
    width: () => process.stdout.columns || Number(process.env.COLUMNS) || 80,
    verbosity,
    isDebug,
    onStopSignal: (handler) => {
      const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
      for (const signal of signals) process.on(signal, handler);
      return () => {
        for (const signal of signals) process.off(signal, handler);
      };
    },
    exit: (code) => process.exit(code),
  };
}

async function main(): Promise<void> {
  try {
    process.exitCode = await runProgram(words, openTerminal);
  } catch (error) {
    process.stderr.write(reportError(error, { isJson: words.includes("--json"), isVerbose: words[0] === "-vv" }));
    process.exitCode = exitCodeOf(error);
  }
}

void main();

import { constants } from "node:os";
import type { Outcome } from "./executor.js";

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [128 + number, name]));

/** What an exit code says; 128 + n is the convention of shells for a program that signal n ended. */
export function outcomeOf(exitCode: number): Outcome {
  return { exitCode, signal: signalNames.get(exitCode) };
}

export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

import { describe } from "vitest";
import { type ExecutorUnderTest, executorBench } from "./executor-bench.js";
import { commandPromises } from "./executor-commands.js";
import { functionPromises } from "./executor-functions.js";

/**
 * Every promise of `Executor`, stated once for all executors. Needs a POSIX system with `/bin/sh`; the executor must
 * run its programs on this machine, or on one that shares its files and processes.
 */
export function executorContract(name: string, underTest: ExecutorUnderTest): void {
  describe(`${name} keeps the contract of an executor`, () => {
    const bench = executorBench(underTest);
    describe("for commands:", () => commandPromises(bench));
    describe("for functions:", () => functionPromises(bench));
  });
}

import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Executor, ExecutorModule } from "../executors/executor.js";
import { checkExecutor, openExecutor, resolveExecutor } from "../executors/registry.js";

export interface ExecutorUnderTest {
  readonly module: ExecutorModule;
  /** Its options. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Promises that it cannot keep, each by its title and with the reason. One that names no promise fails. */
  readonly exempt?: readonly { readonly promise: string; readonly reason: string }[];
}

/** What the suites are written with. */
export interface ExecutorBench {
  readonly module: ExecutorModule;
  readonly promise: (title: string, test: () => Promise<void>) => void;
  /** An executor and a folder, both gone after the test. */
  readonly open: (settings?: OpenSettings) => Promise<OpenExecutor>;
}

interface OpenSettings {
  /** 2 unless said. */
  readonly nWorkers?: number;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

interface OpenExecutor {
  readonly executor: Executor;
  readonly folder: string;
  readonly read: (file: string) => string;
}

/** To be called inside of `describe`. */
export function executorBench({ module, configuration = {}, exempt = [] }: ExecutorUnderTest): ExecutorBench {
  const titles: string[] = [];
  const opened: Executor[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const executor of opened.splice(0)) await executor.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  it("every exemption names a promise", () => {
    expect(exempt.filter(({ promise }) => !titles.includes(promise))).toEqual([]);
  });

  return {
    module,
    promise: (title, test) => {
      titles.push(title);
      const exemption = exempt.find(({ promise }) => promise === title);
      if (exemption === undefined) it(title, test);
      else it.skip(`${title} (exempt: ${exemption.reason})`, test);
    },
    open: async ({ nWorkers = 2, configuration: more = {} } = {}) => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), "orion-executor-")));
      folders.push(folder);
      const resolved = await resolveExecutor({ executor: module, configuration: { ...configuration, ...more } });
      const opening = { nWorkers, directory: join(folder, "shared") };
      await checkExecutor(resolved, opening);
      const executor = await openExecutor(resolved, opening);
      opened.push(executor);
      return { executor, folder, read: (file) => readFileSync(join(folder, file), "utf8") };
    },
  };
}

export const patience = { timeout: 20_000, interval: 5 };

/** False for a zombie too: it runs no more. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return !existsSync("/proc/self/stat"); // no /proc: believe the signal; else it is gone meanwhile
  }
}

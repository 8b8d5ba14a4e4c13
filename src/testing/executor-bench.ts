import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import type { Executor, ExecutorModule } from "../executors/executor.js";
import { checkExecutor, openExecutor, resolveExecutor } from "../executors/registry.js";

export interface ExecutorUnderTest {
  readonly module: ExecutorModule;
  /** Its options. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Promises that it cannot keep, each by its title and with the reason. One that names no promise fails. */
  readonly exempt?: readonly { readonly promise: string; readonly reason: string }[];
  /** True where opening takes long: then one executor serves all promises but those that close it. */
  readonly isSlowToOpen?: boolean;
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
  /** It is going to be closed. */
  readonly isOwn?: boolean;
}

interface OpenExecutor {
  readonly executor: Executor;
  readonly folder: string;
  readonly read: (file: string) => string;
}

/** To be called inside of `describe`. */
export function executorBench({
  module,
  configuration = {},
  exempt = [],
  isSlowToOpen = false,
}: ExecutorUnderTest): ExecutorBench {
  const titles: string[] = [];
  const opened: Executor[] = [];
  const shared = new Map<string, Executor>();
  const folders: string[] = [];
  const makeFolder = () => realpathSync(mkdtempSync(join(tmpdir(), "orion-executor-")));
  const sharedFolder = makeFolder();
  const remove = (folder: string) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  afterEach(async () => {
    for (const executor of opened.splice(0)) await executor.close();
    for (const folder of folders.splice(0)) remove(folder);
  });
  afterAll(async () => {
    for (const executor of shared.values()) await executor.close();
    remove(sharedFolder);
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
    open: async ({ nWorkers = 2, configuration: more = {}, isOwn = false } = {}) => {
      const folder = makeFolder();
      folders.push(folder);
      const isShared = isSlowToOpen && !isOwn;
      const key = JSON.stringify(more);
      const known = isShared ? shared.get(key) : undefined;
      const read = (file: string) => readFileSync(join(folder, file), "utf8");
      if (known !== undefined) return { executor: known, folder, read };
      const resolved = await resolveExecutor({ executor: module, configuration: { ...configuration, ...more } });
      const opening = { nWorkers, directory: join(isShared ? sharedFolder : folder, "shared") };
      await checkExecutor(resolved, opening);
      const executor = await openExecutor(resolved, opening);
      if (isShared) shared.set(key, executor);
      else opened.push(executor);
      return { executor, folder, read };
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

import { inspect } from "node:util";
import { isMapping } from "../config/mapping.js";
import { UsageError } from "../errors.js";
import { refuseClosure } from "../executors/closures.js";
import type { Executor, ExecutorModule } from "../executors/executor.js";
import { checkExecutor, openExecutor, type ResolvedExecutor, resolveExecutor } from "../executors/registry.js";

/** Where evaluations run: the name of an executor, alone or with its configuration, or one of one's own. */
export type ExecutorChoice = string | ConfiguredExecutor | ExecutorModule;

export interface ConfiguredExecutor {
  readonly name: string;
  /** Options of the executor. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** What an executor is wanted for. */
export interface ExecutorUse {
  /** Evaluations at a time. */
  readonly nWorkers: number;
  readonly kind: "closure" | "module";
}

/** Keeps executors open from one use to the next, as starting them may take long. */
export interface Executors extends AsyncDisposable {
  /**
   * Lend one that nobody uses, else a new one: calls that share one would wait for the places of each other, and one that
   * is called by another for ever.
   * @throws {UsageError} for a closure where none can run.
   */
  lend(use: ExecutorUse): Promise<LentExecutor>;
}

/** To be disposed of when it is used no more; it stays open for the next. */
export interface LentExecutor extends Disposable {
  readonly executor: Executor;
}

/** What runs functions where nobody chose: modules can run in processes of their own, closures only here. */
const defaults = { closure: "inline", module: "processes" } as const;

/** @throws {UsageError} for what is no choice of an executor. */
export function keepExecutors(choice: ExecutorChoice | undefined): Executors {
  requireExecutorChoice(choice);
  const kept = new Set<Promise<Executor>>();
  const idle = new Map<string, Promise<Executor>[]>();
  return {
    lend: async (use) => {
      const resolved = await resolveChosen(choice ?? defaults[use.kind]);
      if (use.kind === "closure" && !resolved.module.takesClosures) return refuseClosure(resolved.name);
      const key = choice === undefined ? `${use.nWorkers} ${use.kind}` : String(use.nWorkers);
      const free = idle.get(key) ?? [];
      idle.set(key, free);
      const opening = free.pop() ?? openChosen(resolved, use.nWorkers);
      kept.add(opening);
      opening.catch(() => kept.delete(opening)); // it may work the next time
      return { executor: await opening, [Symbol.dispose]: () => void free.push(opening) };
    },
    [Symbol.asyncDispose]: async () => {
      const opened = await Promise.allSettled(kept);
      kept.clear();
      idle.clear();
      await Promise.all(opened.map((one) => (one.status === "fulfilled" ? one.value.close() : undefined)));
    },
  };
}

/**
 * @throws {UnknownNameError} listing the executors that exist.
 * @throws {UsageError} for an option that it does not have.
 */
function resolveChosen(choice: ExecutorChoice): Promise<ResolvedExecutor> {
  if (!isConfigured(choice)) return resolveExecutor({ executor: choice });
  return resolveExecutor({ executor: choice.name, configuration: choice.configuration ?? {} });
}

/** @throws {ConfigurationError} when it cannot work here, with what is missing. */
async function openChosen(resolved: ResolvedExecutor, nWorkers: number): Promise<Executor> {
  await checkExecutor(resolved, { nWorkers });
  return openExecutor(resolved, { nWorkers });
}

/** @throws {UsageError} for what is no choice of an executor. */
export function requireExecutorChoice(choice: unknown): void {
  if (choice === undefined || typeof choice === "string") return;
  const { open, name, configuration = {}, ...others } = (choice ?? {}) as Partial<ExecutorModule & ConfiguredExecutor>;
  if (typeof open === "function") return;
  if (typeof name === "string" && isMapping(configuration) && Object.keys(others).length === 0) return;
  throw new UsageError(
    `The executor is ${inspect(choice)}.`,
    `Give a name, as "threads", or { name, configuration }, or one of your own, with open().`,
  );
}

function isConfigured(choice: ExecutorChoice): choice is ConfiguredExecutor {
  return typeof choice === "object" && !("open" in choice);
}

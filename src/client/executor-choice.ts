import type { Executor, ExecutorModule } from "../executors/executor.js";
import { resolveExecutor } from "../executors/registry.js";

/** Where evaluations run: the name of an executor, alone or with its configuration, or one of one's own. */
export type ExecutorChoice = string | ConfiguredExecutor | ExecutorModule;

export interface ConfiguredExecutor {
  readonly name: string;
  /** Options of the executor. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Keeps one executor open from one use to the next, as starting it may take long. */
export interface ExecutorKeeper extends AsyncDisposable {
  /** The executor of this choice for so many evaluations at a time; another one that is open is closed first. */
  open(choice: ExecutorChoice, nWorkers: number): Promise<Executor>;
}

export function keepExecutor(): ExecutorKeeper {
  let kept: { readonly choice: ExecutorChoice; readonly nWorkers: number; readonly executor: Executor } | undefined;
  const close = async () => {
    const { executor } = kept ?? {};
    kept = undefined;
    await executor?.close();
  };
  return {
    open: async (choice, nWorkers) => {
      if (kept?.choice === choice && kept.nWorkers === nWorkers) return kept.executor;
      await close();
      const executor = await openExecutor(choice);
      kept = { choice, nWorkers, executor };
      return executor;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** @throws {UnknownNameError} listing the executors that exist. */
async function openExecutor(choice: ExecutorChoice): Promise<Executor> {
  const module = await resolveExecutor(isConfigured(choice) ? choice.name : choice);
  return module.open();
}

function isConfigured(choice: ExecutorChoice): choice is ConfiguredExecutor {
  return typeof choice === "object" && !("open" in choice);
}

import { loadNamed, type Registry } from "../registry.js";
import type { ExecutorModule } from "./executor.js";

/** Executors by name. */
export const executors = {
  inline: () => import("./inline.js"),
} satisfies Registry<ExecutorModule>;

/**
 * Names under which users know local executors elsewhere. For a command they are all the same thing: it is a process
 * of its own whatever starts it, and how many run at once is the worker's affair (`n_workers`).
 */
export const executorAliases = {
  single: "inline",
  singleexecutor: "inline",
  poolexecutor: "inline",
  joblib: "inline",
  loky: "inline",
  processes: "inline",
  threads: "inline",
} as const satisfies Readonly<Record<string, keyof typeof executors>>;

/**
 * The executor of that name (case does not matter), or the one that was handed in.
 *
 * @throws {UnknownNameError} listing the names that exist.
 */
export async function resolveExecutor(choice: string | ExecutorModule): Promise<ExecutorModule> {
  if (typeof choice !== "string") return choice;
  const { module } = await loadNamed<ExecutorModule>("executor", executors, choice, executorAliases);
  return module;
}

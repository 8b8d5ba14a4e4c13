import { homedir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../errors.js";
import { loadNamed, type Registry } from "../registry.js";
import type { Executor, ExecutorModule, ExecutorSettings } from "./executor.js";
import { readOptions } from "./options.js";
import { supervise } from "./supervise.js";

/** Executors by name. */
export const executors = {
  dask: () => import("./dask.js"),
  inline: () => import("./inline.js"),
  processes: () => import("./processes.js"),
  ray: () => import("./ray.js"),
  slurm: () => import("./slurm.js"),
  threads: () => import("./threads.js"),
} satisfies Registry<ExecutorModule>;

/** What users of other programs write, and what it is here. */
interface Alias {
  /** When the option `backend` is not given. */
  readonly name: string;
  /** The values of `backend`, which is no option of ours. */
  readonly backends?: Readonly<Record<string, string>>;
}

const poolBackends = {
  multiprocess: "processes",
  multiprocessing: "processes",
  loky: "processes",
  thread: "threads",
  threads: "threads",
  threading: "threads",
};

/** Names under which users know executors elsewhere. */
export const executorAliases: Readonly<Record<string, Alias>> = {
  single: { name: "inline" },
  singleexecutor: { name: "inline" },
  joblib: { name: "processes", backends: poolBackends },
  loky: { name: "processes" },
  pool: { name: "processes", backends: poolBackends },
  poolexecutor: { name: "processes", backends: poolBackends },
};

/** An executor as a user names it; a module that is at hand may stand in place of a name. */
export interface ExecutorChoice {
  readonly executor: string | ExecutorModule;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** An executor whose options are known to be right. */
export interface ResolvedExecutor {
  /** As registered: `processes` for `joblib`. */
  readonly name: string;
  readonly module: ExecutorModule;
  readonly configuration: ExecutorSettings["configuration"];
}

/**
 * Load the executor that a user chose (case does not matter) and check its options.
 *
 * @throws {UnknownNameError} listing the names that exist.
 * @throws {UsageError} for an option or a value that it does not take, listing those that it does.
 */
export async function resolveExecutor({ executor, configuration = {} }: ExecutorChoice): Promise<ResolvedExecutor> {
  if (typeof executor !== "string") {
    const name = "of your own";
    return { name, module: executor, configuration: readOptions({ name, module: executor, configuration }) };
  }
  const { canonical, options } = translate(executor.trim(), configuration);
  const { name, module } = await loadNamed<ExecutorModule>("executor", executors, canonical);
  return { name, module, configuration: readOptions({ name, module, configuration: options }) };
}

/** Look whether it can work here. @throws {ConfigurationError} saying what is missing and how to get it */
export async function checkExecutor(resolved: ResolvedExecutor, opening: ExecutorOpening = {}): Promise<void> {
  await resolved.module.check?.(settingsOf(resolved, opening));
}

export interface ExecutorOpening {
  /** Functions that may run at the same time; 1 when absent. */
  readonly nWorkers?: number | undefined;
  /** For files that it shares with its machines; below the user's cache directory when absent. */
  readonly directory?: string | undefined;
  /** What functions find in their environment on another machine; a usual `PATH` when absent. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Open it; time limits are kept, and what it loses is run again, as its options say. The caller closes it. */
export async function openExecutor(resolved: ResolvedExecutor, opening: ExecutorOpening = {}): Promise<Executor> {
  const executor = await resolved.module.open(settingsOf(resolved, opening));
  const { retries } = resolved.configuration;
  return supervise(executor, typeof retries === "number" ? retries : 0);
}

function settingsOf({ configuration }: ResolvedExecutor, opening: ExecutorOpening): ExecutorSettings {
  const { nWorkers, directory, environment } = opening;
  return {
    nWorkers: nWorkers ?? 1,
    configuration,
    environment: environment ?? { PATH: "/usr/local/bin:/usr/bin:/bin" },
    directory: directory ?? join(homedir(), ".cache", "orion", "executors"),
  };
}

function translate(typed: string, configuration: Readonly<Record<string, unknown>>) {
  const alias = Object.hasOwn(executorAliases, typed.toLowerCase()) ? executorAliases[typed.toLowerCase()] : undefined;
  if (alias === undefined) return { canonical: typed, options: configuration };
  const { backend, ...options } = configuration;
  if (alias.backends === undefined || backend === undefined || backend === null)
    return { canonical: alias.name, options: configuration };
  const meant = String(backend).toLowerCase();
  if (Object.hasOwn(alias.backends, meant)) return { canonical: alias.backends[meant]!, options };
  throw new UsageError(
    `The executor "${typed}" has no backend ${JSON.stringify(backend)}.`,
    `Its backends: ${Object.keys(alias.backends).sort().join(", ")}.`,
  );
}

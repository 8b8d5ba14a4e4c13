import type { Configuration } from "../../config/configuration.js";
import { CommandLineError, OrionError, UsageError } from "../../errors.js";
import { type ResolvedExecutor, resolveExecutor } from "../../executors/registry.js";
import type { HuntOptions } from "./hunt-options.js";

/**
 * The executor that the command line, a file or a variable names, with its options.
 *
 * @throws {UsageError} for an unknown one, or a wrong option; a `CommandLineError` where it was typed. The message says who
 *   gave it.
 */
export async function chooseExecutor(configuration: Configuration, options: HuntOptions): Promise<ResolvedExecutor> {
  const executor = configuration.pick("worker.executor", { commandLine: options.executor });
  const picked = configuration.pick("worker.executor_configuration", { commandLine: options.executorConfiguration });
  const { value: lower } = configuration.pick("worker.executor");
  // The options of one executor mean nothing to another.
  const isOther = options.executor !== undefined && options.executor.toLowerCase() !== lower.toLowerCase();
  const value =
    isOther && configuration.pick("worker.executor").origin !== "default"
      ? options.executorConfiguration
      : picked.value;
  try {
    return await resolveExecutor({ executor: executor.value, configuration: value ?? {} });
  } catch (error) {
    if (!(error instanceof OrionError)) throw error;
    const given = [executor, picked].filter(({ origin }) => origin !== "default");
    const sources = given.map(({ source }) => source);
    const isTyped = given.some(({ origin }) => origin === "command-line");
    throw new (isTyped ? CommandLineError : UsageError)(
      `${error.message.replace(/\.$/, "")} (${[...new Set(sources)].join("; ")}).`,
      error.commandRemedy,
      {
        cause: error,
      },
    );
  }
}

import { ConfigurationError } from "../../errors.js";
import { fileTrouble } from "../../file-trouble.js";

/** Write what the machines of the cluster share. @throws {ConfigurationError} naming the folder, if it cannot be done */
export function inSharedFolder<T>(folder: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw new ConfigurationError(
      `The folder "${folder}" for the jobs of Slurm cannot be written to: ${fileTrouble(cause)}.`,
      "Make room or make it writable, or name another one with --executor-configuration directory=/path.",
      { cause },
    );
  }
}

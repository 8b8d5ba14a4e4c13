import { UsageError } from "../errors.js";

/** A function without a name in a module exists in this process alone. @throws {UsageError} always */
export function refuseClosure(executor: string): never {
  throw new UsageError(
    `The executor "${executor}" cannot run a function of this process, since it runs elsewhere.`,
    'Export the function from a module and give that: workon(new URL("./objective.js", import.meta.url), …). Or use inline.',
  );
}

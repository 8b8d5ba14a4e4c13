import { UsageError } from "../errors.js";
import type { ExecutorModule, ExecutorOption } from "./executor.js";

interface Range {
  readonly default: number | undefined;
  readonly from: number;
  readonly doc: string;
}

/** A whole number from `from`. */
export function count({ default: value, from, doc }: Range): ExecutorOption {
  return {
    default: value,
    expected: `a whole number from ${from}`,
    accepts: (given) => Number.isSafeInteger(given) && (given as number) >= from,
    doc,
  };
}

/** A duration in seconds. */
export function seconds({ default: value, from, doc }: Range): ExecutorOption {
  return {
    default: value,
    expected: `a number of seconds from ${from}`,
    accepts: (given) => typeof given === "number" && Number.isFinite(given) && given >= from,
    doc,
  };
}

/** A text that is not empty. */
export function text({ default: value, doc }: { readonly default: string | undefined; readonly doc: string }) {
  return {
    default: value,
    expected: "a text",
    accepts: (given: unknown) => typeof given === "string" && given.trim() !== "",
    doc,
  } satisfies ExecutorOption;
}

/** How often an evaluation is run again when what ran it was lost; the option of every cluster. */
export const retries = count({
  default: 2,
  from: 0,
  doc: "How often an evaluation is run again if the cluster lost it; after that its trial is broken.",
});

export interface GivenOptions {
  /** Of the executor, for messages. */
  readonly name: string;
  readonly module: Pick<ExecutorModule, "options" | "passesOptionsTo">;
  /** As the user wrote them. Null counts as not given. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * All options of an executor, defaults filled in.
 *
 * @throws {UsageError} for an option that it does not have, listing those that it has, and for a value of another kind.
 */
export function readOptions({ name, module, configuration }: GivenOptions): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(module.options)) read[key] = option.default;
  for (const [key, value] of Object.entries(configuration)) {
    if (value === null || value === undefined) continue;
    const option = Object.hasOwn(module.options, key) ? module.options[key] : undefined;
    if (option === undefined && module.passesOptionsTo === undefined) throw unknownOption(name, key, module);
    if (option?.accepts(value) === false) {
      throw new UsageError(
        `The option "${key}" of the executor "${name}" must be ${option.expected}, not ${JSON.stringify(value)}.`,
        {
          command: `For example --executor-configuration ${key}=${JSON.stringify(option.default ?? "VALUE")}. ${option.doc}`,
          program: `For example configuration: { ${key}: ${JSON.stringify(option.default ?? "VALUE")} }. ${option.doc}`,
        },
      );
    }
    read[key] = value;
  }
  return read;
}

function unknownOption(name: string, key: string, { options }: Pick<ExecutorModule, "options">): UsageError {
  const known = Object.keys(options).sort().join(", ");
  return new UsageError(
    `The executor "${name}" has no option "${key}".`,
    known === "" ? "It has none." : `Its options: ${known}.`,
  );
}

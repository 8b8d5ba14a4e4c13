import { UsageError } from "../errors.js";

/** A part of an algorithm that a configuration names, with options of its own. */
export interface Named {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Read `Name`, `{of_type: Name, …}` or `{Name: {…}}`.
 *
 * @param where - For error messages: `tpe: parallel_strategy`.
 * @param example - A name that is right there.
 * @throws {UsageError} for anything else.
 */
export function readNamed(
  configuration: unknown,
  { where, example }: { readonly where: string; readonly example: string },
): Named {
  if (typeof configuration === "string") return { name: configuration, options: {} };
  if (isRecord(configuration)) {
    const { of_type: type, ...options } = configuration;
    if (typeof type === "string") return { name: type, options };
    const [entry, ...others] = Object.entries(configuration);
    const inner = entry?.[1] ?? {};
    if (entry !== undefined && others.length === 0 && isRecord(inner)) return { name: entry[0], options: inner };
  }
  throw new UsageError(
    `${where} is ${JSON.stringify(configuration)}.`,
    `Give a name, or {"of_type": name, …} with its options: for example "${example}".`,
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

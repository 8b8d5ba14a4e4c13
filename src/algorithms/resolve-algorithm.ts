import { UsageError } from "../errors.js";
import { loadNamed } from "../registry.js";
import type { Space } from "../space/dimension.js";
import type { Algorithm } from "./algorithm.js";
import { algorithmAliases, algorithms } from "./registry.js";
import { seedText } from "./seed.js";

/** An algorithm as a user names it: options as given, or none. */
export interface NamedAlgorithm {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An algorithm that is known to serve a space with these options. */
export interface ResolvedAlgorithm {
  /** As registered: `gridsearch` for `Grid`. */
  readonly name: string;
  readonly algorithm: Algorithm;
  /** All of them, defaults and `seed` filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The user's seed as the text that keys everything, or `undefined` when one is to be drawn. */
  readonly seed: string | undefined;
}

/**
 * Load the algorithm that a user chose and check it against the space.
 *
 * @throws {UnknownNameError} listing the algorithms that exist.
 * @throws {UsageError} for unknown or wrong options, or a space that the algorithm cannot serve.
 */
export async function resolveAlgorithm(choice: NamedAlgorithm, space: Space): Promise<ResolvedAlgorithm> {
  const { name, module } = await loadNamed<Algorithm>("algorithm", algorithms, choice.name, algorithmAliases);
  return configureAlgorithm(module, { name, options: choice.options ?? {}, space });
}

export interface Configuration {
  /** For error messages. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly space: Space;
}

/** The same for an algorithm that is at hand, for instance one that is not registered. @throws {UsageError} */
export function configureAlgorithm(algorithm: Algorithm, { name, options, space }: Configuration): ResolvedAlgorithm {
  const defaults = { seed: null, ...algorithm.defaults };
  refuseUnknownOptions(name, { given: Object.keys(options), known: Object.keys(defaults) });
  if (algorithm.requires.fidelity) requireFidelity(name, space);
  const complete = { ...defaults, ...options };
  const seed = seedText(complete.seed);
  algorithm.check?.(complete, space);
  return { name, algorithm, options: complete, seed };
}

function refuseUnknownOptions(
  name: string,
  { given, known }: { given: readonly string[]; known: readonly string[] },
): void {
  const unknown = given.find((option) => !known.includes(option));
  if (unknown === undefined) return;
  throw new UsageError(
    `The algorithm "${name}" has no option "${unknown}".`,
    `Its options: ${[...known].sort().join(", ")}.`,
  );
}

function requireFidelity(name: string, space: Space): void {
  if (space.dimensions.some(({ type }) => type === "fidelity")) return;
  const names = space.dimensions.map((dimension) => dimension.name).join(", ");
  throw new UsageError(
    `The algorithm "${name}" needs a fidelity, and the space has none: ${names}.`,
    "Add a dimension that says how long to train, e.g. --epochs~'fidelity(1, 100)'.",
  );
}

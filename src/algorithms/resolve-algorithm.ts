import { UnknownNameError, UsageError } from "../errors.js";
import { loadNamed } from "../registry.js";
import type { Space } from "../space/dimension.js";
import type { Algorithm } from "./algorithm.js";
import { guardPlugIn } from "./guard-plug-in.js";
import { faultOf, loadPlugIn } from "./plug-in.js";
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
  /** What the user should know of this choice. */
  readonly notes: readonly string[];
}

/** Where algorithms may come from besides the registry. */
export interface AlgorithmSources {
  /** Where the user is: plug-ins are looked for from here. Without it there are none. */
  readonly directory?: string;
  /** Algorithms that a program has at hand, by their `name`. They come before all others. */
  readonly atHand?: readonly Algorithm[];
}

/**
 * Load the algorithm that a user chose and check it against the space.
 *
 * @throws {UnknownNameError} listing the algorithms that exist.
 * @throws {UsageError} for unknown or wrong options, a space that the algorithm cannot serve, or a plug-in that is none.
 */
export async function resolveAlgorithm(
  choice: NamedAlgorithm,
  space: Space,
  sources: AlgorithmSources = {},
): Promise<ResolvedAlgorithm> {
  const { name, module } = await findAlgorithm(choice.name, sources);
  return configureAlgorithm(module, { name, options: choice.options ?? {}, space });
}

async function findAlgorithm(name: string, { directory, atHand = [] }: AlgorithmSources) {
  const own = atHand.find((algorithm) => algorithm.name === name);
  if (own !== undefined) return { name, module: guardPlugIn(name, own) };
  try {
    return await loadNamed<Algorithm>("algorithm", algorithms, name, algorithmAliases);
  } catch (error) {
    if (!(error instanceof UnknownNameError)) throw error;
    const module = directory === undefined ? undefined : await loadPlugIn(name, directory);
    if (module !== undefined) return { name, module: guardPlugIn(name, module) };
    throw new UnknownNameError("algorithm", name, Object.keys(algorithms), plugInHint(name, directory));
  }
}

function plugInHint(name: string, directory: string | undefined): string {
  if (directory === undefined) return "";
  if (/^\.{0,2}\//.test(name)) return `There is no such file, seen from ${directory}.`;
  return "One of your own is an npm package that is installed where you are, or a file such as ./mine.js.";
}

/** True for an algorithm that is handed over: a choice by name has options where it has its function. */
export function isAlgorithm(choice: unknown): choice is Algorithm {
  return typeof choice === "object" && choice !== null && "suggest" in choice && typeof choice.suggest === "function";
}

/**
 * How an algorithm that a program has at hand is stored. Another worker finds it by this name: among those that it has
 * at hand itself, or as a plug-in.
 *
 * @throws {UsageError} when it is no algorithm, or has no name.
 */
export function nameOfAlgorithm(algorithm: Algorithm): string {
  const fault = faultOf(algorithm);
  if (fault !== undefined) throw new UsageError(`What was given as the algorithm is not one: ${fault}.`);
  if (algorithm.name !== undefined && algorithm.name !== "") return algorithm.name;
  throw new UsageError(
    "The algorithm that was given has no name under which other workers could find it.",
    'Give it one: defineAlgorithm({ name: "my-algorithm", … }).',
  );
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
  return { name, algorithm, options: complete, seed, notes: algorithm.notes?.(complete) ?? [] };
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
  throw new UsageError(`The algorithm "${name}" needs a fidelity, and the space has none: ${names}.`, {
    command: "Add a dimension that says how long to train, e.g. --epochs~'fidelity(1, 100)'.",
    program: "Add a dimension that says how long to train, e.g. { epochs: fidelity(1, 100) }.",
  });
}

import { UsageError } from "../../errors.js";
import type { FidelityDimension, Params, Space } from "../../space/dimension.js";
import { getParam } from "../../space/values.js";

/** The fidelity of a space that has one; see `requires.fidelity`. Where there are several the first by name counts. */
export function fidelityOf(space: Space): FidelityDimension {
  const found = space.dimensions.find((dimension) => dimension.type === "fidelity");
  if (found === undefined) throw new TypeError("the space has no fidelity");
  return found;
}

/** The same configuration at another fidelity. */
export function atFidelity(space: Space, params: Params, value: number): Params {
  const { name } = fidelityOf(space);
  return Object.fromEntries(
    space.dimensions.map((dimension) => [
      dimension.name,
      dimension.name === name ? value : getParam(params, dimension.name)!,
    ]),
  );
}

/**
 * Make sure that rungs can be built: a reduction factor of 1 would keep every trial.
 *
 * @throws {UsageError} when base is below 2.
 */
export function requireReduction(algorithm: string, space: Space): void {
  const { name, low, high, base } = fidelityOf(space);
  if (base >= 2) return;
  throw new UsageError(
    `${algorithm} keeps one trial in ${base} of "${name}", so it never stops one.`,
    `Give a base of at least 2, e.g. fidelity(${low}, ${high}, base=3).`,
  );
}

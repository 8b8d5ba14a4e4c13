import { UsageError } from "../../errors.js";
import type { FidelityDimension } from "../../space/dimension.js";
import { logSpacedResources } from "../multi-fidelity/rung-plan.js";

/**
 * The fidelities of generations 0 … `generations`, from low to high: integers, evenly spaced for base 1, else in their
 * logarithm.
 *
 * @param algorithm - For the error message.
 * @throws {UsageError} when there are not so many integers.
 */
export function resourcesOfGenerations(
  algorithm: string,
  fidelity: FidelityDimension,
  generations: number,
): readonly number[] {
  const { name, low, high, base } = fidelity;
  if (high - low < generations) {
    throw new UsageError(
      `${algorithm}: between ${low} and ${high}, "${name}" has no room for ${generations} generations after the first.`,
      `Set generations to at most ${high - low}, or widen the fidelity.`,
    );
  }
  if (base > 1) return logSpacedResources(fidelity, generations + 1);
  return Array.from({ length: generations + 1 }, (_, i) => Math.floor(low + ((high - low) * i) / generations + 0.5));
}

import { UsageError } from "../../errors.js";
import type { FidelityDimension } from "../../space/dimension.js";

/** How many trials a rung holds, and how much each of them gets. */
export interface PlannedRung {
  readonly size: number;
  /** Fidelity, an integer. */
  readonly resource: number;
}

/** The rungs of one bracket, from the bottom. */
export type PlannedBracket = readonly PlannedRung[];

/** ⌊log_base(ratio)⌋, where the logarithms of exact powers may miss by a rounding. */
export function powersWithin(ratio: number, base: number): number {
  let count = 0;
  for (let power = base; power <= ratio * (1 + 1e-12); power *= base) count++;
  return count;
}

/**
 * The resources of `count` rungs from low to high, evenly spaced in their logarithm: integers, rounded half up, each
 * larger than the one before.
 *
 * @throws {UsageError} when there are not so many integers.
 */
export function logSpacedResources({ name, low, high }: FidelityDimension, count: number): readonly number[] {
  const resources: number[] = [];
  for (let rung = 0; rung < count; rung++) {
    const share = count === 1 ? 0 : rung / (count - 1);
    const even = share === 1 ? high : low * (high / low) ** share; // exactly, which powers are not
    resources.push(Math.max(roundHalfUp(even), (resources.at(-1) ?? 0) + 1));
  }
  if (resources.at(-1)! <= high) return resources;
  throw new UsageError(
    `Between ${low} and ${high}, "${name}" has no room for ${count} rungs.`,
    `Ask for at most ${high - low + 1} (num_rungs), or widen the fidelity.`,
  );
}

/** Near 2**53 there are no halves left, and adding one would round an integer to the next. */
function roundHalfUp(value: number): number {
  return Number.isInteger(value) ? value : Math.floor(value + 0.5);
}

/**
 * The brackets of Hyperband, the one with most rungs first: B + 1 of them with B = ⌊log_η(high / low)⌋. Bracket s has
 * B − s + 1 rungs and starts with ⌊(B + 1) / (B − s + 1)⌋ η^(B − s) trials, as in table 1 of the paper; each rung keeps
 * one in η. The top of each is `high`, the bottom of the first is at least `low`.
 *
 * @throws {UsageError} when two rungs would have the same integer resource.
 * @see Li et al. 2018, "Hyperband", https://jmlr.org/papers/v18/16-558.html, algorithm 1
 */
export function hyperbandBrackets(fidelity: FidelityDimension): readonly PlannedBracket[] {
  const { name, low, high, base } = fidelity;
  const most = powersWithin(high / low, base);
  return Array.from({ length: most + 1 }, (_, s) => {
    const last = most - s;
    const first = Math.floor((most + 1) / (last + 1)) * base ** last;
    const rungs = Array.from({ length: last + 1 }, (_, i) => ({
      size: Math.floor(first / base ** i + 1e-9),
      resource: roundHalfUp(high / base ** (last - i)),
    }));
    const stuck = rungs.findIndex(({ resource }, i) => i > 0 && resource <= rungs[i - 1]!.resource);
    if (stuck < 0) return rungs;
    throw new UsageError(
      `Two rungs of "${name}" would have the resource ${rungs[stuck]!.resource}.`,
      `Raise the base or the lowest fidelity of fidelity(${low}, ${high}, base=${base}).`,
    );
  });
}

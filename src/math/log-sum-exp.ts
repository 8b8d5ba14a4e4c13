import { exp, log } from "./exp-log.js";

/**
 * ln Σ e^(x_i) without overflow: the largest term is taken out first.
 *
 * @param values - The first `count` are summed; −Infinity is a term of 0.
 * @returns −Infinity for an empty sum.
 */
export function logSumExp(values: ArrayLike<number>, count: number = values.length): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) if (values[i]! > largest) largest = values[i]!;
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += exp(values[i]! - largest);
  return largest + log(sum);
}

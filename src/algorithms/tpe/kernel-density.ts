import { exp, log } from "../../math/exp-log.js";
import type { Rng } from "../../math/rng.js";
import type { Axis } from "./axes.js";
import { drawFromKernel, drawFromPrior } from "./draw.js";
import { indexKernels, type KernelTable } from "./kernel-table.js";
import { massInside } from "./mass.js";

export interface Kernels {
  /** Of the d coordinates of a point. */
  readonly axes: readonly Axis[];
  /** Shape (K × d), row-major in the unit cube. */
  readonly centers: Float64Array;
  /** Shape (K), positive; only their ratios to each other and to `priorWeight` matter. */
  readonly weights: Float64Array;
  /** Shape (d), positive: standard deviations in the unit cube, shared by all kernels; categories use none. */
  readonly bandwidths: Float64Array;
  /** Weight of the prior as one more kernel, positive. */
  readonly priorWeight: number;
}

/** A mixture of K kernels and the prior on the unit cube. */
export interface KernelDensity {
  /**
   * ln of the density at a point, relative to the density of the prior: 0 everywhere if there is no kernel.
   *
   * @param point - Shape (d); integers and categories in the middle of their share.
   */
  logDensity(point: Float64Array): number;
  /** ln of the part of the prior: no point has less. */
  readonly logFloor: number;
  /** Draw a point into `point`, shape (d); integers and categories come in the middle of their share. */
  sample(rng: Rng, point: Float64Array): void;
}

/**
 * The Parzen estimator of TPE with product kernels: joint over all coordinates, so it knows which values go together.
 *
 * A kernel is the product of a normal cut to [0, 1] for each real, of the mass that this normal has in the cell of an
 * integer, and for each category of one part for its own and `priorWeight` / (K + 1) parts for the prior. All are taken
 * relative to the prior, so it makes no difference how a dimension is scaled, and the prior itself is the constant 1.
 *
 * Building costs O(K d), a density O(K d) at worst: a kernel is left as soon as it is e⁻²⁰ of the largest.
 *
 * @see Watanabe 2023, "Tree-Structured Parzen Estimator", §3.3, https://arxiv.org/abs/2304.11127
 */
export function kernelDensity(kernels: Kernels): KernelDensity {
  const { axes, centers, weights, bandwidths, priorWeight } = kernels;
  const size = axes.length;
  const count = weights.length;
  const categoryPrior = priorWeight / (count + 1);
  const reals = Int32Array.from(axes.keys()).filter((j) => axes[j]!.kind === "real");
  const realCount = reals.length;
  const inverse = Float64Array.from(reals, (j) => 1 / bandwidths[j]!);
  const cumulative = cumulate(weights);
  const total = (cumulative[count - 1] ?? 0) + priorWeight;
  const logPrior = log(priorWeight / total);

  const scaled = new Float64Array(count * realCount); // (K × reals), centers in bandwidths
  const heights = new Float64Array(count); // ln of each kernel's weight and of its density at its center
  let common = -log(total);
  for (let r = 0; r < realCount; r++) common += log(inverse[r]!) - halfLog2Pi;
  for (let k = 0; k < count; k++) {
    let inside = 1;
    for (let r = 0; r < realCount; r++) {
      const center = centers[k * size + reals[r]!]!;
      scaled[k * realCount + r] = center * inverse[r]!;
      inside *= massInside(center, inverse[r]!);
    }
    heights[k] = log(weights[k]! / inside) + common;
  }
  const tables = axes.flatMap((axis, j): readonly KernelTable[] =>
    axis.kind === "real"
      ? []
      : [indexKernels({ axis, coordinate: j, centers, size, bandwidth: bandwidths[j]!, categoryPrior })],
  );

  const exponents = new Float64Array(count);
  const z = new Float64Array(realCount);
  const logDensity = (point: Float64Array): number => {
    for (let r = 0; r < realCount; r++) z[r] = point[reals[r]!]! * inverse[r]!;
    exponents.set(heights);
    for (const table of tables) table.addLogs(point, exponents);
    let largest = logPrior;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const exponent = exponents[k]!;
      const enough = 2 * (exponent - largest - negligible);
      let square = 0;
      let at = k * realCount;
      const last = at + realCount;
      for (; at + 4 <= last && square <= enough; at += 4) {
        const r = at - last + realCount;
        const a = z[r]! - scaled[at]!;
        const b = z[r + 1]! - scaled[at + 1]!;
        const c = z[r + 2]! - scaled[at + 2]!;
        const d = z[r + 3]! - scaled[at + 3]!;
        square += a * a + b * b + (c * c + d * d);
      }
      if (square > enough) continue;
      for (; at < last; at++) {
        const delta = z[at - last + realCount]! - scaled[at]!;
        square += delta * delta;
      }
      if (square > enough) continue;
      const sum = exponent - 0.5 * square;
      exponents[kept++] = sum;
      if (sum > largest) largest = sum;
    }
    let sum = exp(logPrior - largest);
    for (let i = 0; i < kept; i++) if (exponents[i]! - largest > negligible) sum += exp(exponents[i]! - largest);
    return largest + log(sum);
  };

  const sample = (rng: Rng, point: Float64Array): void => {
    const k = pick(cumulative, rng.next() * total);
    for (let j = 0; j < size; j++) {
      const axis = axes[j]!;
      point[j] =
        k === count
          ? drawFromPrior(axis, rng)
          : drawFromKernel(axis, { center: centers[k * size + j]!, bandwidth: bandwidths[j]!, categoryPrior, rng });
    }
  };

  return { logDensity, logFloor: logPrior, sample };
}

/** ln √(2π) */
const halfLog2Pi = 0.9189385332046728;

/** Terms this far below the largest are left out: a thousand of them would change the density by two millionths. */
const negligible = -20;

function cumulate(weights: Float64Array): Float64Array {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** The kernel whose share holds `at`; their count when that is the prior's. */
function pick(cumulative: Float64Array, at: number): number {
  let [low, high] = [0, cumulative.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

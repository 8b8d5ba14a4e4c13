import { log } from "../../math/exp-log.js";
import { logSumExp } from "../../math/log-sum-exp.js";
import type { Rng } from "../../math/rng.js";
import type { Axis } from "./axes.js";
import { drawFromKernel, drawFromPrior } from "./draw.js";
import { indexKernels, type KernelTable } from "./kernel-table.js";
import { realKernels } from "./real-kernels.js";

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
   * @param enough - Where the density turns out to be at least as high, that may be the answer: it costs less.
   */
  logDensity(point: Float64Array, enough?: number): number;
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
export function kernelDensity({ axes, centers, weights, bandwidths, priorWeight }: Kernels): KernelDensity {
  const size = axes.length;
  const count = weights.length;
  const categoryPrior = priorWeight / (count + 1);
  const cumulative = cumulate(weights);
  const total = (cumulative[count - 1] ?? 0) + priorWeight;
  const logPrior = log(priorWeight / total);

  const reals = Int32Array.from(axes.keys()).filter((j) => axes[j]!.kind === "real");
  const real = realKernels({ reals, centers, size, bandwidths });
  const tables = axes.flatMap((axis, coordinate): readonly KernelTable[] => {
    if (axis.kind === "real") return [];
    return [indexKernels({ axis, coordinate, centers, size, bandwidth: bandwidths[coordinate]!, categoryPrior })];
  });
  const heights = real.logPeaks.map((logPeak, k) => logPeak + log(weights[k]! / total));
  const terms = new Float64Array(count + 1);

  return {
    logFloor: logPrior,
    logDensity: (point, enough = Number.POSITIVE_INFINITY) => {
      terms.set(heights);
      for (const table of tables) table.addLogs(point, terms);
      const kept = real.keepNear(point, { exponents: terms, floor: logPrior, enough });
      if (kept === undefined) return enough;
      terms[kept] = logPrior;
      return logSumExp(terms, kept + 1);
    },
    sample: (rng, point) => {
      const k = pick(cumulative, rng.next() * total);
      for (let j = 0; j < size; j++) {
        const axis = axes[j]!;
        point[j] =
          k === count
            ? drawFromPrior(axis, rng)
            : drawFromKernel(axis, { center: centers[k * size + j]!, bandwidth: bandwidths[j]!, categoryPrior, rng });
      }
    },
  };
}

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

import { log } from "../../math/exp-log.js";
import { type Axis, type Share, shareAround } from "./axes.js";
import { massInside, normalMass } from "./mass.js";

type DiscreteAxis = Exclude<Axis, { readonly kind: "real" }>;

export interface TableSource {
  readonly axis: DiscreteAxis;
  /** Which coordinate of the points it is. */
  readonly coordinate: number;
  /** Shape (K × size), row-major. */
  readonly centers: Float64Array;
  readonly size: number;
  readonly bandwidth: number;
  /** Parts for the prior beside the one part for a kernel's own category. */
  readonly categoryPrior: number;
}

/** The factors of all kernels on a coordinate with few values. */
export interface KernelTable {
  /** Add ln of the factor of kernel k at a point, relative to the prior, to `sums[k]`, for all k. */
  addLogs(point: Float64Array, sums: Float64Array): void;
}

/** Each pair of a kernel's value and a point's value is computed once, though there are many kernels. */
export function indexKernels(source: TableSource): KernelTable {
  const { axis, coordinate, centers, size } = source;
  const count = centers.length / size;
  const values: Share[] = [];
  const known = new Map<number, number>();
  const slotOf = Int32Array.from({ length: count }, (_, k) => {
    const share = shareAround(axis, centers[k * size + coordinate]!);
    const index = known.get(share[0]) ?? values.push(share) - 1;
    known.set(share[0], index);
    return index;
  });
  const rows = new Map<number, Float64Array>();
  const rowFor = (x: number): Float64Array => {
    const share = shareAround(axis, x);
    const kept = rows.get(share[0]);
    if (kept !== undefined) return kept;
    const row = Float64Array.from(values, (own) => logFactor(source, own, share));
    rows.set(share[0], row);
    return row;
  };
  return {
    addLogs: (point, sums) => {
      const row = rowFor(point[coordinate]!);
      for (let k = 0; k < count; k++) sums[k]! += row[slotOf[k]!]!;
    },
  };
}

/** A factor of e⁻⁷⁰⁰ is as good as none, and its logarithm is finite. */
const smallest = 1e-304;

function logFactor({ axis, bandwidth, categoryPrior }: TableSource, own: Share, share: Share): number {
  if (axis.kind === "cells") return logCellFactor((own[0] + own[1]) / 2, bandwidth, share);
  const ownPart = own[0] === share[0] ? 1 / (share[1] - share[0]) : 0;
  return log(Math.max((ownPart + categoryPrior) / (1 + categoryPrior), smallest));
}

const logRoot2Pi = 0.9189385332046728;

/** ln of the mass in a cell of a normal that is cut to [0, 1], over the width of the cell. */
function logCellFactor(center: number, bandwidth: number, [start, end]: Share): number {
  const width = (end - start) / bandwidth;
  const inside = massInside(center, 1 / bandwidth);
  if (width > 0.25) {
    const mass = normalMass((start - center) / bandwidth, (end - center) / bandwidth);
    return log(Math.max(mass / inside / (end - start), smallest));
  }
  // the density in the middle and its curvature; the next term, width⁴ z⁴ / 1920, is below 1e-3 up to z = 4
  const z = ((start + end) / 2 - center) / bandwidth;
  const curvature = Math.max((width * width * (z * z - 1)) / 24, -0.5);
  return log((1 + curvature) / (inside * bandwidth)) - logRoot2Pi - 0.5 * z * z;
}

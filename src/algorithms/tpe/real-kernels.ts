import { log } from "../../math/exp-log.js";
import { massInside } from "./mass.js";

export interface RealKernelSource {
  /** Which coordinates of the points are reals, shape (r). */
  readonly reals: Int32Array;
  /** Shape (K × size), row-major. */
  readonly centers: Float64Array;
  readonly size: number;
  /** Shape (size); those of the reals count. */
  readonly bandwidths: Float64Array;
}

/** The factors of all kernels on the real coordinates: normals cut to [0, 1]. */
export interface RealKernels {
  /** Shape (K): ln of the factor of a kernel at its own center. */
  readonly logPeaks: Float64Array;
  /**
   * Lower `exponents` by the distance of each kernel from a point, and move those that matter to the front.
   *
   * @returns How many are kept; `undefined` when one of them was enough.
   */
  keepNear(point: Float64Array, terms: Terms): number | undefined;
}

/** Logarithms of the terms of a sum. */
export interface Terms {
  /** Shape (K). */
  readonly exponents: Float64Array;
  /**
   * Another term, which is known already; whatever is negligible beside it, or beside a term that was kept before, is
   * left out.
   */
  readonly floor: number;
  /** A term as large as this ends the search. */
  readonly enough: number;
}

/** Terms e⁻²⁰ of another are left out: a thousand of them would change the sum by two millionths. */
const negligible = -20;

/** ln √(2π) */
const halfLog2Pi = 0.9189385332046728;

export function realKernels({ reals, centers, size, bandwidths }: RealKernelSource): RealKernels {
  const count = centers.length / size;
  const width = reals.length;
  const inverse = Float64Array.from(reals, (j) => 1 / bandwidths[j]!);
  const scaled = new Float64Array(count * width); // centers in bandwidths
  const logPeaks = new Float64Array(count);
  let logPeak = 0;
  for (let r = 0; r < width; r++) logPeak += log(inverse[r]!) - halfLog2Pi;
  for (let k = 0; k < count; k++) {
    let inside = 1;
    for (let r = 0; r < width; r++) {
      const center = centers[k * size + reals[r]!]!;
      scaled[k * width + r] = center * inverse[r]!;
      inside *= massInside(center, inverse[r]!);
    }
    logPeaks[k] = logPeak - log(inside);
  }

  const z = new Float64Array(width);
  const keepNear = (point: Float64Array, { exponents, floor, enough }: Terms): number | undefined => {
    for (let r = 0; r < width; r++) z[r] = point[reals[r]!]! * inverse[r]!;
    let largest = floor;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const exponent = exponents[k]!;
      const far = 2 * (exponent - largest - negligible);
      const square = squaredDistance(z, scaled, k * width, far);
      if (square > far) continue;
      const term = exponent - 0.5 * square;
      if (term >= enough) return undefined;
      exponents[kept++] = term;
      if (term > largest) largest = term;
    }
    return kept;
  };
  return { logPeaks, keepNear };
}

/** ‖z − the row of `rows` from `start` on‖², or anything larger than `far` when it is. */
function squaredDistance(z: Float64Array, rows: Float64Array, start: number, far: number): number {
  const width = z.length;
  let square = 0;
  let r = 0;
  // four at a time: a look at `far` for each would cost more than it saves
  for (; r + 4 <= width && square <= far; r += 4) {
    const a = z[r]! - rows[start + r]!;
    const b = z[r + 1]! - rows[start + r + 1]!;
    const c = z[r + 2]! - rows[start + r + 2]!;
    const d = z[r + 3]! - rows[start + r + 3]!;
    square += a * a + b * b + (c * c + d * d);
  }
  if (square > far) return square;
  for (; r < width; r++) square += (z[r]! - rows[start + r]!) ** 2;
  return square;
}

/**
 * exp and log, and their variants near 0, from additions, multiplications and divisions alone.
 *
 * The standard leaves `Math.exp` and `Math.log` to each engine, so a suggestion computed with them could differ between
 * two machines in its last digit and, by a comparison that goes the other way, in all of them. These are the same
 * everywhere. `exp` and `log` err by less than one unit in the last place, `expm1` and `log1p` by a few.
 *
 * The approximations are those of fdlibm, the mathematical library of Sun Microsystems, 1993.
 *
 * @see Ng 1993, fdlibm 5.3, e_exp.c and e_log.c, https://www.netlib.org/fdlibm/
 */

/** eˣ; 0 below −745.14, Infinity above 709.79. */
export function exp(x: number): number {
  if (!(x <= largestExponent)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < smallestExponent) return 0;
  // x = k ln 2 + r with |r| ≤ ½ ln 2; ln 2 in two parts, of which k times the first is exact
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c = r - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k < -1021) return y * powersOf2[k + 1000 + powerOffset]! * 2 ** -1000;
  return k === 1024 ? y * 2 * 2 ** 1023 : y * powersOf2[k + powerOffset]!;
}

/** ln x; −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const isSubnormal = x < 2 ** -1022;
  const normal = isSubnormal ? x * 2 ** 54 : x;
  double[0] = normal;
  // x = 2ᵏ (1 + f) with √½ < 1 + f ≤ √2
  const exponent = (words[highWord]! >>> 20) - 1023;
  let k = isSubnormal ? exponent - 54 : exponent;
  let m = normal * powersOf2[powerOffset - exponent]!;
  if (m > Math.SQRT2) {
    m *= 0.5;
    k++;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const rest = z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6));
  const halfSquare = 0.5 * f * f;
  return k * ln2High - (halfSquare - (s * (halfSquare + rest) + k * ln2Low) - f);
}

/** eˣ − 1, exact in relative terms near 0. @see Higham 2002, "Accuracy and Stability of Numerical Algorithms", §1.14.1 */
export function expm1(x: number): number {
  const u = exp(x);
  if (u === 1 || x === 0) return x;
  // from here on u tells nothing of x that is left in its last digits: u − 1 is exact or far from 0
  if (u < 0.5 || u > 2) return u - 1;
  return ((u - 1) * x) / log(u);
}

/** ln(1 + x), exact in relative terms near 0. @see Goldberg 1991, theorem 4, https://doi.org/10.1145/103162.103163 */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (u === Number.POSITIVE_INFINITY || !(u > 0)) return log(u);
  return log(u) * (x / (u - 1));
}

const largestExponent = 709.782712893384;
const smallestExponent = -745.1332191019412;

/** ln 2 in two parts; the first ends in 21 zero bits. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

// minimax: r (eʳ + 1) / (eʳ − 1) ≈ 2 + p1 r² + p2 r⁴ + … on |r| ≤ ½ ln 2
const p1 = 0.16666666666666602;
const p2 = -0.0027777777777015593;
const p3 = 6.613756321437934e-5;
const p4 = -1.6533902205465252e-6;
const p5 = 4.1381367970572385e-8;

// minimax: ln((1 + s) / (1 − s)) ≈ 2 s + l1 s³ + l2 s⁵ + … on |s| ≤ 3 − 2 √2
const l1 = 0.6666666666666735;
const l2 = 0.3999999999940942;
const l3 = 0.2857142874366239;
const l4 = 0.22222198432149784;
const l5 = 0.1818357216161805;
const l6 = 0.15313837699209373;
const l7 = 0.14798198605116586;

/** 2ᵏ at k + offset, for k = −1023 … 1023. */
const powerOffset = 1023;
const powersOf2 = Float64Array.from({ length: 2047 }, (_, index) => 2 ** (index - powerOffset));

/** One number, and its bits as two words: the order of the words is the machine's. */
const double = new Float64Array([1]);
const words = new Uint32Array(double.buffer);
const highWord = words[1] === 0 ? 0 : 1;

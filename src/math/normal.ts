import { exp, expm1, log, log1p } from "./exp-log.js";

/**
 * The standard normal distribution, accurate in relative terms far into both tails.
 *
 * Φ comes from Cody's rational approximations of erf and erfc, Φ⁻¹ from Wichura's AS 241; both are good to about 1e-15.
 *
 * @see Cody 1969, "Rational Chebyshev approximations for the error function", https://doi.org/10.1090/S0025-5718-1969-0247736-4
 * @see Wichura 1988, "Algorithm AS 241: The percentage points of the normal distribution", https://doi.org/10.2307/2347330
 */

/** Density φ(x). */
export function normalPdf(x: number): number {
  return exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Φ(x), the probability of a value ≤ x. Underflows to 0 only below x ≈ −38.5. */
export function normalCdf(x: number): number {
  const z = x * Math.SQRT1_2;
  if (Math.abs(z) <= erfLimit) return 0.5 + 0.5 * smallErf(z);
  if (Math.abs(x) > 40) return x < 0 ? 0 : 1;
  const tail = 0.5 * scaledErfc(Math.abs(z)) * expMinusHalfSquare(x);
  return x < 0 ? tail : 1 - tail;
}

/** ln Φ(x); finite for every finite x above −1e154. */
export function normalLogCdf(x: number): number {
  if (x > 1) return log1p(-normalCdf(-x));
  if (x > -1) return log(normalCdf(x));
  if (x === -Infinity) return -Infinity;
  return log(0.5 * scaledErfc(-x * Math.SQRT1_2)) - 0.5 * x * x;
}

/**
 * Φ⁻¹(p), the value below which lies the probability p.
 *
 * @param p - In [0, 1]; 0 and 1 give −∞ and ∞, and anything else NaN.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(central, 0.180625 - q * q);
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return q < 0 ? -Infinity : Infinity;
  return Math.sign(q) * tailQuantile(Math.sqrt(-log(tail)));
}

/**
 * Φ⁻¹(eʸ): the quantile of a probability given by its logarithm, so that tails beyond 1e-308 can be reached.
 *
 * @param logP - y ≤ 0.
 */
export function normalLogQuantile(logP: number): number {
  if (logP === -Infinity) return -Infinity;
  if (logP > -2) return logP > -1e-3 ? -normalQuantile(-expm1(logP)) : normalQuantile(exp(logP));
  const r = Math.sqrt(-logP);
  // AS 241 is fitted up to r = 27; beyond, ln Φ(x) ≈ −x²/2 − ln(−x √2π) starts Newton's iteration
  let x = r <= 27 ? -tailQuantile(r) : -Math.sqrt(2 * r * r - log(4 * Math.PI * r * r));
  for (let step = 0; step < 3; step++) {
    const slope = Math.sqrt(2 / Math.PI) / scaledErfc(-x * Math.SQRT1_2); // φ/Φ
    x -= (normalLogCdf(x) - logP) / slope;
  }
  return x;
}

/** |z| up to which erf itself is approximated, not its complement. */
const erfLimit = 0.46875;

type Rational = readonly [numerator: readonly number[], denominator: readonly number[]];

/** Numerator over denominator; coefficients with the highest power first. */
function ratio([numerator, denominator]: Rational, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

function smallErf(z: number): number {
  return z * ratio(erfNear, z * z);
}

/** e^(z²) erfc(z) for z > 0.46875. */
function scaledErfc(z: number): number {
  if (z <= 4) return ratio(erfcMiddle, z);
  const y = 1 / (z * z);
  return (1 / Math.sqrt(Math.PI) - y * ratio(erfcFar, y)) / z;
}

/** e^(−x²/2), with x split so that the rounding of its square does not reach the result. */
function expMinusHalfSquare(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return exp(-0.5 * head * head) * exp(-0.5 * (x - head) * (x + head));
}

/** −Φ⁻¹(p) for r = √(−ln p) > 1.6. */
function tailQuantile(r: number): number {
  return r <= 5 ? ratio(nearTail, r - 1.6) : ratio(farTail, r - 5);
}

// Cody 1969, tables for |z| ≤ 0.46875, 0.46875 ≤ z ≤ 4 and z > 4
const erfNear: Rational = [
  [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
];
const erfcMiddle: Rational = [
  [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
];
const erfcFar: Rational = [
  [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  [1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
];

// Wichura 1988, PPND16: |p − ½| ≤ 0.425, then r ≤ 5, then r > 5
const central: Rational = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
];
const nearTail: Rational = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
];
const farTail: Rational = [
  [
    2.0103343992922881e-7, 0.000027115555687434876, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 0.000018463183175100548, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
];

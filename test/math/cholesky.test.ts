import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  factorize,
  factorRow,
  invertFactored,
  logDeterminant,
  rowStart,
  solveLower,
  solveLowerFour,
  solveUpper,
} from "../../src/math/cholesky.js";
import { keyedRng } from "../../src/math/rng.js";

/** A Aᵀ + I / 10 of a random square matrix, packed. */
function randomPositive(n: number, key: number): Float64Array {
  const rng = keyedRng("matrix", key);
  const a = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => rng.next() - 0.5));
  const packed = new Float64Array(rowStart(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      packed[rowStart(i) + j] = a[i]!.reduce((sum, x, k) => sum + x * a[j]![k]!, i === j ? 0.1 : 0);
    }
  }
  return packed;
}

/** Element (i, j) of a symmetric packed matrix. */
function at(packed: Float64Array, i: number, j: number): number {
  return i >= j ? packed[rowStart(i) + j]! : packed[rowStart(j) + i]!;
}

describe("the Cholesky factor", () => {
  it("is the one of a textbook example", () => {
    // [[4, 12, −16], [12, 37, −43], [−16, −43, 98]] = L Lᵀ, L = [[2], [6, 1], [−8, 5, 3]]
    const matrix = Float64Array.of(4, 12, 37, -16, -43, 98);
    expect(factorize(matrix, 3)).toBe(true);
    expect([...matrix]).toEqual([2, 6, 1, -8, 5, 3]);
    expect(logDeterminant(matrix, 3)).toBeCloseTo(Math.log(36), 14);
  });

  it("solves, inverts and has the matrix as its square", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.nat(1000), (n, key) => {
        const matrix = randomPositive(n, key);
        const factor = matrix.slice();
        expect(factorize(factor, n)).toBe(true);
        const rng = keyedRng("right side", key);
        const b = Float64Array.from({ length: n }, () => rng.next());
        const x = b.slice();
        solveLower(factor, n, x);
        solveUpper(factor, n, x);
        const inverse = new Float64Array(rowStart(n));
        invertFactored(factor, n, new Float64Array(n * n), inverse);
        for (let i = 0; i < n; i++) {
          let image = 0;
          let solution = 0;
          for (let j = 0; j < n; j++) {
            image += at(matrix, i, j) * x[j]!;
            solution += at(inverse, i, j) * b[j]!;
          }
          expect(image).toBeCloseTo(b[i]!, 9);
          expect(solution).toBeCloseTo(x[i]!, 7);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("solves for four right sides as it does for each", () => {
    const n = 13;
    const factor = randomPositive(n, 3);
    factorize(factor, n);
    const rng = keyedRng("right sides");
    const four = Float64Array.from({ length: 4 * n }, () => rng.next());
    const alone = [0, 1, 2, 3].map((column) => {
      const b = Float64Array.from({ length: n }, (_, i) => four[4 * i + column]!);
      solveLower(factor, n, b);
      return b;
    });
    solveLowerFour(factor, n, four);
    for (let i = 0; i < n; i++) {
      for (let column = 0; column < 4; column++) expect(four[4 * i + column]).toBeCloseTo(alone[column]![i]!, 10);
    }
  });

  it("is the same, bit for bit, when rows are appended one by one", () => {
    const n = 33;
    const whole = randomPositive(n, 7);
    const grown = whole.slice();
    factorize(whole, n, 1e-8);
    factorize(grown, 10, 1e-8);
    for (let row = 10; row < n; row++) expect(factorRow(grown, row, 1e-8)).toBe(true);
    expect(grown).toEqual(whole);
  });

  it("is refused for a matrix that is singular, indefinite or not a number, and jitter mends the first", () => {
    const singular = () => Float64Array.of(1, 1, 1);
    expect(factorize(singular(), 2)).toBe(false);
    expect(factorize(singular(), 2, 1e-8)).toBe(true);
    expect(factorize(Float64Array.of(1, 2, 1), 2)).toBe(false);
    expect(factorize(Float64Array.of(1, Number.NaN, 1), 2)).toBe(false);
  });
});

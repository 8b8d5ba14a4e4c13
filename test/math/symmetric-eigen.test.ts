import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../src/math/symmetric-eigen.js";

function symmetric(n: number, entry: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return entry(Math.max(i, j), Math.min(i, j));
  });
}

/** Largest |Σ λₖ vₖ vₖᵀ − A| and |V Vᵀ − I|. */
function defects(a: Float64Array, n: number) {
  const { values, vectors } = symmetricEigen(a, n);
  let [reconstruction, orthogonality] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [entry, product] = [0, 0];
      for (let k = 0; k < n; k++) {
        entry += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
        product += vectors[i * n + k]! * vectors[j * n + k]!;
      }
      reconstruction = Math.max(reconstruction, Math.abs(entry - a[i * n + j]!));
      orthogonality = Math.max(orthogonality, Math.abs(product - (i === j ? 1 : 0)));
    }
  }
  return { values, reconstruction, orthogonality };
}

describe("symmetricEigen", () => {
  it("finds the eigenvalues 2 − 2 cos(kπ/(n + 1)) of the second difference", () => {
    const n = 12;
    const { values } = symmetricEigen(
      symmetric(n, (i, j) => (i === j ? 2 : i - j === 1 ? -1 : 0)),
      n,
    );
    for (let k = 1; k <= n; k++) expect(values[k - 1]).toBeCloseTo(2 - 2 * Math.cos((k * Math.PI) / (n + 1)), 13);
  });

  it("knows Wilkinson's W21+, whose largest two eigenvalues agree in 14 digits", () => {
    const { values } = symmetricEigen(
      symmetric(21, (i, j) => (i === j ? Math.abs(10 - i) : i - j === 1 ? 1 : 0)),
      21,
    );
    // Wilkinson 1965, "The Algebraic Eigenvalue Problem", p. 309
    expect(values[20]).toBeCloseTo(10.746194182903, 11);
    expect(values[19]).toBeCloseTo(10.746194182903, 11);
    expect(values[0]).toBeCloseTo(-1.125441522119, 11);
  });

  it("resolves the Hilbert matrix of order 5, whose eigenvalues are spread over six powers of ten", () => {
    const { values } = symmetricEigen(
      symmetric(5, (i, j) => 1 / (i + j + 1)),
      5,
    );
    const trace = values.reduce((sum, value) => sum + value, 0);
    const determinant = values.reduce((product, value) => product * value, 1);
    expect(trace).toBeCloseTo(1 + 1 / 3 + 1 / 5 + 1 / 7 + 1 / 9, 14);
    expect(determinant * 266_716_800_000).toBeCloseTo(1, 9); // exact: the inverse has whole entries
  });

  it("gives orthonormal vectors that make up the matrix again, whatever the scale", () => {
    const entries = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 45, maxLength: 45 });
    fc.assert(
      fc.property(
        entries,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1e-200, 1e-9, 1, 1e150),
        (list, n, scale) => {
          const a = symmetric(n, (i, j) => scale * list[(i * (i + 1)) / 2 + j]!);
          const { values, reconstruction, orthogonality } = defects(a, n);
          expect(reconstruction / scale).toBeLessThan(1e-13);
          expect(orthogonality).toBeLessThan(1e-13);
          expect([...values]).toEqual([...values].sort((x, y) => x - y));
        },
      ),
    );
  });

  it("is exact to rounding in 60 dimensions", () => {
    const { reconstruction, orthogonality } = defects(
      symmetric(60, (i, j) => Math.sin(3 * i + 7 * j * j)),
      60,
    );
    expect(reconstruction).toBeLessThan(1e-12);
    expect(orthogonality).toBeLessThan(1e-12);
  });

  it("takes matrices that are diagonal, of zeros, or of equal rows", () => {
    expect([...symmetricEigen(Float64Array.of(3, 0, 0, 1), 2).values]).toEqual([1, 3]);
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    const { values } = symmetricEigen(new Float64Array(16).fill(1), 4);
    for (const [k, value] of [0, 0, 0, 4].entries()) expect(values[k]).toBeCloseTo(value, 14);
    expect([...symmetricEigen(new Float64Array(0), 0).values]).toEqual([]);
  });

  it("refuses what is not finite", () => {
    expect(() => symmetricEigen(Float64Array.of(1, 0, Number.NaN, 1), 2)).toThrow(RangeError);
    expect(() => symmetricEigen(Float64Array.of(Number.POSITIVE_INFINITY), 1)).toThrow(RangeError);
  });
});

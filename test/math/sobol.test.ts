import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxSobolDimensions, scrambledSobol, sobolBits } from "../../src/math/sobol.js";

describe("the Sobol sequence", () => {
  it.each([
    // By hand from the direction numbers: van der Corput in the first dimension, 1/2 3/4 5/8 … in the
    // second, 1/2 3/4 3/8 … in the third.
    [0, [0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875]],
    [1, [0, 0.5, 0.75, 0.25, 0.625, 0.125, 0.375, 0.875]],
    [2, [0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]],
  ])("begins as known in dimension %i", (dimension, expected) => {
    expect(expected.map((_, index) => sobolBits(index, dimension) / 2 ** 32)).toEqual(expected);
  });

  it.each([
    // scipy 1.17.1, qmc.Sobol(256, scramble=False, bits=32).random(1024), at the Gray code of the index
    [999, 9, 2403336192],
    [1023, 39, 1228931072],
    [777, 100, 2235564032],
    [1000, 255, 1413480448],
  ])("agrees with SciPy at index %i, dimension %i", (index, dimension, expected) => {
    expect(sobolBits(index, dimension)).toBe(expected);
  });

  it("takes each of 2^k slices once in every block of 2^k points, in every dimension", () => {
    for (let dimension = 0; dimension < maxSobolDimensions; dimension++) {
      expect(slices((i) => sobolBits(i, dimension) / 2 ** 32, { from: 256 * 12_345_678, count: 256 })).toBe(256);
    }
  });

  it("uses all 32 bits of the index", () => {
    for (let dimension = 0; dimension < maxSobolDimensions; dimension++) {
      const values = Array.from({ length: 32 }, (_, bit) => sobolBits(2 ** bit, dimension));
      expect(new Set(values).size).toBe(32);
      expect(values.every((value, bit) => value % 2 ** (31 - bit) === 0 && (value / 2 ** (31 - bit)) % 2 === 1)).toBe(
        true,
      );
    }
  });

  it.each([
    [-1, 0],
    [0.5, 0],
    [2 ** 32, 0],
    [0, -1],
    [0, maxSobolDimensions],
    [0, 1.5],
  ])("refuses index %d of dimension %d", (index, dimension) => {
    expect(() => sobolBits(index, dimension)).toThrow(RangeError);
  });
});

describe("Owen scrambling", () => {
  it("keeps each block of 2^k points a (0, k, 2)-net in the first two dimensions", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 8 }), fc.nat(2 ** 24 - 1), (seed, k, block) => {
        const point = scrambledSobol(2, seed);
        const points = Array.from({ length: 2 ** k }, (_, i) => point(block * 2 ** k + i));
        for (let rows = 0; rows <= k; rows++) {
          const cells = points.map(
            ([x, y]) => Math.floor(x! * 2 ** rows) * 2 ** (k - rows) + Math.floor(y! * 2 ** (k - rows)),
          );
          expect(new Set(cells).size).toBe(2 ** k);
        }
      }),
    );
  });

  it("takes each of 2^k slices once in every block of 2^k points, in every dimension", () => {
    const point = scrambledSobol(maxSobolDimensions, "stratified");
    const points = Array.from({ length: 128 }, (_, i) => point(128 * 12_345_678 + i));
    for (let dimension = 0; dimension < maxSobolDimensions; dimension++) {
      expect(slices((i) => points[i]![dimension]!, { from: 0, count: 128 })).toBe(128);
    }
  });

  it("makes every point uniform by itself over the keys", () => {
    for (const index of [0, 1, 1000]) {
      const values = Array.from({ length: 5000 }, (_, key) => scrambledSobol(1, key)(index)[0]!);
      const counts = new Array<number>(16).fill(0);
      for (const value of values) counts[Math.floor(value * 16)]! += 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 312.5) ** 2 / 312.5, 0);
      expect(chiSquare).toBeLessThan(30.58); // 99 % of χ² with 15 degrees of freedom
    }
  });

  it("integrates a smooth function with a variance far below that of random points", () => {
    const estimates = Array.from({ length: 200 }, (_, key) => {
      const point = scrambledSobol(5, "integral", key);
      let sum = 0;
      for (let i = 0; i < 256; i++) sum += point(i).reduce((product, x) => product * (1 + (x - 0.5) / 2), 1);
      return sum / 256 - 1; // the integral is 1
    });
    const variance = estimates.reduce((sum, error) => sum + error ** 2, 0) / estimates.length;
    const variancePerRandomPoint = (1 + 1 / 48) ** 5 - 1;
    expect(variance).toBeLessThan(variancePerRandomPoint / 256 / 100);
  });

  it("depends on its key, and in its first coordinates not on how many there are", () => {
    expect(scrambledSobol(3, "a")(5)).not.toEqual(scrambledSobol(3, "b")(5));
    expect(scrambledSobol(7, "a")(5).slice(0, 3)).toEqual(scrambledSobol(3, "a")(5));
  });

  it("never gives 0 or 1", () => {
    const point = scrambledSobol(2, "ends");
    for (const index of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
      for (const x of point(index)) expect(x > 0 && x < 1).toBe(true);
    }
  });

  it("gives the point on record", () => {
    expect(Array.from(scrambledSobol(4, "golden")(12345))).toEqual([
      0.2943945232545957, 0.19320643588434905, 0.550554375979118, 0.6814275336218998,
    ]);
  });

  it("refuses more dimensions than it has numbers for", () => {
    expect(() => scrambledSobol(maxSobolDimensions + 1, "a")).toThrow(RangeError);
  });
});

function slices(coordinate: (index: number) => number, { from, count }: { from: number; count: number }): number {
  const taken = new Set(Array.from({ length: count }, (_, i) => Math.floor(coordinate(from + i) * count)));
  return taken.size;
}

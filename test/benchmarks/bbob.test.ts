import { describe, expect, it } from "vitest";
import { drawRotation, instanceOf, offsetOf } from "../../src/benchmarks/bbob/instance.js";
import { loadProblem } from "../../src/benchmarks/load-problem.js";
import { trueValue } from "../../src/benchmarks/problem.js";
import { vectorParams } from "../../src/benchmarks/real-vector.js";
import { publishedValues } from "./bbob-values.js";

/** The ripples of f19 turn ten digits of a point into five of its value. */
const digitsOf = (number: number) => (number === 19 ? 4 : number === 16 || number === 23 ? 6 : 8);

describe("the BBOB functions", () => {
  it("have the published values in five dimensions", async () => {
    for (const [number, instance, x, published] of publishedValues) {
      const problem = await loadProblem(`bbob-f${number}-5d-i${instance}`);
      const difference = (trueValue(problem, vectorParams(x)) - published) / Math.max(1, Math.abs(published));
      expect(Math.abs(difference), `f${number} i${instance}`).toBeLessThan(10 ** -digitsOf(number));
    }
  });

  it("have the published offsets of instance 1", () => {
    // https://numbbo.github.io/coco/testsuites/bbob
    const offsets = [
      79.48, -209.88, -462.09, -462.09, -9.21, 35.9, 92.94, 149.15, 123.83, -54.94, 76.27, -621.11, 29.97,
    ];
    expect(offsets.map((_, index) => offsetOf(instanceOf(index + 1, 5, 1)))).toEqual(offsets);
  });

  it("turn by rotations whose rows are orthonormal", () => {
    const d = 7;
    const rotation = drawRotation(d, 4711);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        let product = 0;
        for (let i = 0; i < d; i++) product += rotation[a * d + i]! * rotation[b * d + i]!;
        expect(product).toBeCloseTo(a === b ? 1 : 0, 12);
      }
    }
  });
});

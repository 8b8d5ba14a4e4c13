import { describe, expect, it } from "vitest";
import { maternKernel } from "../../../src/algorithms/gp/matern.js";

describe("the Matérn kernel", () => {
  it("has the values of the formula", () => {
    // r = 1: (1 + √5 + 5/3) e^(−√5)
    const kernel = maternKernel(Float64Array.of(Math.log(0.5), 0), [false]);
    const out = new Float64Array(2);
    kernel.covariances(Float64Array.of(0, 0.5), 2, [0.5], out);
    expect(out[0]).toBeCloseTo((1 + Math.sqrt(5) + 5 / 3) * Math.exp(-Math.sqrt(5)), 14);
    expect(out[1]).toBe(1);
  });

  it("counts a category as a step of one, whichever it is", () => {
    const kernel = maternKernel(Float64Array.of(Math.log(2), 0), [true]);
    const out = new Float64Array(3);
    kernel.covariances(Float64Array.of(0.1, 0.5, 0.9), 3, [0.5], out);
    expect(out[1]).toBe(1);
    expect(out[0]).toBe(out[2]);
    const r = 0.5;
    expect(out[0]).toBeCloseTo((1 + Math.sqrt(5) * r + (5 / 3) * r * r) * Math.exp(-Math.sqrt(5) * r), 14);
  });
});

import { describe, expect, it } from "vitest";
import { keyedRng } from "../../src/math/rng.js";
import { sampleNormal } from "../../src/math/sample-normal.js";

describe("sampleNormal", () => {
  it("has the moments of the standard normal distribution", () => {
    const rng = keyedRng("moments");
    const draws = Array.from({ length: 20_000 }, () => sampleNormal(rng));
    const moment = (power: number) => draws.reduce((sum, z) => sum + z ** power, 0) / draws.length;
    // four standard errors
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / draws.length));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / draws.length));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / draws.length));
  });

  it("is finite where the stream gives 0", () => {
    const numbers = [0, 0, 0.5];
    expect(sampleNormal({ next: () => numbers.shift()! })).toBe(0);
  });
});

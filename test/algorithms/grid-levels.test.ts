import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridLevels, levelCount } from "../../src/algorithms/grid-levels.js";
import type { Dimension } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";

function dimension(text: string): Dimension {
  return parseSpace({ "/x": text }).dimensions[0]!;
}

describe("gridLevels", () => {
  it.each([
    ["uniform(-1, 1)", 5, [-1, -0.5, 0, 0.5, 1]],
    ["uniform(-1, 1)", 1, [0]],
    ["loguniform(1e-4, 1)", 5, [0.0001, 0.001, 0.01, 0.1, 1]],
    ["loguniform(1e-4, 1)", 1, [0.01]],
    ["uniform(0, 1)", 4, [0, 0.3333, 0.6667, 1]], // four digits are the default precision
    ["uniform(0, 1, precision=1)", 4, [0, 0.3, 0.7, 1]],
    ["uniform(1, 5, discrete=True)", 3, [1, 3, 5]],
    ["uniform(1, 5, discrete=True)", 100, [1, 2, 3, 4, 5]],
    ["uniform(-2, 2, discrete=True)", 4, [-2, -1, 1, 2]],
    ["uniform(-5, 5, discrete=True)", 1, [0]],
    ["loguniform(1, 10, discrete=True)", 10, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["loguniform(1, 1000, discrete=True)", 4, [1, 10, 100, 1000]],
    ["loguniform(1, 100, discrete=True)", 8, [1, 2, 4, 7, 14, 27, 52, 100]],
    ["loguniform(0.01, 1000, discrete=True)", 5, [0, 1, 3, 56, 1000]], // from 0.01: 0 has no logarithm
    ["loguniform(0.01, 1000, discrete=True)", 1, [3]],
    ["choices(['a', 'b', 3])", 2, ["a", "b", 3]],
    ["fidelity(1, 27, base=3)", 5, [27]],
  ])("of %s with %i levels are %j", (text, count, expected) => {
    expect(gridLevels(dimension(text), count)).toEqual(expected);
  });

  it("have no −0", () => {
    expect(gridLevels(dimension("uniform(-5, 5, discrete=True)"), 11)[5]).toBe(0);
    expect(Object.is(gridLevels(dimension("uniform(-2, 3, discrete=True)"), 6)[2], 0)).toBe(true);
  });

  it("are decimals inside of the bounds, as those of other algorithms are", () => {
    expect(gridLevels(dimension("uniform(0.12344, 0.98766)"), 3)).toEqual([0.1235, 0.5555, 0.9876]);
    expect(gridLevels(dimension("uniform(1.00001, 1.00999)"), 40)).toHaveLength(9);
  });

  it("keep the bounds that precision would round away", () => {
    const values = gridLevels(dimension("uniform(0.12344, 0.12346)"), 3);
    for (const value of values) expect(value).toBeGreaterThanOrEqual(0.12344);
    for (const value of values) expect(value).toBeLessThanOrEqual(0.12346);
  });

  it("are as many different integers as were asked for and fit, both bounds among them", () => {
    const bounds = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), fc.boolean());
    fc.assert(
      fc.property(bounds, fc.integer({ min: 2, max: 300 }), ([low, width, isLog], wanted) => {
        const high = low + width;
        const integers = dimension(`${isLog ? "loguniform" : "uniform"}(${low}, ${high}, discrete=True)`);
        const count = levelCount(integers, wanted);
        const levels = gridLevels(integers, wanted);
        expect(count).toBe(Math.min(wanted, width + 1));
        expect(new Set(levels).size).toBe(count);
        expect(levels.length).toBe(count);
        expect([levels[0], levels.at(-1)]).toEqual([low, high]);
      }),
    );
  });
});

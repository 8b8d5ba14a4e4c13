import { describe, expect, it } from "vitest";
import type { Acquisition } from "../../../src/algorithms/gp/acquisition.js";
import { axesOf } from "../../../src/algorithms/gp/axes.js";
import { wholeCube } from "../../../src/algorithms/gp/region.js";
import { type SearchRequest, searchCandidates } from "../../../src/algorithms/gp/search.js";
import { keyedRng } from "../../../src/math/rng.js";
import { scrambledSobol } from "../../../src/math/sobol.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { fromUnit, toUnit } from "../../../src/space/unit-cube.js";

const space = parseSpace({
  "/a": "uniform(0, 1, precision=17)",
  "/b": "uniform(1, 9, discrete=True)",
  "/c": "choices({'x': 0.5, 'y': 0.2, 'z': 0.3})",
  "/d": "uniform(0, 100000, discrete=True)",
});
const axes = axesOf(space);

describe("the axes of a space", () => {
  it("have the coordinates of their values as levels, unless there are many or none", () => {
    const [a, b, c, d] = axes;
    expect([a!.levels, d!.levels]).toEqual([undefined, undefined]);
    expect(axes.map(({ isCategory }) => isCategory)).toEqual([false, false, true, false]);
    const integers = [...b!.levels!].map((u) => fromUnit(space, [0, u, 0, 0])["/b"]);
    expect(integers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const categories = [...c!.levels!].map((u) => fromUnit(space, [0, 0, u, 0])["/c"]);
    expect(categories).toEqual(["x", "y", "z"]);
  });

  it("have the levels that observations have", () => {
    const point = toUnit(space, { "/a": 0.5, "/b": 4, "/c": "y", "/d": 7 });
    expect(axes[1]!.levels).toContain(point[1]);
    expect(axes[2]!.levels).toContain(point[2]);
  });
});

/** A narrow hill for each category, the highest on the category that the start does not have. */
const target = toUnit(space, { "/a": 0.31415, "/b": 7, "/c": "z", "/d": 77_777 });

function height(x: ArrayLike<number>): number {
  const distance = [0, 1, 3].reduce((sum, k) => sum + ((x[k]! - target[k]!) / 0.1) ** 2, 0);
  return -distance - (x[2] === target[2] ? 0 : 1);
}

const acquisition: Acquisition = {
  values: (points) => Float64Array.from(points, height),
  valueWithSlope: (x, slope) => {
    for (const k of [0, 1, 3]) slope[k] = (-2 * (x[k]! - target[k]!)) / 0.01;
    slope[2] = 0;
    return height(x);
  },
};

describe("searchCandidates", () => {
  const request = {
    acquisition,
    ...wholeCube(axes),
    scales: Float64Array.of(0.3, 0.3, 1, 0.3),
    spread: scrambledSobol(4, "search"),
    spreadCount: 64,
    incumbents: [toUnit(space, { "/a": 0.9, "/b": 1, "/c": "x", "/d": 0 })],
    rng: keyedRng("search"),
  };

  it("finds the top of a mixed space", () => {
    const [best] = searchCandidates(request);
    expect(fromUnit(space, best!.point)).toEqual({
      "/a": expect.closeTo(0.31415, 4),
      "/b": 7,
      "/c": "z",
      "/d": expect.closeTo(77_777, -2),
    });
  });

  it("gives the best first, all of them in the cube and discrete coordinates at their levels", () => {
    const candidates = searchCandidates({ ...request, rng: keyedRng("again") });
    for (const [i, { point, value }] of candidates.entries()) {
      if (i > 0) expect(value).toBeLessThanOrEqual(candidates[i - 1]!.value);
      for (const [k, x] of point.entries()) {
        expect(x >= 0 && x <= 1).toBe(true);
        if (axes[k]!.levels !== undefined) expect(axes[k]!.levels).toContain(x);
      }
    }
  });

  it("stays in a box, and climbs the hills there that lie apart, though some coordinates have one level", () => {
    const box = {
      low: Float64Array.of(0.4, axes[1]!.levels![4]!, target[2]!, 0),
      high: Float64Array.of(0.6, axes[1]!.levels![5]!, target[2]!, 0.5),
      axes: axes.with(1, { ...axes[1]!, levels: axes[1]!.levels!.slice(4, 6) }).with(2, {
        ...axes[2]!,
        levels: Float64Array.of(target[2]!),
      }),
    };
    // along the last coordinate, a low hill at 0.1 and a high one at 0.4
    const hills = [0.1, 0.4].map((top, i) => (x: ArrayLike<number>) => 1 + i - ((x[3]! - top) / 0.1) ** 2);
    const highest = (x: ArrayLike<number>) => Math.max(...hills.map((hill) => hill(x)));
    const inBox: SearchRequest = {
      ...request,
      ...box,
      acquisition: {
        values: (points) => Float64Array.from(points, highest),
        valueWithSlope: (x, slope) => {
          slope.fill(0);
          slope[3] = (-2 * (x[3]! - (hills[0]!(x) > hills[1]!(x) ? 0.1 : 0.4))) / 0.01;
          return highest(x);
        },
      },
      // on top of the low one, and at the foot of the high one
      spread: (index) => Float64Array.of(0.5, 0, 0, index === 0 ? 0.2 : 0.56),
      spreadCount: 2,
    };
    const alone = searchCandidates({ ...inBox, incumbents: [] });
    expect(alone[0]!.point[3]).toBeCloseTo(0.4, 4);
    // the incumbent of the others is outside of the box
    for (const { point } of [...alone, ...searchCandidates(inBox)]) {
      for (const [k, x] of point.entries()) expect(x >= box.low[k]! && x <= box.high[k]!).toBe(true);
    }
  });
});

import { describe, expect, it } from "vitest";
import { axesOf } from "../../../src/algorithms/gp/axes.js";
import { frameAround, isWithin, neighbourhoodOf, wholeCube } from "../../../src/algorithms/gp/region.js";
import { observationsOf } from "../../../src/algorithms/observations.js";
import type { Params, ParamValue } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { toUnit } from "../../../src/space/unit-cube.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";

const plane = parseSpace({ "/x": "uniform(0, 1, precision=17)", "/y": "uniform(0, 1, precision=17)" });

function around(space: typeof plane, results: readonly (readonly [Params, number])[]) {
  const history = results.map(([params, objective], i) =>
    inventTrial({ number: i + 1, id: `${i}`, params, objective, status: "completed" }),
  );
  const observations = observationsOf({ space, history, cache: new Map() });
  return { ...neighbourhoodOf(observations, axesOf(space)), all: observations };
}

const at = (x: number, y: number): Params => ({ "/x": x, "/y": y });

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** More than a box reaches to. */
function ring(radius: number) {
  return Array.from({ length: 14 }, (_, i): readonly [Params, number] => {
    const [x, y] = [0.5 + radius * Math.cos(i), 0.5 + radius * Math.sin(i)];
    return [at(x, y), radius];
  });
}

describe("the neighbourhood of the best trial", () => {
  it("reaches as far as the trials nearest to it, on both sides", () => {
    const { box } = around(plane, [[at(0.5, 0.5), 0], ...ring(0.1), [at(0, 0), 9], [at(1, 1), 9]]);
    expect(box.low[0]).toBeCloseTo(0.4, 10);
    expect(box.high[0]).toBeCloseTo(0.6, 10);
    expect(box.low[1]! + box.high[1]!).toBeCloseTo(1, 10);
  });

  it("is smaller where trials lie closer together, and ends with the space", () => {
    const wide = around(plane, [[at(0.5, 0.5), 0], ...ring(0.3)]).box;
    const narrow = around(plane, [[at(0.5, 0.5), 0], ...ring(0.3), ...ring(0.01)]).box;
    expect(narrow.high[0]! - narrow.low[0]!).toBeLessThan(0.1 * (wide.high[0]! - wide.low[0]!));
    const corner = around(plane, [[at(0, 1), -1], ...ring(0.1)]).box;
    expect([corner.low[0], corner.high[1]]).toEqual([0, 1]);
  });

  it("grows beyond a plateau", () => {
    const plateau = ring(0.05).map(([params]) => [params, 0] as const);
    const { box } = around(plane, [[at(0.5, 0.5), 0], ...plateau, ...ring(0.4)]);
    expect(box.high[0]! - box.low[0]!).toBeGreaterThan(0.7);
  });

  it("has a width when all results are equal, or there is only one", () => {
    for (const results of [[[at(0.5, 0.5), 1] as const], ring(0.2)]) {
      const { box } = around(plane, results);
      for (const k of [0, 1]) expect(box.high[k]).toBeGreaterThan(box.low[k]!);
    }
  });

  it("has the nearest trials as observations, as they followed one another, failed ones too", () => {
    const far = Array.from({ length: 40 }, (_, i): readonly [Params, number] => [at(0.9 + i / 1000, 0.9), 5]);
    const { observations } = around(plane, [...far, ...ring(0.1), [at(0.5, 0.5), 0], [at(0.51, 0.5), Number.NaN]]);
    expect(observations.count).toBe(24);
    expect(observations.trials.map(({ number }) => number)).toEqual([...range(1, 8), ...range(41, 56)]);
    expect(observations.objectives.at(-1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("keeps the categories of the best trial, and the neighbours of its integers", () => {
    const space = parseSpace({
      "/c": "choices(['a', 'b', 'c'])",
      "/n": "uniform(1, 9, discrete=True)",
      "/x": "uniform(0, 1)",
    });
    const of = (n: ParamValue, c: ParamValue, x: ParamValue): Params => ({ "/n": n, "/c": c, "/x": x });
    const results = range(1, 20).map((i): readonly [Params, number] => [of(4, "b", 0.4 + i / 50), i]);
    const { box } = around(space, [...results, [of(9, "a", 0.5), 7]]);
    const levelOf = (params: Params, k: number) => toUnit(space, params)[k];
    expect([...box.axes[0]!.levels!]).toEqual([levelOf(of(4, "b", 0.5), 0)]);
    expect([...box.axes[1]!.levels!]).toEqual([3, 4, 5].map((n) => levelOf(of(n, "b", 0.5), 1)));
  });
});

describe("isWithin", () => {
  it("is true of what lies in the box, its faces with it", () => {
    const box = { ...wholeCube(axesOf(plane)), low: Float64Array.of(0.4, 0), high: Float64Array.of(1, 0.5) };
    const points = [Float64Array.of(0.1, 0.1), Float64Array.of(0.4, 0.5), Float64Array.of(0.9, 0.6)];
    expect(points.map((point) => isWithin(box, point))).toEqual([false, true, false]);
    expect(points.every((point) => isWithin(wholeCube(axesOf(plane)), point))).toBe(true);
  });
});

describe("the frame of some trials", () => {
  it("goes from one end of them to the other, and leaves categories out", () => {
    const space = parseSpace({ "/x": "uniform(0, 1, precision=17)", "/z": "choices(['a', 'b'])" });
    const count = 1001;
    const results = range(0, count - 1).map((i): readonly [Params, number] => [
      { "/x": 0.2 + (0.4 * i) / (count - 1), "/z": i % 2 ? "a" : "b" },
      i,
    ]);
    const { center, reach } = frameAround(around(space, results).all, axesOf(space));
    expect(center[0]).toBeCloseTo(0.4, 10);
    expect(reach[0]).toBeCloseTo(0.2, 3);
    expect(reach[1]).toBe(Number.POSITIVE_INFINITY);
  });
});

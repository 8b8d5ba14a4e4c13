import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankRows } from "../../../src/algorithms/tpe/rank-rows.js";
import { rankWithLies } from "../../../src/algorithms/tpe/rank-with-lies.js";
import { splitRows } from "../../../src/algorithms/tpe/split-rows.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import type { Trial } from "../../../src/trial/trial.js";

/** Infinity stands for a broken trial. */
function observationsOf(values: readonly number[]) {
  const trials = values.map((value, index) =>
    inventTrial({
      number: index + 1,
      id: `${index}`,
      params: {},
      ...(value === Infinity ? { status: "broken" } : { status: "completed", objective: value }),
    }),
  );
  return { trials, count: values.length, objectives: Float64Array.from(values) };
}

const limits = { gamma: 0.5, maxBelow: 25, maxAbove: 1000 };
const wide = { ...limits, maxAbove: 10 };

describe("the ranking", () => {
  it("is the stable sort, however the history came in", () => {
    const values = fc.array(fc.constantFrom(3, 1, 2, -0, 0, Infinity, 1e308), { maxLength: 200 });
    fc.assert(
      fc.property(values, fc.nat(200), (list, cut) => {
        const { trials, count, objectives } = observationsOf(list);
        const cache = new Map<string, unknown>();
        const before = Math.min(cut, count);
        rankRows({ trials: trials.slice(0, before), count: before, objectives }, cache);
        const { rows, finiteCount } = rankRows({ trials, count, objectives }, cache);
        const by = (a: number, b: number) => (list[a] === list[b] ? a - b : list[a]! - list[b]!);
        expect([...rows]).toEqual([...list.keys()].sort(by));
        expect(finiteCount).toBe(list.filter(Number.isFinite).length);
      }),
    );
  });

  it("begins anew when the history was rewritten", () => {
    const cache = new Map<string, unknown>();
    rankRows(observationsOf([5, 4, 3]), cache);
    expect([...rankRows(observationsOf([1, 2]), cache).rows]).toEqual([0, 1]);
  });
});

describe("the split", () => {
  const split = (values: readonly number[], extra: readonly number[] = [], options = limits) => {
    const { below, above } = splitRows(rankRows(observationsOf(values), new Map()), extra, options);
    return { below: [...below], above: [...above] };
  };

  it("takes the best share, both sides in order of arrival", () => {
    expect(split([5, 1, 4, 2, 3])).toEqual({ below: [1, 3, 4], above: [0, 2] });
  });

  it("never counts what has no value among the best", () => {
    expect(split([Infinity, 7, Infinity, Infinity])).toEqual({ below: [1], above: [0, 2, 3] });
    expect(split([Infinity])).toEqual({ below: [], above: [0] });
  });

  it("counts extra rows as bad ones, and not at all in the share", () => {
    expect(split([2, 1], [2, 3, 4])).toEqual({ below: [1], above: [0, 2, 3, 4] });
  });

  it("thins out a long rest: the newest stay, and of the others some of each rank", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    const { below, above } = split(values, [100, 101], { ...wide, gamma: 0.05 });
    expect(below).toEqual([95, 96, 97, 98, 99]);
    expect(above).toHaveLength(10);
    expect(above.slice(-6)).toEqual([91, 92, 93, 94, 100, 101]);
    // four of the ninety-one older ones, evenly over the ranks
    expect(above.slice(0, 4)).toEqual([0, 22, 45, 68]);
    expect(
      split(
        values,
        Array.from({ length: 50 }, (_, m) => 100 + m),
        wide,
      ).above,
    ).toHaveLength(10);
  });
});

describe("a ranking with lies", () => {
  const observations = observationsOf([3, Infinity, 1, 2]);
  const ranking = rankRows(observations, new Map());
  const running = (number: number, change: Partial<Trial> = {}) =>
    inventTrial({ number, id: `${number}`, params: {}, status: "reserved", ...change });
  const rank = (lie: number | undefined, pending: readonly Trial[] = [running(5)]) => {
    const strategy = () => lie;
    const { rows, finiteCount } = rankWithLies({ observations, ranking, pending, strategy });
    return [[...rows], finiteCount];
  };

  it("puts trials without a result where the lie says, after truths that are as good", () => {
    expect(rank(2)).toEqual([[2, 3, 1, 4, 0], 5]);
    expect(rank(0)).toEqual([[1, 4, 2, 3, 0], 5]);
  });

  it("leaves out those without a lie, and ranks infinite lies last", () => {
    expect(rank(undefined)).toEqual([[2, 3, 0], 3]);
    expect(rank(Infinity)).toEqual([[2, 3, 0, 1, 4], 3]);
    expect(rank(-Infinity)).toEqual([[2, 3, 0, 1, 4], 3]);
  });

  it("believes an objective that a trial has already", () => {
    expect(rank(undefined, [running(5, { objective: 1.5 })])).toEqual([[2, 4, 3, 0], 4]);
  });

  it("tells the strategy the largest and the mean of the completed objectives", () => {
    const heard: unknown[] = [];
    const strategy = (status: string, completed: unknown) => {
      heard.push([status, completed]);
      return undefined;
    };
    rankWithLies({ observations, ranking, pending: [running(5)], strategy });
    expect(heard).toEqual([
      ["broken", { max: 3, mean: 2 }],
      ["reserved", { max: 3, mean: 2 }],
    ]);
  });
});

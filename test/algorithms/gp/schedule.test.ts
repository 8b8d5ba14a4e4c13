import { describe, expect, it } from "vitest";
import { chooseRows } from "../../../src/algorithms/gp/choose-rows.js";
import { fitAt } from "../../../src/algorithms/gp/schedule.js";
import { keyedRng } from "../../../src/math/rng.js";

describe("the schedule of fits", () => {
  it("is due after each of the first twenty trials, and after a twentieth more from then on", () => {
    const lengths = [...new Set(Array.from({ length: 60 }, (_, i) => fitAt(i + 1).length))];
    expect(lengths.slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(lengths.slice(21)).toEqual([23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 44, 47, 50, 53, 56, 59]);
  });

  it("never sees more than the history, and needs at most three fits before", () => {
    for (let count = 1; count < 2000; count += 7) {
      let chain = 0;
      for (let fit = fitAt(count); fit.before !== undefined; fit = fit.before, chain++) {
        expect(fit.before.length).toBeLessThan(fit.length);
      }
      expect(fitAt(count).length).toBeLessThanOrEqual(count);
      expect(chain).toBeLessThanOrEqual(3);
    }
  });
});

describe("chooseRows", () => {
  const count = 100;
  const rng = keyedRng("rows");
  const points = Float64Array.from({ length: 2 * count }, () => rng.next());
  const objectives = Float64Array.from({ length: count }, (_, i) => (i % 9 === 4 ? Infinity : rng.next()));

  it("takes all while there are few", () => {
    const rows = chooseRows({ points, size: 2, objectives, count: 7, limit: 7 });
    expect([...rows]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("takes the best, what lies around the very best, and the latest", () => {
    const rows = [...chooseRows({ points, size: 2, objectives, count, limit: 40 })];
    expect(rows.length).toBe(40);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    const order = [...objectives.keys()].sort((a, b) => (objectives[a]! < objectives[b]! ? -1 : 1));
    expect(order.slice(0, 20).filter((row) => !rows.includes(row))).toEqual([]);
    const best = order[0]!;
    const distanceTo = (row: number) =>
      Math.hypot(points[2 * row]! - points[2 * best]!, points[2 * row + 1]! - points[2 * best + 1]!);
    const nearest = [...objectives.keys()].sort((a, b) => distanceTo(a) - distanceTo(b));
    expect(nearest.slice(0, 10).filter((row) => !rows.includes(row))).toEqual([]);
    expect(rows).toContain(count - 1);
  });
});

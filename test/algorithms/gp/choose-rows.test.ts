import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseRows } from "../../../src/algorithms/gp/choose-rows.js";
import { leastRows } from "../../../src/algorithms/gp/least-rows.js";
import { keyedRng } from "../../../src/math/rng.js";

const key = fc.constantFrom(0, 1, 2, 3, 5, -1, Number.POSITIVE_INFINITY);

function sortedBy(keys: readonly number[]): number[] {
  return [...keys.keys()].sort((a, b) => (keys[a] === keys[b] ? a - b : keys[a]! - keys[b]!));
}

it("finds the rows with the least keys as a sort would, ties in their order", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (keys, limit) => {
      const found = leastRows({ count: keys.length, limit, keyOf: (row) => keys[row]! });
      expect([...found]).toEqual(sortedBy(keys).slice(0, limit));
    }),
  );
});

it("looks at most rows once", () => {
  let looks = 0;
  const rng = keyedRng("rows");
  const keys = Float64Array.from({ length: 50_000 }, () => rng.next());
  const keyOf = (row: number) => {
    looks++;
    return keys[row]!;
  };
  leastRows({ count: keys.length, limit: 100, keyOf });
  expect(looks).toBeLessThan(2 * keys.length);
});

it("chooses the best, those nearest to the very best, and the latest", () => {
  const result = fc.tuple(key, fc.constantFrom(0, 0.1, 0.2, 0.5, 1), fc.constantFrom(0, 0.3, 1));
  fc.assert(
    fc.property(
      fc.array(result, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 4, max: 30 }),
      (results, limit) => {
        const count = results.length;
        const objectives = results.map(([objective]) => objective);
        const chosen = chooseRows({
          points: Float64Array.from(results.flatMap(([, x, y]) => [x, y])),
          size: 2,
          objectives: Float64Array.from(objectives),
          count,
          limit,
        });
        const byObjective = sortedBy(objectives);
        const [, x0, y0] = results[byObjective[0]!]!;
        const byDistance = sortedBy(results.map(([, x, y]) => (x - x0) * (x - x0) + (y - y0) * (y - y0)));
        const expected = new Set(byObjective.slice(0, limit >> 1));
        const take = (rows: readonly number[], most: number) => {
          for (const row of rows) if (expected.size < most) expected.add(row);
        };
        take(byDistance, (limit >> 1) + (limit >> 2));
        take([...results.keys()].reverse(), limit);
        const all = [...results.keys()];
        expect([...chosen]).toEqual(count <= limit ? all : all.filter((row) => expected.has(row)));
      },
    ),
  );
});

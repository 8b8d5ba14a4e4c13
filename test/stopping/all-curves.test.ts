import fc from "fast-check";
import { expect, it } from "vitest";
import { collectCurves } from "../../src/stopping/all-curves.js";
import { rankOf, valueAt, valueFrom } from "../../src/stopping/curves.js";
import type { Curve, Ranking } from "../../src/stopping/stopping-rule.js";

interface Told {
  readonly number: number;
  readonly step: number;
  readonly value: number;
}

/** Kinds of values that rules ask for, as they are defined: by a look at each report. */
const definitions = {
  at: (step: number) => (points: readonly Told[]) =>
    points.some((point) => point.step >= step) ? points.findLast((point) => point.step <= step)?.value : undefined,
  from: (step: number) => (points: readonly Told[]) => points.find((point) => point.step >= step)?.value,
};
const readers = {
  at: (step: number) => (curve: Curve) => valueAt(curve, step),
  from: (step: number) => (curve: Curve) => valueFrom(curve, step),
};

/** Of the reports so far: the last value of each step, by step. */
function pointsOf(reports: readonly Told[], number: number): Told[] {
  const bySteps = new Map(reports.filter((one) => one.number === number).map((one) => [one.step, one]));
  return [...bySteps.values()].sort((a, b) => a.step - b.step);
}

const valuesOf = (ranking: Ranking) => Array.from({ length: ranking.count }, (_, place) => ranking.at(place));

const small = fc.integer({ min: 1, max: 4 });
const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0));
const told = fc.record({ number: small, step: small, value });
const asked = fc.record({
  kind: fc.constantFrom("at" as const, "from" as const),
  step: small,
  number: small,
  limit: value,
});

it("a ranking is what it would be if it were made of all reports so far, however often it is asked for", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(told, asked), { minLength: 20, maxLength: 80 }), (events) => {
      const all = collectCurves();
      const reports: Told[] = [];
      for (const event of events) {
        if ("value" in event) {
          reports.push(event);
          all.add(event.number, event);
          continue;
        }
        const { kind, step, number, limit } = event;
        const others = [1, 2, 3, 4].filter((other) => other !== number);
        const values = others.flatMap((other) => definitions[kind](step)(pointsOf(reports, other)) ?? []);
        const expected = values.map(rankOf).sort((a, b) => a - b || 0);
        const ranking = all.othersOf(number).rank(`${kind} ${step}`, readers[kind](step));
        expect(valuesOf(ranking).map((one) => one + 0)).toEqual(expected.map((one) => one + 0));
        expect(ranking.countBelow(limit)).toBe(expected.filter((one) => one < limit).length);
      }
    }),
  );
});

it("looks at each curve once for a ranking that is asked for again, and then only at what is new", () => {
  const all = collectCurves();
  for (let number = 1; number <= 100; number++) all.add(number, { step: 1, value: number });
  let looks = 0;
  const ask = () =>
    all.othersOf(1).rank("at step 1", (curve) => {
      looks++;
      return valueAt(curve, 1);
    });
  ask();
  ask();
  looks = 0;
  all.add(100, { step: 1, value: 0 });
  expect([ask().at(0), ask().at(98)]).toEqual([0, 99]);
  expect(looks).toBeLessThan(10);
});

it("goes on with the right answers when more rankings are asked for than it keeps", () => {
  const all = collectCurves();
  for (let number = 1; number <= 3; number++) all.add(number, { step: 1000, value: number });
  for (let turn = 0; turn < 3; turn++) {
    for (let step = 1; step <= 1000; step += 3) {
      const ranking = all.othersOf(2).rank(`from step ${step}`, (curve) => valueFrom(curve, step));
      expect(valuesOf(ranking)).toEqual([1, 3]);
    }
  }
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { createRankedTrials, rankOf } from "../../../src/algorithms/multi-fidelity/ranked-trials.js";
import { readRungs } from "../../../src/algorithms/multi-fidelity/rungs.js";
import { readMembers } from "../../../src/algorithms/pbt/members.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import type { Trial } from "../../../src/trial/trial.js";

const trialAt = (objective: number | undefined, index: number) =>
  inventTrial({ number: index + 1, id: `${index}`, params: {}, status: "completed", objective });

it("has trials best first, ties as they came, however often somebody asks meanwhile", () => {
  const objective = fc.constantFrom(1, 2, 3, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined);
  const added = fc.record({ objective, isAsked: fc.boolean() });
  fc.assert(
    fc.property(fc.array(added, { maxLength: 40 }), (entries) => {
      const ranked = createRankedTrials();
      const trials = entries.map(({ objective }, index) => trialAt(objective, index));
      for (const [index, trial] of trials.entries()) {
        ranked.add(trial);
        if (entries[index]!.isAsked) ranked.bestFirst();
      }
      const byRank = (a: number, b: number) => (a === b ? 0 : a - b);
      expect(ranked.bestFirst()).toEqual(trials.toSorted((a, b) => byRank(rankOf(a), rankOf(b))));
    }),
  );
});

it("finds the best one that is free, and where it stands, whatever was dropped before", () => {
  const entry = fc.record({
    objective: fc.constantFrom(1, 2, 3, Number.NaN),
    isGone: fc.boolean(),
    isTaken: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
      const [all, open] = [createRankedTrials(), createRankedTrials()];
      const gone = new Set<string>();
      for (const [index, { objective, isGone, isTaken }] of entries.entries()) {
        const trial = trialAt(objective, index);
        for (const ranked of [all, open]) ranked.add(trial);
        const taken = all.bestFirst().find(({ id }) => isTaken && !gone.has(id));
        const free = open.firstFree({ isGone: ({ id }) => gone.has(id), isTaken: (other) => other === taken });
        const order = all.bestFirst();
        const place = order.findIndex((other) => other !== taken && !gone.has(other.id));
        expect(free).toBe(order[place]);
        if (free === undefined) continue;
        expect(all.indexOf(free)).toBe(place);
        if (isGone) gone.add(free.id);
      }
    }),
  );
});

it.each([
  ["rung", (history: readonly Trial[]) => readRungs({ history, pending: [], cache: new Map() }).at(place).completed],
  [
    "generation",
    (history: readonly Trial[]) => readMembers({ history, pending: [], cache: new Map() }).ranked(generation),
  ],
])(
  "is the order of a %s, and in a history that is read at once each trial is looked at a few times only",
  (_, read) => {
    let looks = 0;
    const count = 2000;
    const history = Array.from({ length: count }, (_, index): Trial => {
      const trial = trialAt(undefined, index);
      const facts = { ...place, ...generation, member: index };
      return Object.defineProperty({ ...trial, facts }, "objective", { get: () => -index + 0 * looks++ });
    });
    expect(read(history).map(({ number }) => number)).toEqual(history.map((_, index) => count - index));
    expect(looks).toBeLessThan(100 * count);
  },
);

const place = { repetition: 0, bracket: 0, rung: 0 };
const generation = { repetition: 0, generation: 0 };

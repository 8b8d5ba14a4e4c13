import { expect, it } from "vitest";
import asha from "../../src/algorithms/asha.js";
import { configureAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../src/algorithms/suggest-trial.js";
import type { Params } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../src/testing/invent-trial.js";
import { simulate } from "../../src/testing/simulate.js";
import type { Trial } from "../../src/trial/trial.js";
import { evaluatesAgain } from "./multi-fidelity/evaluates-again.js";
import { halvingProperties } from "./multi-fidelity/halving-properties.js";

algorithmContract("asha", asha, { exempt: [evaluatesAgain] });
halvingProperties("asha", asha);
halvingProperties("asha with brackets", asha, { num_brackets: 2 });

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });

it("promotes one in three at once, as in algorithm 2 of the paper with η = 3", () => {
  const { trials } = simulate({
    algorithm: asha,
    space,
    maxTrials: 13,
    objective: (_params, number) => number,
  });
  // One worker: three at the bottom, and the best of them goes up; nine, and the best of three goes to the top.
  expect(trials.map(({ params }) => params["/epochs"])).toEqual([1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 3, 9]);
  const at = (epochs: number) => trials.filter(({ params }) => params["/epochs"] === epochs);
  const best = (some: readonly Trial[]) => some.toSorted((a, b) => a.objective! - b.objective!)[0]!;
  expect(at(9)[0]!.parent).toBe(best(at(3)).id);
});

it.each([1, 5])("goes on to the top when every configuration was tried, with %i workers", (workers) => {
  const few = parseSpace({ "/x": "uniform(1, 4, discrete=True)", "/epochs": "fidelity(1, 9, base=3)" });
  const run = (objective: (params: Params, number: number) => number | undefined) =>
    simulate({ algorithm: asha, space: few, workers, maxTrials: 99, objective });
  const { trials, end } = run(({ "/x": x }) => x as number);
  expect(end).toBe("done");
  // one in three of each rung, rounded up: 4, 2, 1
  expect(trials.map(({ params }) => params["/epochs"]).sort()).toEqual([1, 1, 1, 1, 3, 3, 9]);
  const top = (some: readonly Trial[]) => some.find(({ params }) => params["/epochs"] === 9)!.params["/x"];
  expect(top(trials)).toBe(1);
  const failing = run(({ "/x": x, "/epochs": epochs }) => (x === 1 && epochs === 3 ? undefined : (x as number)));
  expect(top(failing.trials)).toBe(2);
});

it("never waits: with nothing to promote another one starts at the bottom", () => {
  const { trials } = simulate({
    algorithm: asha,
    space,
    workers: 40,
    maxTrials: 60,
    objective: ({ "/x": x }) => x as number,
  });
  expect(trials.length).toBe(60);
});

it("looks past trials that are promoted already, and does not promote one whose promotion broke again", () => {
  const { options } = configureAlgorithm(asha, { name: "asha", options: {}, space });
  const facts = { repetition: 0, bracket: 0, rung: 0 };
  const base = Array.from({ length: 6 }, (_, i) =>
    inventTrial({
      number: i + 1,
      id: `b${i}`,
      params: { "/epochs": 1, "/x": i / 10 },
      objective: i,
      status: "completed",
      facts,
    }),
  );
  const ask = (history: readonly Trial[], pending: readonly Trial[] = []) =>
    suggestAtOnce(asha, {
      space,
      options,
      seed: "1",
      trialNumber: 9,
      attempt: 0,
      maxTrials: 99,
      history,
      pending,
      cache: new Map(),
    });
  const child = inventTrial({
    number: 7,
    id: "c",
    params: { "/epochs": 3, "/x": 0 },
    parent: "b0",
    status: "broken",
    facts: { ...facts, rung: 1 },
  });
  expect(ask(base)).toMatchObject({ parent: "b0", claim: "promotion of b0", params: { "/epochs": 3 } });
  expect(ask([...base, child])).toMatchObject({ parent: "b1" });
  expect(ask(base, [{ ...child, status: "reserved" }])).toMatchObject({ parent: "b1" });
  const other = { ...child, number: 8, id: "d", parent: "b1" };
  expect(ask([...base, child, other])).toMatchObject({ params: { "/epochs": 1 }, facts: { rung: 0 } });
});

it("looks at a few trials for a suggestion, however many were promoted before", () => {
  const { options } = configureAlgorithm(asha, { name: "asha", options: {}, space });
  let looks = 0;
  const watched = (trial: Trial): Trial => {
    const counted = { ...trial };
    for (const property of ["id", "objective"] as const) {
      Object.defineProperty(counted, property, {
        get: () => {
          looks++;
          return trial[property];
        },
      });
    }
    return counted;
  };
  const { trials } = simulate({ algorithm: asha, space, maxTrials: 3000, objective: (_params, number) => -number });
  const history = trials.map(watched);
  const cache = new Map<string, unknown>();
  // the child of one trial is still under way; what came before the last ones has been seen
  const [slow, ...others] = history.toSorted((a, b) => b.number - a.number).filter(({ facts }) => facts.rung === 1);
  expect(others.length).toBeGreaterThan(500);
  const pending = [inventTrial({ ...slow!, status: "reserved" })];
  const ended = history.filter((trial) => trial !== slow);
  const ask = (count: number) => {
    const request = { space, options, seed: "1", attempt: 0, maxTrials: 1e6, pending, cache };
    suggestAtOnce(asha, { ...request, trialNumber: 9999, history: ended.slice(0, count) });
  };
  for (let left = 20; left > 0; left--) ask(ended.length - left);
  looks = 0;
  ask(ended.length);
  expect(looks).toBeLessThan(200);
});

it("ends after its repetitions, each bracket in proportion", () => {
  const run = (options: Record<string, unknown>) =>
    simulate({ algorithm: asha, options, space, maxTrials: 1000, objective: (_params, number) => number });
  const { trials, end } = run({ repetitions: 2 });
  expect(end).toBe("done");
  expect([1, 3, 9].map((epochs) => trials.filter(({ params }) => params["/epochs"] === epochs).length)).toEqual([
    18, 6, 2,
  ]);
});

it.each([1, 5])("fills the top of its repetitions though promotions broke, with %i workers", (workers) => {
  let broken = 0;
  const objective = ({ "/x": x, "/epochs": epochs }: Params) =>
    (epochs as number) > 1 && broken++ < 4 ? undefined : (x as number);
  const options = { repetitions: 2 };
  const { trials, end } = simulate({ algorithm: asha, options, space, workers, maxTrials: 999, objective });
  expect(end).toBe("done");
  const top = trials.filter(({ status, params }) => status === "completed" && params["/epochs"] === 9);
  expect(top.length).toBe(2);
});

it.each([
  [{ num_rungs: 10 }, /10 rungs/],
  [{ num_rungs: 1e9 }, /num_rungs is 1000000000/],
  [{ num_brackets: 0 }, /num_brackets is 0/],
  [{ repetitions: 1.5 }, /repetitions is 1.5/],
])("refuses %o", (options, message) => {
  expect(() => configureAlgorithm(asha, { name: "asha", options, space })).toThrow(message);
});

it("refuses a fidelity that keeps every trial", () => {
  const flat = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=1)" });
  expect(() => configureAlgorithm(asha, { name: "asha", options: {}, space: flat })).toThrow(/one trial in 1/);
});

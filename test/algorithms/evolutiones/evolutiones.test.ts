import { expect, it } from "vitest";
import evolutiones from "../../../src/algorithms/evolutiones/evolutiones.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { simulate } from "../../../src/testing/simulate.js";
import { populationContract, populationProperties } from "../pbt/population-properties.js";

populationContract("evolutiones", evolutiones);
populationProperties("evolutiones", evolutiones, { nums_population: 6 });

const space = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });
const x = ({ "/x": value }: Params) => value as number;

it("lets half of a generation go on, and half become copies of those: R = 9, η = 3", () => {
  const options = { nums_population: 4, repetitions: 1 };
  const { trials, end } = simulate({ algorithm: evolutiones, options, space, maxTrials: 99, objective: x });
  expect(end).toBe("done");
  expect(trials.map(({ params, facts }) => `${facts.generation}:${params["/epochs"]}`)).toEqual([
    ...Array(4).fill("0:1"),
    ...Array(4).fill("1:3"),
    ...Array(4).fill("2:9"),
  ]);
  for (const from of [0, 4]) {
    const before = trials.slice(from, from + 4);
    const after = trials.slice(from + 4, from + 8);
    const winners = after.filter(({ parent }) => parent !== undefined);
    const copies = after.filter(({ parent }) => parent === undefined);
    expect([winners.length, copies.length]).toEqual([2, 2]);
    for (const [at, winner] of winners.entries()) {
      const parent = before.find(({ id }) => id === winner.parent)!;
      expect(winner.params).toEqual({ ...parent.params, "/epochs": winner.params["/epochs"] });
      // the copy in its pair lost against it, and has one of its two genes
      const loser = before.find(({ facts }) => facts.member === copies[at]!.facts.member)!;
      expect(loser.objective).toBeGreaterThanOrEqual(parent.objective!);
      const shared = ["/x", "/y"].filter((name) => copies[at]!.params[name] === parent.params[name]);
      expect(shared.length).toBe(1);
    }
  }
});

it("has a generation for every integer when the base is 1", () => {
  const flat = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(2, 5, base=1)" });
  const options = { nums_population: 3, repetitions: 1 };
  const { trials } = simulate({ algorithm: evolutiones, options, space: flat, maxTrials: 99, objective: x });
  // the third of an odd number meets nobody
  expect(trials.map(({ params }) => params["/epochs"])).toEqual([2, 2, 2, 3, 3, 4, 4, 5, 5]);
});

it("begins a population of more generations than could be listed", () => {
  const vast = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 2**53 - 1, base=1)" });
  const options = { nums_population: 2 };
  const { trials } = simulate({ algorithm: evolutiones, options, space: vast, maxTrials: 6, objective: x });
  expect(trials.map(({ params }) => params["/epochs"])).toEqual([1, 1, 2, 2, 3, 3]);
});

it("looks at each generation a few times for a suggestion, however many there are", () => {
  const long = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 500, base=1)" });
  // of an odd number one is out, so no generation but the first is as large as the population
  const options = { nums_population: 3 };
  const readsAfter = (generations: number) => {
    const maxTrials = 3 + 2 * (generations - 1);
    const { trials } = simulate({ algorithm: evolutiones, options, space: long, maxTrials, objective: x });
    let reads = 0;
    const history = trials.map((trial) =>
      Object.defineProperty({ ...trial }, "objective", {
        get: () => {
          reads++;
          return trial.objective;
        },
      }),
    );
    const resolved = configureAlgorithm(evolutiones, { name: "evolutiones", options, space: long });
    const request = { space: long, options: resolved.options, seed: "1", attempt: 0, maxTrials: 1e6, pending: [] };
    suggestAtOnce(evolutiones, { ...request, trialNumber: maxTrials + 1, history, cache: new Map() });
    return reads;
  };
  expect(readsAfter(80)).toBeLessThan(5 * readsAfter(20));
});

it("goes on with the next repetition while a generation fills", () => {
  const options = { nums_population: 4 };
  const { trials } = simulate({ algorithm: evolutiones, options, space, workers: 12, maxTrials: 40, objective: x });
  expect(new Set(trials.map(({ facts }) => facts.repetition)).size).toBeGreaterThan(1);
});

it.each([
  [{ nums_population: 1 }, /nums_population is 1/],
  [{ nums_population: 1e9 }, /nums_population is 1000000000/],
  [{ max_retries: 0 }, /max_retries is 0/],
  [{ max_retries: 1e9 }, /max_retries is 1000000000/],
  [{ repetitions: 0 }, /repetitions is 0/],
  [{ mutate: "my_package.mutate" }, /only the built-in mutation exists/],
  [{ mutate: { function: "my_package.mutate" } }, /only the built-in mutation exists/],
  [{ mutate: { multiply_factor: 0.5 } }, /multiply_factor is 0.5/],
  [{ mutate: { factor: 3 } }, /no option "factor"/],
])("refuses %o", (options, message) => {
  expect(() => configureAlgorithm(evolutiones, { name: "evolutiones", options, space })).toThrow(message);
});

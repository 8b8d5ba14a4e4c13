import { describe, expect, it } from "vitest";
import { readExploit } from "../../../src/algorithms/pbt/exploit.js";
import { readExplore } from "../../../src/algorithms/pbt/explore.js";
import { resourcesOfGenerations } from "../../../src/algorithms/pbt/generations.js";
import pbt from "../../../src/algorithms/pbt/pbt.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { keyedRng } from "../../../src/math/rng.js";
import type { FidelityDimension, Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { contains } from "../../../src/space/values.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { simulate } from "../../../src/testing/simulate.js";
import { populationContract, populationProperties } from "./population-properties.js";

populationContract("pbt", pbt, { population_size: 14, generations: 2 });
populationProperties("pbt", pbt, { population_size: 6, generations: 3 });

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });
const x = ({ "/x": value }: Params) => value as number;

it("raises the fidelity of all members generation by generation, and replaces the worst", () => {
  const options = {
    population_size: 5,
    generations: 2,
    exploit: "TruncateExploit",
    explore: { PerturbExplore: { factor: 1.5 } },
  };
  const { trials, end } = simulate({ algorithm: pbt, options, space, maxTrials: 99, objective: x });
  expect(end).toBe("done");
  const numberOf = (id: string | undefined) => trials.find((trial) => trial.id === id)?.number;
  const rows = trials.map(({ facts, params, parent }) => [
    facts.generation,
    facts.member,
    params["/epochs"],
    numberOf(parent),
  ]);
  const ranked = (from: number) => trials.slice(from, from + 5).toSorted((a, b) => a.objective! - b.objective!);
  // the worst of five forks the best, with other parameters; the others go on
  const generation = (from: number) => {
    const [best, , , , worst] = ranked(from);
    return trials.slice(from, from + 5).map(({ number }) => (number === worst!.number ? best!.number : number));
  };
  expect(rows).toEqual([
    ...[0, 1, 2, 3, 4].map((member) => [0, member, 1, undefined]),
    ...generation(0).map((parent, member) => [1, member, 3, parent]),
    ...generation(5).map((parent, member) => [2, member, 9, parent]),
  ]);
  for (const [at, trial] of trials.entries()) {
    if (trial.parent === undefined) continue;
    const before = trials[at - 5]!;
    const parent = trials.find(({ id }) => id === trial.parent)!;
    if (parent === before) expect(trial.params["/x"]).toBe(before.params["/x"]);
    else expect([1.5, 1 / 1.5].map((factor) => (parent.params["/x"] as number) * factor)).toContain(trial.params["/x"]);
  }
});

it("goes on without the members that a small space has no room for", () => {
  const tiny = parseSpace({ "/k": "uniform(1, 3, discrete=True)", "/epochs": "fidelity(1, 4)" });
  const options = { population_size: 10, generations: 2 };
  const { trials, end } = simulate({
    algorithm: pbt,
    options,
    space: tiny,
    maxTrials: 99,
    objective: ({ "/k": k }) => k as number,
  });
  expect(end).toBe("done");
  expect(trials.map(({ params }) => params["/epochs"])).toEqual([1, 1, 1, 2, 2, 2, 4, 4, 4]);
});

describe("exploit", () => {
  const trialOf = (number: number, objective: number) =>
    inventTrial({ number, id: `t${number}`, params: {}, objective, status: "completed" });
  const peers = Array.from({ length: 10 }, (_, i) => trialOf(i + 1, i));
  const elites = Array.from({ length: 10 }, (_, i) => trialOf(i + 21, i - 5.5));
  const ask = (configuration: unknown, at: number, change = {}) =>
    readExploit(
      configuration,
      "pbt: exploit",
    )({ trial: peers[at]!, peers, elites, populationCount: 10, rng: keyedRng("1"), ...change });

  it("keeps all but the worst, which one of the best replaces", () => {
    for (const at of [0, 4, 7]) expect(ask("TruncateExploit", at)).toBe(peers[at]);
    for (const at of [8, 9]) expect(peers.slice(0, 2)).toContain(ask("truncate", at));
  });

  it("backtracks to the best up to now", () => {
    expect(ask("BacktrackExploit", 2)).toBe(peers[2]);
    expect(elites.slice(0, 2)).toContain(ask({ BacktrackExploit: { candidate_pool_ratio: 0.2 } }, 9));
  });

  it("takes the first of a pipeline that replaces", () => {
    const pipeline = { of_type: "PipelineExploit", exploit_configs: ["BacktrackExploit", "TruncateExploit"] };
    expect(elites).toContain(ask(pipeline, 9));
    expect(ask(pipeline, 1)).toBe(peers[1]);
  });

  it("decides nothing before there are enough, but does not wait for more than there will be", () => {
    const few = { peers: peers.slice(0, 3), elites: elites.slice(0, 3) };
    expect(ask("TruncateExploit", 0, few)).toBeUndefined();
    expect(ask("TruncateExploit", 0, { ...few, populationCount: 3 })).toBe(peers[0]);
  });

  it("always has a candidate, where a fifth of four would be none", () => {
    expect(ask("TruncateExploit", 3, { peers: peers.slice(0, 4), populationCount: 4 })).toBe(peers[0]);
  });
});

describe("explore", () => {
  const rich = parseSpace({
    "/c": "choices(['a', 'b', 'c'])",
    "/k": "uniform(1, 4, discrete=True)",
    "/lr": "loguniform(1e-4, 1)",
    "/w": "uniform(0.001, 0.002, precision=2, shape=2)",
    "/epochs": "fidelity(1, 9, base=3)",
  });
  const params = { "/c": "a", "/epochs": 3, "/k": 4, "/lr": 0.9, "/w": [0.001, 0.0019] };

  it("stays in the space, keeps the fidelity, and changes every number", () => {
    const explore = readExplore("PerturbExplore", "pbt: explore");
    for (let seed = 0; seed < 200; seed++) {
      const other = explore(params, { space: rich, rng: keyedRng(seed) });
      for (const dimension of rich.dimensions) expect(contains(dimension, other[dimension.name]!)).toBe(true);
      expect(other["/epochs"]).toBe(3);
      expect(other["/lr"]).not.toBe(0.9);
      expect([3, 4]).toContain(other["/k"]);
    }
  });

  it("stops at a decimal inside of the bounds, as other algorithms do", () => {
    const narrow = parseSpace({ "/x": "uniform(0.5, 0.98766)", "/epochs": "fidelity(1, 9, base=3)" });
    const explore = readExplore({ of_type: "PerturbExplore", factor: 2, volatility: 0 }, "pbt: explore");
    const explored = Array.from(
      { length: 20 },
      (_, seed) => explore({ "/epochs": 3, "/x": 0.9 }, { space: narrow, rng: keyedRng(seed) })["/x"],
    );
    expect(new Set(explored)).toEqual(new Set([0.5, 0.9876]));
  });

  it("resamples with its probability", () => {
    const explore = readExplore({ of_type: "ResampleExplore", probability: 0.2 }, "pbt: explore");
    const kept = Array.from(
      { length: 500 },
      (_, seed) => explore(params, { space: rich, rng: keyedRng(seed) }) === params,
    );
    expect(kept.filter(Boolean).length / 500).toBeCloseTo(0.8, 1);
  });
});

it.each<[number, Partial<FidelityDimension>, readonly number[]]>([
  [4, { low: 1, high: 9, base: 1 }, [1, 3, 5, 7, 9]],
  [2, { low: 1, high: 9, base: 3 }, [1, 3, 9]],
  [8, { low: 1, high: 9, base: 2 }, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  [1, { low: 5, high: 100, base: 1 }, [5, 100]],
])("has fidelities from low to high for %i generations", (generations, change, expected) => {
  const fidelity: FidelityDimension = { ...(space.dimensions[0] as FidelityDimension), ...change };
  expect(resourcesOfGenerations("pbt", fidelity, generations)).toEqual(expected);
});

it.each([
  [{ generations: 9 }, /"\/epochs" has no room for 9 generations.*at most 8/s],
  [{ population_size: 0 }, /population_size is 0/],
  [{ population_size: 1e9 }, /population_size is 1000000000/],
  [{ generations: 1e9 }, /generations is 1000000000/],
  [{ generations: 2, fork_timeout: "soon" }, /fork_timeout is "soon"/],
  [{ generations: 2, exploit: "Best" }, /exploit: there is no "Best".*TruncateExploit/s],
  [{ generations: 2, exploit: { TruncateExploit: { quantile: 0.5 } } }, /no option "quantile".*truncation_quantile/s],
  [{ generations: 2, exploit: { PipelineExploit: {} } }, /exploit_configs is missing/],
  [{ generations: 2, explore: { PerturbExplore: { factor: 0 } } }, /explore: factor is 0/],
  [{ generations: 2, explore: { PipelineExplore: { explore_configs: ["Perturb", 3] } } }, /explore_configs\[1\] is 3/],
])("refuses %o", (options, message) => {
  const configure = () => configureAlgorithm(pbt, { name: "pbt", options, space });
  let told = "";
  try {
    configure();
  } catch (error) {
    const { message: text, remedy } = error as { message: string; remedy: string };
    told = `${text}\n${remedy}`;
  }
  expect(told).toMatch(message);
});

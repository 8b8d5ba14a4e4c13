import { describe, expect, it } from "vitest";
import auto from "../../../src/algorithms/auto/auto.js";
import { keyedRng } from "../../../src/math/rng.js";
import type { Params } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { bowl, finiteTexts, traceTexts } from "../../../src/testing/sample-problems.js";
import { type Simulation, simulate } from "../../../src/testing/simulate.js";

algorithmContract("auto", auto, {
  trace: {
    "/layers": [7, 1, 5, 4, 8, 2, 1, 1, 1, 1],
    "/lr": [0.9635, 0.0001445, 0.0002686, 0.03097, 0.00001441, 0.1103, 0.00001, 1, 0.00001, 0.00001],
    "/momentum": [0.2081, 0.5757, 0.8004, 0.4476, 0.2945, 0.9716, 1, 0, 0, 0],
    "/optimizer": ["sgd", "sgd", "adam", "rmsprop", "rmsprop", "sgd", "rmsprop", "rmsprop", "adam", "sgd"],
  },
});

algorithmContract("auto with a fidelity", { ...auto, requires: { fidelity: true } });

type Texts = Readonly<Record<string, string>>;

function run(texts: Texts, simulation: Partial<Simulation> = {}) {
  return simulate({ algorithm: auto, space: parseSpace(texts), maxTrials: 60, objective: bowl, ...simulation }).trials;
}

const makers = (trials: ReturnType<typeof run>) => new Set(trials.map(({ facts }) => facts.auto));

describe("auto", () => {
  it("stores with each trial who made it and why, beside the facts of that member", () => {
    const trials = run(traceTexts);
    expect(trials.every(({ facts }) => typeof facts.auto === "string" && typeof facts.why === "string")).toBe(true);
    expect(trials[23]!.facts).toMatchObject({ auto: "gp", from: "model" });
  });

  it("leaves a model alone that explains the results, and lets several take turns where none does", () => {
    const square = { "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" };
    const reasons = (objective: (params: Params, number: number) => number) =>
      run(square, { objective, maxTrials: 20 }).map(({ facts }) => facts.why);
    const smooth = reasons(({ "/x": x, "/y": y }) => Math.sin(3 * (x as number)) + (y as number));
    expect(smooth.slice(10)).toContain("a Gaussian process explains the results");
    const noise = reasons((_, number) => keyedRng("noise", number).next());
    expect(noise.slice(10)).not.toContain("a Gaussian process explains the results");
  });

  it("tries the user's defaults first, in a list too", () => {
    const [first] = run({ "/x": "uniform(0, 1, default_value=0.25)", "/n": "uniform(1, 9, discrete=True)" });
    expect(first!.params["/x"]).toBe(0.25);
    const [listed] = run({ "/n": "uniform(1, 9, discrete=True, default_value=4)" });
    expect(listed!.params).toEqual({ "/n": 4 });
    expect(listed!.facts).toMatchObject({ auto: "list" });
  });

  it("tries all points of a small space that the budget allows, and learns when it does not", () => {
    expect(makers(run(finiteTexts, { maxTrials: 12 }))).toEqual(new Set(["list"]));
    expect(makers(run(finiteTexts, { maxTrials: 11 }))).not.toContain("list");
  });

  it("lets cmaes find its own trials among those of others", () => {
    const quick = { "/x": "uniform(-5, 5)", "/y": "uniform(-5, 5)" };
    const trials = run(quick, { algorithm: timed(3), maxTrials: 110 });
    const generations = trials.flatMap(({ facts }) => (facts.auto === "cmaes" ? [facts.generation] : []));
    expect(Math.max(...(generations as number[]))).toBeGreaterThan(1);
    expect(makers(trials.slice(65))).not.toContain("gp");
  });

  it("searches anew when it stands still, from points of its own", () => {
    const valley = ({ "/x": x, "/y": y }: Params) => ((x as number) - 0.3) ** 2 + ((y as number) - 0.7) ** 2;
    const trials = run({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" }, { objective: valley, maxTrials: 90 });
    const rounds = trials.flatMap(({ facts }) => (facts.auto === "fresh" ? [facts.round] : []));
    expect(rounds.length).toBeGreaterThan(5);
    expect(new Set(rounds)).toContain(1);
  });

  it("makes the same trials without caches, through all its members", () => {
    const steps = ({ "/x": x }: Params) => Math.floor(3 * (x as number));
    const long = { algorithm: timed(3), objective: steps, maxTrials: 75, workers: 2 };
    const kept = run({ "/x": "uniform(0, 1)" }, long);
    expect(makers(kept)).toEqual(new Set(["start", "gp", "ranks", "local", "fresh", "cmaes", "tpe"]));
    expect(run({ "/x": "uniform(0, 1)" }, { ...long, dropCaches: true })).toEqual(kept);
  });

  it("makes new configurations at the lowest fidelity by a model, and lets the best go on", () => {
    const trials = run({ ...traceTexts, "/epochs": "fidelity(1, 9, base=3)" });
    const made = trials.filter(({ facts }) => facts.auto === "gp");
    expect(made.length).toBeGreaterThan(10);
    expect(made.every(({ params, facts }) => params["/epochs"] === 1 && facts.rung === 0)).toBe(true);
    const promoted = trials.filter(({ facts }) => facts.auto === "asha");
    expect(promoted.length).toBeGreaterThan(10);
    expect(promoted.every(({ parent, claim }) => parent !== undefined && claim !== undefined)).toBe(true);
  });

  it.each([
    ["equal", () => 1],
    ["huge", (x: number) => x * 1e300],
    ["tiny", (x: number) => x * 1e-300],
    ["of mixed scale", (x: number) => 10 ** (600 * x - 300)],
    ["infinite", () => Number.NEGATIVE_INFINITY],
    ["not a number", () => Number.NaN],
  ])("goes on when objectives are %s", (_, objective) => {
    const trials = run(
      { "/x": "uniform(0, 1)", "/k": "choices(['a', 'b'])" },
      { objective: ({ "/x": x }) => objective(x as number), maxTrials: 40 },
    );
    expect(trials).toHaveLength(40);
  });

  it("serves more dimensions than a Gaussian process bears", () => {
    expect(run({ "/x": "uniform(0, 1, shape=300)" }, { maxTrials: 20 })).toHaveLength(20);
  });
});

/** The algorithm where all trials have taken so many milliseconds. */
function timed(ms: number): Simulation["algorithm"] {
  return {
    ...auto,
    suggest: (context) =>
      auto.suggest({
        ...context,
        history: context.history.map((trial) => remembered(trial, ms)),
      }),
  };
}

const known = new WeakMap<object, object>();

function remembered<T extends { readonly startTime: number | undefined }>(trial: T, ms: number): T {
  const seen = known.get(trial) as T | undefined;
  if (seen !== undefined) return seen;
  const made = { ...trial, endTime: trial.startTime! + ms };
  known.set(trial, made);
  return made;
}

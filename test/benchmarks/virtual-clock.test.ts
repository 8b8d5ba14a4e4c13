import { describe, expect, it } from "vitest";
import { algorithms } from "../../src/algorithms/registry.js";
import { resolveAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import { loadProblem } from "../../src/benchmarks/load-problem.js";
import { followIncumbent, runStudy } from "../../src/benchmarks/study.js";
import { runVirtually, type VirtualExperiment } from "../../src/benchmarks/virtual-clock.js";
import { UsageError } from "../../src/errors.js";
import { keyedRng } from "../../src/math/rng.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { simulate } from "../../src/testing/simulate.js";

/** A clock on which each look takes a millisecond. */
function countingClock(): () => number {
  let looks = 0;
  return () => looks++;
}

async function run(problemName: string, rest: Partial<Omit<VirtualExperiment, "problem">> = {}) {
  const problem = await loadProblem(problemName);
  const usual = { algorithm: { name: "random", options: {} }, seed: "7", maxTrials: 40, now: countingClock() };
  return runVirtually({ problem, ...usual, ...rest });
}

/** Which algorithms need what this problem does not have. */
async function servesMixed4(name: string): Promise<boolean> {
  const { space } = await loadProblem("mixed4");
  return resolveAlgorithm({ name }, parseSpace(space)).then(
    () => true,
    () => false,
  );
}

describe("one worker on the virtual clock", () => {
  it("tries an algorithm of one's own that is handed over", async () => {
    const { algorithm: sobol } = await resolveAlgorithm({ name: "sobol" }, parseSpace({ "/x": "uniform(0, 1)" }));
    const own = { ...sobol, name: "own" };
    const paramsOf = async (algorithm: VirtualExperiment["algorithm"]) =>
      (await run("branin", { algorithm, maxTrials: 6 })).trials.map(({ params }) => params);
    expect(await paramsOf(own)).toEqual(await paramsOf({ name: "sobol", options: {} }));
    const { name: _, ...nameless } = own;
    await expect(run("branin", { algorithm: nameless })).rejects.toThrow(/has no name/);
  });

  it.each(Object.keys(algorithms))("makes the very trials of a simulation, with %s", async (name) => {
    if (!(await servesMixed4(name))) return;
    const problem = await loadProblem("mixed4");
    const { algorithm } = await resolveAlgorithm({ name }, parseSpace(problem.space));
    const simulated = simulate({
      algorithm,
      space: parseSpace(problem.space),
      seed: "7",
      maxTrials: 25,
      objective: (params) => problem.evaluate(params, keyedRng("none")),
    });
    const { trials } = await run("mixed4", { algorithm: { name, options: {} }, maxTrials: 25 });
    expect(trials.map(({ params, objective }) => [params, objective])).toEqual(
      simulated.trials.map(({ params, objective }) => [params, objective]),
    );
    expect(trials.length).toBeGreaterThan(10);
  });
});

describe("many workers on the virtual clock", () => {
  it("repeat a run exactly with the same seed, and make another one with another", async () => {
    const once = () => run("branin+noise1", { workers: 8, failureRate: 0.2 });
    expect(await once()).toEqual(await once());
    expect((await run("branin+noise1", { workers: 8, seed: "8" })).trials).not.toEqual((await once()).trials);
  });

  it("work at the same time, each at one trial at a time", async () => {
    const { trials } = await run("branin", { workers: 8, maxTrials: 200 });
    const busy = trials.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
    const last = trials.at(-1)!.endTime;
    expect(busy / last).toBeGreaterThan(7);
    expect(busy / last).toBeLessThanOrEqual(8);
    for (let worker = 0; worker < 8; worker++) {
      const own = trials.filter((trial) => trial.worker === worker).sort((a, b) => a.startTime - b.startTime);
      for (let i = 1; i < own.length; i++) expect(own[i]!.startTime).toBeGreaterThanOrEqual(own[i - 1]!.endTime);
    }
  });

  it("end in the order of virtual time", async () => {
    const { trials } = await run("branin", { workers: 8 });
    const ends = trials.map(({ endTime }) => endTime);
    expect(ends.toSorted((a, b) => a - b)).toEqual(ends);
    expect(trials.map(({ number }) => number)).not.toEqual(
      trials.map(({ number }) => number).toSorted((a, b) => a - b),
    );
  });

  it("take equal times where durations do not differ, and go by turns", async () => {
    const { trials } = await run("branin", { workers: 4, spread: 0, maxTrials: 8 });
    expect(trials.map(({ worker, endTime }) => [worker, endTime])).toEqual(
      [1, 2].flatMap((time) => [0, 1, 2, 3].map((worker) => [worker, time])),
    );
  });

  it("keep the budget exactly while trials fail", async () => {
    const { trials, end } = await run("branin", { workers: 8, failureRate: 0.3, maxTrials: 100 });
    expect(end).toBe("done");
    expect(trials.filter(({ objective }) => objective !== undefined).length).toBe(100);
    const failed = trials.length - 100;
    expect(failed).toBeGreaterThan(20);
    expect(failed).toBeLessThan(70);
  });

  it("need as much time as the problem says: a tenth of the epochs is a tenth of the time", async () => {
    const { trials } = await run("learning-curve", { spread: 0 });
    for (const { params, startTime, endTime } of trials) {
      expect(endTime - startTime).toBeCloseTo((params.epochs as number) / 81, 9);
    }
  });

  it("resume a trial that continues another from its checkpoint, unless they have none", async () => {
    const asha = { algorithm: { name: "asha", options: {} }, spread: 0, maxTrials: 60 };
    const lengths = async (rest: Partial<VirtualExperiment>) => {
      const { trials } = await run("learning-curve", { ...asha, ...rest });
      const all = trials.map(({ params, startTime, endTime }) => [
        params.epochs,
        Math.round(81 * (endTime - startTime)),
      ]);
      return Object.fromEntries(all) as Record<string, number>;
    };
    expect(await lengths({})).toMatchObject({ 1: 1, 3: 2, 9: 6, 27: 18 });
    expect(await lengths({ resumes: false })).toMatchObject({ 1: 1, 3: 3, 9: 9, 27: 27 });
  });

  it("end a run with the trial that is enough", async () => {
    const { trials, underWay, end } = await run("branin", {
      workers: 3,
      spread: 0,
      isEnough: ({ number }) => number === 7,
    });
    expect([trials.length, underWay, end]).toEqual([7, [2, 2], "stopped"]);
  });

  it("measure the time of suggestions by the clock that they are given", async () => {
    expect((await run("branin", { maxTrials: 10 })).suggestMs).toBe(11); // ten trials, and one look that finds no more
  });

  it("refuse an algorithm that does not serve the space", async () => {
    await expect(run("branin", { algorithm: { name: "random", options: { no: 1 } } })).rejects.toThrow(UsageError);
  });
});

describe("a study", () => {
  it("follows the trial that looks best, and tells its true value", async () => {
    const noisy = await loadProblem("branin+noise5");
    const at = (objective: number | undefined, x0: number, time: number) => ({
      number: time,
      params: { x0, x1: 2.275 },
      worker: 0,
      startTime: 0,
      endTime: time,
      objective,
    });
    const { incumbents, times, broken } = followIncumbent(noisy, [
      at(9, Math.PI, 1),
      at(undefined, 0, 2),
      at(3, 0, 3),
      at(5, Math.PI, 4),
    ]);
    expect(incumbents[0]).toBeCloseTo(0.3979, 4);
    expect(incumbents[1]).toBeGreaterThan(10); // it looked better, and is worse
    expect(incumbents[2]).toBe(incumbents[1]);
    expect([times, broken]).toEqual([[1, 3, 4], 1]);
  });

  it("has one value for each completed trial", async () => {
    const study = {
      problem: "branin",
      algorithm: { name: "sobol", options: {} },
      repetition: 3,
      trials: 30,
      workers: 4,
    };
    const result = await runStudy(study, countingClock());
    expect(result.incumbents.length).toBe(30);
    expect(result.incumbents.toSorted((a, b) => b - a)).toEqual(result.incumbents);
    expect(result.minimum).toBeCloseTo(0.3979, 4);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Algorithm, Suggestion } from "../algorithms/algorithm.js";
import random from "../algorithms/random.js";
import { configureAlgorithm } from "../algorithms/resolve-algorithm.js";
import { dropCache, suggestTrial } from "../algorithms/suggest-trial.js";
import { UsageError } from "../errors.js";
import { keyedRng } from "../math/rng.js";
import type { Params, ParamValue, Space } from "../space/dimension.js";
import { parseSpace } from "../space/parse-space.js";
import { contains } from "../space/values.js";
import type { Trial } from "../trial/trial.js";
import { inventTrial } from "./invent-trial.js";
import { bowl, branin, braninTexts, finiteTexts, kindTexts, traceTexts } from "./sample-problems.js";
import { type Simulation, type SimulationResult, simulateLater } from "./simulate.js";

export interface AlgorithmContractOptions {
  /** Options under which the contract is tried; default none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Promises that the algorithm does not keep, each by its title and with the reason. */
  readonly exempt?: readonly { readonly promise: string; readonly reason: string }[];
  /** The first ten suggestions at seed 1 for `traceTexts`, by dimension; they change only on purpose. */
  readonly trace?: Readonly<Record<string, readonly ParamValue[]>>;
}

type Check = (subject: Subject) => Promise<void>;

/**
 * What every algorithm promises, as a vitest suite: to be called at the top of a test file.
 *
 * @param name - For the titles.
 * @example algorithmContract("random", random);
 */
export function algorithmContract(
  name: string,
  algorithm: Algorithm,
  { options = {}, exempt = [], trace }: AlgorithmContractOptions = {},
): void {
  const subject = { algorithm, options };
  const promises = {
    ...promisesOfAll,
    ...(algorithm.basis === "index" ? promisesOfIndex : promisesOfHistory),
    ...(trace === undefined ? {} : { [traceTitle]: (given: Subject) => keepsTrace(given, trace) }),
  };
  describe(`the algorithm ${name}`, () => {
    for (const [title, check] of Object.entries(promises)) {
      const exemption = exempt.find(({ promise }) => promise === title);
      if (exemption === undefined) it(title, () => check(subject));
      else it.skip(`${title} (exempt: ${exemption.reason})`);
    }
    it("is exempt only from promises that exist, and with a reason", () => {
      for (const { promise, reason } of exempt) {
        expect(Object.keys(promises)).toContain(promise);
        expect(reason).not.toBe("");
      }
    });
  });
}

interface Subject {
  readonly algorithm: Algorithm;
  readonly options: Readonly<Record<string, unknown>>;
}

const traceTitle = "gives the suggestions on record at seed 1";

const promisesOfAll: Readonly<Record<string, Check>> = {
  "gives the equal suggestion to equal inputs on every worker": equalInputs,
  "gives the same trials when its caches are dropped": droppedCaches,
  "suggests points of the space, for each kind of dimension that it accepts": pointsOfSpace,
  "survives broken, pending, duplicate, non-finite and out-of-order results": oddHistories,
  "covers a finite space without repeats and is done then": finiteSpace,
};

const promisesOfIndex: typeof promisesOfAll = {
  "makes the same set of trials with any number of workers": anyNumberOfWorkers,
};

const promisesOfHistory: typeof promisesOfAll = {
  "solves Branin at least as well as random search": solvesBranin,
};

async function equalInputs(subject: Subject): Promise<void> {
  const space = spaceFor(subject, traceTexts);
  const { trials } = await run(subject, { space, maxTrials: 30 });
  for (const trialNumber of [1, 2, 5, 20]) {
    const once = () => suggest(subject, { space, trialNumber, history: trials.slice(0, trialNumber - 1) });
    expect(await once()).toEqual(await once());
  }
}

async function droppedCaches(subject: Subject): Promise<void> {
  for (const texts of [traceTexts, finiteTexts]) {
    const space = spaceFor(subject, texts);
    const simulation = { space, maxTrials: 40, workers: 3, objective: failingNowAndThen };
    const kept = await run(subject, simulation);
    expect(paramsOf(await run(subject, { ...simulation, dropCaches: true }))).toEqual(paramsOf(kept));
  }
}

async function pointsOfSpace(subject: Subject): Promise<void> {
  const trialsIn = async (texts: readonly string[], seed: number) => {
    const space = spaceFor(subject, Object.fromEntries(texts.map((text, i) => [`/x${i}`, text])));
    const result = await unlessRefused(() => run(subject, { space, maxTrials: 12, seed: `${seed}` }));
    return result?.trials.map(({ params }) => ({ space, params }));
  };
  const accepted: string[] = [];
  for (const text of kindTexts) {
    if ((await trialsIn([text], 1)) !== undefined) accepted.push(text);
  }
  expect(accepted).not.toEqual([]);
  const texts = fc.array(fc.constantFrom(...accepted), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(1000), async (chosen, seed) => {
      const trials = await trialsIn(chosen, seed);
      fc.pre(trials !== undefined); // the kinds may be refused together
      for (const { space, params } of trials) expectPoint(space, params);
    }),
    { numRuns: 30 },
  );
}

async function oddHistories(subject: Subject): Promise<void> {
  const space = spaceFor(subject, traceTexts);
  const objectives = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e308, 2, undefined];
  const lists = fc.array(fc.constantFrom(...objectives), { maxLength: 25 });
  const { trials: points } = await run({ ...subject, algorithm: random }, { space, maxTrials: 30, options: {} });
  await fc.assert(
    fc.asyncProperty(lists, fc.nat(1000), async (outcomes, key) => {
      const finished = outcomes.map((objective, i) => {
        // Every third one has the parameters of another.
        const { id, params } = points[i % 3 === 2 ? 0 : i]!;
        return inventTrial({
          number: i + 1,
          id,
          params,
          objective,
          status: objective === undefined ? "broken" : "completed",
        });
      });
      const history = shuffled(finished, key).map((trial, i) => ({ ...trial, finishedRevision: i + 1 }));
      const pending = points
        .slice(26)
        .map((trial) => inventTrial({ ...trial, objective: undefined, status: "reserved" }));
      const suggestion = await suggest(subject, { space, trialNumber: 31, history, pending });
      if (suggestion.kind === "params") expectPoint(space, suggestion.params);
      else expect(["wait", "done"]).toContain(suggestion.kind);
    }),
    { numRuns: 50 },
  );
}

async function finiteSpace(subject: Subject): Promise<void> {
  const space = spaceFor(subject, finiteTexts);
  for (const seed of ["1", "2", "3"]) {
    const { trials, end } = await run(subject, { space, seed, maxTrials: Number.POSITIVE_INFINITY });
    const points = trials.map(({ params }) => JSON.stringify([params["/a"], params["/b"], params["/c"]]));
    expect(new Set(points).size).toBe(12);
    expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
    if (!subject.algorithm.requires.fidelity) expect(trials.length).toBe(12);
    expect(end).toBe("done");
  }
}

async function anyNumberOfWorkers(subject: Subject): Promise<void> {
  const wide = { "/x": "uniform(0, 1, precision=2)", "/k": "uniform(0, 9, discrete=True)" };
  for (const [texts, maxTrials] of [
    [traceTexts, 30],
    [wide, 80],
    [finiteTexts, 7],
    [finiteTexts, 12],
  ] as const) {
    const space = spaceFor(subject, texts);
    const alone = idsOf(await run(subject, { space, maxTrials }));
    for (const workers of [2, 5, 50]) {
      for (const schedule of [1, 2, 3]) {
        expect(idsOf(await run(subject, { space, maxTrials, workers, schedule }))).toEqual(alone);
      }
    }
  }
}

async function solvesBranin(subject: Subject): Promise<void> {
  const space = spaceFor(subject, braninTexts);
  const bests = async (given: Subject) => {
    const found: number[] = [];
    for (let seed = 0; seed < 11; seed++) {
      const { trials } = await run(given, { space, seed: `${seed}`, maxTrials: 60, objective: branin });
      found.push(trials.reduce((best, { objective = best }) => Math.min(best, objective), Number.POSITIVE_INFINITY));
    }
    return found;
  };
  expect(median(await bests(subject))).toBeLessThanOrEqual(median(await bests({ algorithm: random, options: {} })));
}

async function keepsTrace(subject: Subject, trace: Readonly<Record<string, readonly ParamValue[]>>): Promise<void> {
  const space = spaceFor(subject, traceTexts);
  const { trials } = await run(subject, { space, seed: "1", maxTrials: 10 });
  const actual = space.dimensions.map(({ name }) => [name, trials.map(({ params }) => params[name])]);
  const near = (value: ParamValue) => (typeof value === "number" ? expect.closeTo(value, 9) : value);
  const expected = Object.entries(trace).map(([name, values]) => [name, values.map(near)]);
  expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
}

function expectPoint(space: Space, params: Params): void {
  expect(Object.keys(params)).toEqual(space.dimensions.map(({ name }) => name));
  const outside = space.dimensions.filter((dimension) => !contains(dimension, params[dimension.name]!));
  expect(outside, JSON.stringify(params)).toEqual([]);
}

/** A space of these texts that has all that the algorithm requires. */
function spaceFor({ algorithm }: Subject, texts: Readonly<Record<string, string>>): Space {
  return parseSpace(algorithm.requires.fidelity ? { ...texts, "/epochs": "fidelity(1, 9, base=3)" } : texts);
}

/** What `work` returns, or `undefined` when the algorithm refuses the space. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function run(subject: Subject, simulation: Pick<Simulation, "space" | "maxTrials"> & Partial<Simulation>) {
  return simulateLater({ ...subject, objective: bowl, ...simulation });
}

interface Question {
  readonly space: Space;
  readonly trialNumber: number;
  readonly history: readonly Trial[];
  readonly pending?: readonly Trial[];
}

/** One suggestion with an empty cache. */
async function suggest({ algorithm, options }: Subject, { pending = [], ...question }: Question): Promise<Suggestion> {
  const resolved = configureAlgorithm(algorithm, { name: "asked", options, space: question.space });
  const cache = new Map<string, unknown>();
  const request = { options: resolved.options, seed: "1", attempt: 0, maxTrials: 100, cache, pending };
  try {
    return await suggestTrial(algorithm, { ...request, ...question });
  } finally {
    dropCache(cache);
  }
}

function failingNowAndThen(params: Params, trialNumber: number): number | undefined {
  return trialNumber % 7 === 3 ? undefined : bowl(params);
}

function paramsOf({ trials }: SimulationResult): readonly Params[] {
  return trials.map(({ params }) => params);
}

function idsOf({ trials }: SimulationResult): readonly string[] {
  return trials.map(({ id }) => id).sort();
}

function shuffled<T>(items: readonly T[], key: number): readonly T[] {
  const rng = keyedRng("shuffle", key);
  return items
    .map((item) => ({ item, at: rng.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

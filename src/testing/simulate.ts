import type { Algorithm, Suggestion } from "../algorithms/algorithm.js";
import { configureAlgorithm } from "../algorithms/resolve-algorithm.js";
import { dropCache, suggestTrial } from "../algorithms/suggest-trial.js";
import { keyedRng } from "../math/rng.js";
import type { Params, Space } from "../space/dimension.js";
import type { Trial } from "../trial/trial.js";
import { trialId } from "../trial/trial-id.js";
import { inventTrial } from "./invent-trial.js";

export interface Simulation {
  readonly algorithm: Algorithm;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly space: Space;
  /** Default "1". */
  readonly seed?: string;
  /** At most this many completed trials; may be Infinity. */
  readonly maxTrials: number;
  /** The simulation ends after so many broken trials; default 100. */
  readonly maxBroken?: number;
  /** After so many duplicates in a row for one number the space counts as exhausted; default 1000. */
  readonly maxAttempts?: number;
  /** What a trial's program would report; `undefined` when it fails. */
  readonly objective: (params: Params, trialNumber: number) => number | undefined;
  /** Default 1: suggest, evaluate, suggest … with nothing pending. */
  readonly workers?: number;
  /** Keys the order in which several workers take their steps. */
  readonly schedule?: number;
  /** Give each suggestion an empty cache; else each worker keeps its own. */
  readonly dropCaches?: boolean;
}

export interface SimulationResult {
  /** Completed and broken trials, by number. */
  readonly trials: readonly Trial[];
  /**
   * `budget`: maxTrials are completed; `done`: the algorithm said so; `broken`: maxBroken was reached;
   * `stuck`: the algorithm waits though nothing is pending; `duplicates`: maxAttempts was reached.
   */
  readonly end: "budget" | "done" | "broken" | "stuck" | "duplicates";
}

/**
 * Run a whole experiment in memory, as the workers of `orion hunt` would, but without programs, clocks or a database.
 *
 * Each worker opens a slot, computes a suggestion, fills the slot, evaluates; between any two of these, others may have
 * had their turns, so the history that a suggestion was computed from may be out of date when it is filled in.
 *
 * @throws {UsageError} when the algorithm refuses the options or the space.
 * @throws {TypeError} when the algorithm answers later; `simulateLater` can wait for it.
 */
export function simulate(simulation: Simulation): SimulationResult {
  const { world, turn } = start(simulation);
  while (world.end === undefined) {
    if (turn() !== undefined) throw new TypeError("This algorithm answers later: simulateLater waits for it.");
  }
  return resultOf(world);
}

/** The same for any algorithm. Each suggestion is waited for before anything else happens, so that runs repeat. */
export async function simulateLater(simulation: Simulation): Promise<SimulationResult> {
  const { world, turn } = start(simulation);
  try {
    while (world.end === undefined) await turn();
    return resultOf(world);
  } finally {
    for (const cache of world.caches) dropCache(cache);
  }
}

function start(simulation: Simulation) {
  const { algorithm, options = {}, space, seed = "1", workers = 1, schedule = 0 } = simulation;
  const resolved = configureAlgorithm(algorithm, { name: "simulated", options, space });
  const world = openWorld({ ...simulation, options: resolved.options, seed });
  const turns = keyedRng("schedule", schedule);
  const running = Array.from({ length: workers }, () => work(world));
  return { world, turn: () => running[turns.below(workers)]!.next().value };
}

function resultOf({ history, end }: World): SimulationResult {
  return { trials: history.toSorted((a, b) => a.number - b.number), end: end! };
}

interface World extends Simulation {
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: string;
  /** Completed and broken trials as they finished. */
  readonly history: Trial[];
  /** Trials under evaluation, by number. */
  readonly pending: Map<number, Trial>;
  /** Ids and claims of all trials. */
  readonly keys: Set<string>;
  /** Numbers that were given back. */
  readonly waiting: number[];
  /** Numbers that some worker is filling. */
  readonly open: Set<number>;
  /** What the workers remember. */
  readonly caches: Map<string, unknown>[];
  slotCount: number;
  isExhausted: boolean;
  end: SimulationResult["end"] | undefined;
}

function openWorld(simulation: Simulation & { options: Readonly<Record<string, unknown>>; seed: string }): World {
  return {
    ...simulation,
    history: [],
    pending: new Map(),
    keys: new Set(),
    waiting: [],
    open: new Set(),
    caches: [],
    slotCount: 0,
    isExhausted: false,
    end: undefined,
  };
}

/** What the rest of the world waits for before its next turn, if anything. */
type Turn = Generator<Promise<void> | undefined, void>;

/** One worker; at each `yield` others may take their turns. */
function* work(world: World): Turn {
  const cache = new Map<string, unknown>();
  world.caches.push(cache);
  for (;;) {
    const number = openSlot(world);
    yield undefined;
    const trial = number === undefined ? undefined : yield* fillSlot(world, { number, cache });
    if (trial === undefined) continue;
    yield undefined;
    finish(world, trial);
  }
}

function openSlot(world: World): number | undefined {
  const { history, pending, waiting, open, maxTrials, maxBroken = 100 } = world;
  const completed = history.filter(({ status }) => status === "completed").length;
  const live = pending.size + open.size + waiting.length;
  if (history.length - completed >= maxBroken) world.end = "broken";
  else if (completed >= maxTrials) world.end = "budget";
  else if (world.isExhausted && pending.size + open.size === 0) world.end = "done";
  if (world.end !== undefined) return undefined;
  const number =
    waiting.shift() ?? (world.isExhausted || live + completed >= maxTrials ? undefined : ++world.slotCount);
  if (number !== undefined) open.add(number);
  return number;
}

interface Slot {
  readonly number: number;
  readonly cache: Map<string, unknown>;
}

function* fillSlot(world: World, { number, cache }: Slot): Generator<Promise<void> | undefined, Trial | undefined> {
  const { space, maxAttempts = 1000 } = world;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const freshCache = new Map<string, unknown>();
    const knownCount = world.history.length;
    const suggestion = yield* answerOf(
      suggestTrial(world.algorithm, {
        space,
        options: world.options,
        trialNumber: number,
        attempt,
        seed: world.seed,
        maxTrials: world.maxTrials,
        history: [...world.history],
        pending: [...world.pending.values()].sort((a, b) => a.number - b.number),
        cache: world.dropCaches ? freshCache : cache,
      }),
    );
    dropCache(freshCache);
    if (suggestion.kind !== "params") {
      giveBack(world, { number, isDone: suggestion.kind === "done", knownCount });
      return undefined;
    }
    const { kind: _, ...told } = suggestion;
    const id = trialId(space, told.params, told);
    const keys = told.claim === undefined ? [id] : [id, `claim ${told.claim}`];
    if (keys.some((key) => world.keys.has(key))) continue;
    const trial = inventTrial({ number, id, ...told, attempt, status: "reserved" });
    for (const key of keys) world.keys.add(key);
    world.open.delete(number);
    world.pending.set(number, trial);
    return trial;
  }
  world.end = "duplicates";
  return undefined;
}

/** One turn, in which a suggestion is made; it may take until the promise that it yields is kept. */
function* answerOf(suggestion: Suggestion | Promise<Suggestion>): Generator<Promise<void> | undefined, Suggestion> {
  if (!(suggestion instanceof Promise)) {
    yield undefined;
    return suggestion;
  }
  let answer: Suggestion | undefined;
  yield suggestion.then((later) => {
    answer = later;
  });
  return answer!;
}

interface GivenBack {
  readonly number: number;
  readonly isDone: boolean;
  /** Finished trials that the suggestion was computed from. */
  readonly knownCount: number;
}

function giveBack(world: World, { number, isDone, knownCount }: GivenBack): void {
  world.open.delete(number);
  if (isDone) world.isExhausted = true;
  else world.waiting.push(number);
  // a worker that waits is woken by news, and these may have come while it thought
  const hasNews = world.history.length > knownCount;
  if (!isDone && !hasNews && world.pending.size + world.open.size === 0) world.end = "stuck";
}

function finish(world: World, trial: Trial): void {
  const objective = world.objective(trial.params, trial.number);
  const status = objective === undefined ? "broken" : "completed";
  world.pending.delete(trial.number);
  world.history.push(inventTrial({ ...trial, status, objective, finishedRevision: world.history.length + 1 }));
}

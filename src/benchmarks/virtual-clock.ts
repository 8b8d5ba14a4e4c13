import type { Algorithm } from "../algorithms/algorithm.js";
import {
  type AlgorithmSources,
  isAlgorithm,
  nameOfAlgorithm,
  resolveAlgorithm,
} from "../algorithms/resolve-algorithm.js";
import { type Experiment, openExperiment } from "../experiment/experiment.js";
import { keyedRng } from "../math/rng.js";
import type { Params } from "../space/dimension.js";
import { parseSpace } from "../space/parse-space.js";
import { printSpace } from "../space/print-dimension.js";
import { openStorage } from "../storage/registry.js";
import type { AlgorithmChoice, ExperimentRecord, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { createEventQueue, type EventQueue } from "./event-queue.js";
import { gaussian } from "./noise.js";
import type { Problem } from "./problem.js";

export interface VirtualExperiment {
  readonly problem: Problem;
  /** By its name, with options; or what `defineAlgorithm` gives, which then needs a name. */
  readonly algorithm: AlgorithmChoice | Algorithm;
  /** Keys everything: suggestions, durations, noise, failures. */
  readonly seed: string;
  readonly maxTrials: number;
  /** Simulated workers; default 1. */
  readonly workers?: number;
  /**
   * How much durations differ: each is the problem's cost times e^(spread · z), z standard normal. 0 for none; default
   * 0.5, with which one in six takes more than 1.6 times the median.
   */
  readonly spread?: number;
  /** Share of trials that fail, in [0, 1); default 0. */
  readonly failureRate?: number;
  /**
   * A trial that continues another has a checkpoint, and only the rest of the fidelity to go; default true. `false`: all
   * train from the start.
   */
  readonly resumes?: boolean;
  /** End the run with this trial, which has just ended; whoever is at work is not waited for. */
  readonly isEnough?: (trial: VirtualTrial) => boolean;
  /** Milliseconds of a clock by which suggestions are measured, for instance of processor time. */
  readonly now: () => number;
}

export interface VirtualTrial {
  readonly number: number;
  readonly params: Params;
  /** 0 … workers − 1. */
  readonly worker: number;
  /** In virtual time: 1 is the cost of one evaluation of the problem. */
  readonly startTime: number;
  readonly endTime: number;
  /** What was observed; `undefined` when it failed. */
  readonly objective: number | undefined;
}

export interface VirtualOutcome {
  /** In the order in which they ended. */
  readonly trials: readonly VirtualTrial[];
  /** When the trials began that were still under way at the end, if that was before the work was done. */
  readonly underWay: readonly number[];
  /** `stopped`: a limit of the search; `stuck`: everybody waits for results, and nobody is at work. */
  readonly end: "done" | "exhausted" | "broken" | "stopped" | "stuck";
  /** What `nextTrial` took by that clock, all trials together. */
  readonly suggestMs: number;
}

/**
 * Run an asynchronous experiment with simulated workers, in no time.
 *
 * Everything but the workers is real: a storage in memory, `nextTrial` with its leases, slots, history and pending
 * trials, `finishTrial`. Only the evaluations are played: each takes a virtual duration, and the worker whose evaluation
 * ends first asks for the next trial first.
 *
 * @throws {UsageError} when the algorithm refuses its options or the space.
 */
export async function runVirtually(virtual: VirtualExperiment): Promise<VirtualOutcome> {
  await using storage = await openStorage("memory:");
  const { algorithm } = virtual;
  const sources = isAlgorithm(algorithm) ? { atHand: [algorithm] } : {};
  const record = await createRecord(storage, virtual, sources);
  const times = new Map<number, VirtualTimes>();
  return await play(await openExperiment(withTimes(storage, times), record, sources), virtual, times);
}

/** Milliseconds, by the number of a trial that has ended. */
type VirtualTimes = Pick<Trial, "startTime" | "endTime">;

/** An evaluation of cost 1 takes a minute of virtual time. */
const unitMs = 60_000;

/** The storage as a database would be whose clock is the virtual one: algorithms may ask how long a trial took. */
function withTimes(storage: Storage, times: ReadonlyMap<number, VirtualTimes>): Storage {
  const readChanges: Storage["readChanges"] = async (experimentId, since) => {
    const changes = await storage.readChanges(experimentId, since);
    return { ...changes, trials: changes.trials.map((trial) => ({ ...trial, ...times.get(trial.number) })) };
  };
  return { ...storage, readChanges };
}

async function createRecord(
  storage: Storage,
  { problem, algorithm: given, seed, maxTrials }: VirtualExperiment,
  sources: AlgorithmSources,
): Promise<ExperimentRecord> {
  const space = parseSpace(problem.space);
  const algorithm = isAlgorithm(given) ? { name: nameOfAlgorithm(given), options: {} } : given;
  await resolveAlgorithm(algorithm, space, sources);
  return storage.createExperiment({
    name: problem.name,
    definition: {
      space: printSpace(space),
      algorithm,
      seed,
      direction: "minimize",
      metadata: { user: "", datetime: "", orionVersion: "", userArgs: [] },
    },
    maxTrials,
    maxBroken: 1e9,
    workingDir: "",
  });
}

interface Running {
  readonly worker: number;
  readonly trial: Trial;
  readonly startTime: number;
}

async function play(
  experiment: Experiment,
  virtual: VirtualExperiment,
  times: Map<number, VirtualTimes>,
): Promise<VirtualOutcome> {
  const { workers = 1, now } = virtual;
  const running = createEventQueue<Running>();
  const trials: VirtualTrial[] = [];
  const durationOf = createStopwatch(virtual);
  let idle = Array.from({ length: workers }, (_, worker) => worker);
  let end: VirtualOutcome["end"] = "stuck";
  let suggestMs = 0;
  let time = 0;
  for (;;) {
    const waiting: number[] = [];
    for (const worker of idle) {
      const began = now();
      const next = await experiment.nextTrial({ worker: `virtual-${worker}`, leaseMs: 1e9 });
      suggestMs += now() - began;
      if (next.kind === "trial") {
        running.add(time + durationOf(next.trial), { worker, trial: next.trial, startTime: time });
      } else if (next.kind === "busy" || next.kind === "waiting") {
        waiting.push(worker);
      } else {
        end = next.kind;
      }
    }
    const ended = running.next();
    if (ended === undefined) return { trials, underWay: [], end, suggestMs };
    time = ended.time;
    const { trial, startTime } = ended.event;
    times.set(trial.number, { startTime: startTime * unitMs, endTime: time * unitMs });
    const concluded = { ...(await conclude(experiment, virtual, ended.event)), endTime: time };
    trials.push(concluded);
    if (virtual.isEnough?.(concluded)) return { trials, underWay: startsOf(running), end: "stopped", suggestMs };
    // Whoever has just become free asks first; who waited for news, after that.
    idle = [ended.event.worker, ...waiting];
  }
}

function startsOf(running: EventQueue<Running>): number[] {
  const starts: number[] = [];
  for (let next = running.next(); next !== undefined; next = running.next()) starts.push(next.event.startTime);
  return starts;
}

/** How long a trial takes; it is keyed by its number, so that it depends on nobody's order. */
function createStopwatch({ problem, seed, spread = 0.5, resumes = true }: VirtualExperiment): (trial: Trial) => number {
  const fidelity = parseSpace(problem.space).dimensions.find(({ type }) => type === "fidelity")?.name;
  const costOf = (params: Params) => problem.cost?.(params) ?? 1;
  const reached = new Map<string, Params[string]>();
  return ({ id, number, params, parent }) => {
    if (fidelity !== undefined) reached.set(id, params[fidelity]!);
    const checkpoint = resumes && parent !== undefined ? reached.get(parent) : undefined;
    const saved = checkpoint === undefined ? 0 : costOf({ ...params, [fidelity!]: checkpoint });
    const cost = costOf(params) - saved;
    return spread === 0 ? cost : cost * Math.exp(spread * gaussian(keyedRng(seed, "duration", number)));
  };
}

async function conclude(
  { storage }: Experiment,
  { problem, seed, failureRate = 0 }: VirtualExperiment,
  { worker, trial, startTime }: Running,
): Promise<Omit<VirtualTrial, "endTime">> {
  const { number, params } = trial;
  const told = { number, params, worker, startTime };
  if (failureRate > 0 && keyedRng(seed, "failure", number).next() < failureRate) {
    await storage.releaseTrial(trial, "broken", { reason: "It was to fail." });
    return { ...told, objective: undefined };
  }
  const objective = problem.evaluate(params, keyedRng(seed, "noise", number));
  await storage.finishTrial(trial, [{ name: "objective", type: "objective", value: objective }]);
  return { ...told, objective };
}

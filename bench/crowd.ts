import { keyedRng } from "../src/math/rng.js";
import { at, type Cost, diskMs, type OperationCosts } from "./operation-costs.js";
import { type Door, openWorld, type Process } from "./stations.js";

/** Many workers on one experiment of one PostgreSQL server. */
export interface Crowd {
  readonly costs: OperationCosts;
  readonly workers: number;
  /** Time of an evaluation in the mean; each takes between 0.8 and 1.2 of it. */
  readonly trialMs: number;
  /** Processor cores of the server. */
  readonly cores: number;
  /** Whether suggestions follow from the number of a trial, or from the results of all. */
  readonly basis: "index" | "history";
  /** New connections are made to a pooler, whose sessions stay: they cost the server nothing. */
  readonly isPooled: boolean;
  /** The workers compute on the cores of the server, as on a bench. */
  readonly isOneMachine?: boolean;
  /** The end of a trial and the next one go as one statement, and nobody looks for dead workers: `bench/scale.ts`. */
  readonly isBare?: boolean;
}

export interface CrowdReport {
  readonly trialsPerSecond: number;
  /** Share of the workers' time that they spend evaluating. */
  readonly efficiency: number;
  /** Share of the time in which somebody holds the lock of the history. */
  readonly lineBusy: number;
  /** Share of the server's cores that is in use. */
  readonly coresBusy: number;
  /** Trials that all workers together read as news, per second. */
  readonly newsPerSecond: number;
  /** Connections that are open, in the mean. */
  readonly connections: number;
}

/** A lease is renewed this often: a third of the default heartbeat of 120 s. */
const beatMs = 40_000;
/** A worker closes a connection that was idle for so long. */
const lingerMs = 10_000;

const longestMs = 300_000;
/** Of processor time. */
const sliceMs = 2;
/** A worker looks for dead ones that often: see `src/worker/gone-workers.ts`. */
const lookMs = (workers: number) => 1000 * Math.max(1, workers / 20);

/**
 * Play it until each worker has completed two trials in the mean, or for five minutes; then go on for as long and tell
 * about that.
 *
 * It starts in the middle: each worker is somewhere in an evaluation, and knows the history as it was when that began.
 */
export function simulateCrowd(crowd: Crowd): CrowdReport {
  const { workers, trialMs, costs, basis } = crowd;
  const world = openWorld();
  const cores = world.openStation(crowd.cores);
  const line = world.openStation(1);
  const total = { filled: workers, finished: 0, news: 0, openMs: 0 };

  /** In slices, as schedulers do it. */
  function* compute(ms: number, door: Door = cores): Process {
    for (let leftMs = ms; leftMs > 0; leftMs -= sliceMs) {
      yield door;
      yield Math.min(leftMs, sliceMs);
      cores.leave();
    }
  }

  /** Any statement: its client computes, then the server. */
  function* ask(cost: Cost): Process {
    if (crowd.isOneMachine === true) yield* compute(cost.clientMs);
    else yield cost.clientMs;
    yield* compute(cost.serverMs);
  }

  /** A change: what any statement costs is done at once, the rest under the lock; then all wait for the disk together. */
  function* change(cost: Cost): Process {
    const outside = Math.min(cost.serverMs, costs.ask.serverMs);
    yield* ask({ ...cost, serverMs: outside });
    yield line;
    yield* compute(cost.serverMs - outside, cores.first); // whoever computes little goes first
    line.leave();
    yield diskMs(cost, costs.ask);
  }

  function* work(index: number): Process {
    const rng = keyedRng("crowd", workers, trialMs, index);
    let runsMs = rng.next() * trialMs; // is left of the first evaluation
    const past = trialMs === 0 ? 0 : (trialMs - runsMs) / trialMs;
    const seen = { filled: workers * (1 - past), finished: -workers * past };
    let spokeAt = runsMs - trialMs;
    let beatAt = rng.next() * beatMs;
    let looksAt = rng.next() * lookMs(workers);

    const connected = function* (): Process {
      total.openMs += Math.min(world.now - spokeAt, lingerMs);
      if (world.now - spokeAt > lingerMs && !crowd.isPooled) yield* ask(costs.connect);
    };
    for (;;) {
      const endsAt = world.now + runsMs;
      for (; beatAt < endsAt; beatAt += beatMs) {
        yield Math.max(0, beatAt - world.now);
        yield* connected();
        yield* ask(at(costs.renewLeases, workers));
        spokeAt = world.now;
      }
      yield Math.max(0, endsAt - world.now);
      yield* connected();
      yield* change(crowd.isBare ? costs.finishAndReserve : costs.finishTrial);
      total.finished++;
      if (!crowd.isBare && world.now >= looksAt) {
        looksAt = world.now + lookMs(workers);
        yield* ask(at(costs.listOwners, workers));
      }
      if (basis === "history") {
        yield* change(costs.reserveSlot);
        // What was filled and finished since counts once; of the others only those that run were filled since.
        const rows = total.finished - seen.finished + Math.min(total.filled - seen.filled, workers);
        Object.assign(seen, { filled: total.filled, finished: total.finished });
        total.news += rows;
        yield* ask(at(costs.readChanges, rows));
        yield* change(costs.fillSlot);
      } else if (!crowd.isBare) yield* change(costs.reserveTrial);
      total.filled++;
      spokeAt = world.now;
      runsMs = trialMs * (0.8 + 0.4 * rng.next());
    }
  }

  for (let index = 0; index < workers; index++) world.enter(work(index));
  const read = () => ({ ...total, at: world.now, line: line.busyMs(), cores: cores.busyMs() });
  const enough = Math.max(2 * workers, 400);
  world.runUntil(() => total.finished >= enough || world.now >= longestMs);
  const before = read();
  world.runUntil(() => total.finished >= 2 * enough || world.now >= before.at + longestMs);
  const after = read();
  const spanMs = after.at - before.at;
  const trialsPerSecond = (1000 * (after.finished - before.finished)) / spanMs;
  return {
    trialsPerSecond,
    efficiency: Math.min(1, (trialsPerSecond * trialMs) / 1000 / workers),
    lineBusy: (after.line - before.line) / spanMs,
    coresBusy: (after.cores - before.cores) / spanMs / crowd.cores,
    newsPerSecond: (1000 * (after.news - before.news)) / spanMs,
    connections: (after.openMs - before.openMs) / spanMs,
  };
}

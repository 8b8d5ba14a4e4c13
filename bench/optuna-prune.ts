// Optuna's pruners on the virtual clock: simulated workers train and report, and prune when they are told to.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createEventQueue } from "../src/benchmarks/event-queue.js";
import { gaussian } from "../src/benchmarks/noise.js";
import type { Problem } from "../src/benchmarks/problem.js";
import type { VirtualTrial } from "../src/benchmarks/virtual-clock.js";
import { keyedRng } from "../src/math/rng.js";
import type { Params } from "../src/space/dimension.js";
import { parseSpace } from "../src/space/parse-space.js";
import {
  conclude,
  type FidelityResult,
  type FidelityRun,
  fidelityOf,
  limitOf,
  type RunLimits,
} from "./multifidelity-run.js";
import { describe } from "./optuna.js";

/** The names of the peers, and what they are. */
export const pruners: Readonly<Record<string, { readonly sampler: string; readonly pruner: string }>> = {
  "optuna-halving": { sampler: "tpe", pruner: "halving" },
  "optuna-hyperband": { sampler: "tpe", pruner: "hyperband" },
};

interface Training {
  readonly worker: number;
  readonly number: number;
  readonly params: Params;
  readonly startTime: number;
  /** Of the durations of this trial. */
  readonly factor: number;
  /** Index into the resources that it trains for. */
  readonly rung: number;
}

/**
 * Run a study. A trial reports at the rungs, the only steps at which these pruners decide, and goes on at once unless it
 * is pruned. Trials take as long as ours do, and are as noisy.
 */
export async function runPruned(
  python: string,
  run: FidelityRun,
  problem: Problem,
  limits: RunLimits,
): Promise<FidelityResult> {
  const fidelity = fidelityOf(problem);
  const resources: number[] = [];
  for (let resource = fidelity.low; resource <= fidelity.high; resource *= fidelity.base) resources.push(resource);
  const dimensions = parseSpace(problem.space).dimensions.filter(({ type }) => type !== "fidelity");
  await using study = openStudy(python, {
    ...pruners[run.algorithm]!,
    seed: run.seed,
    dimensions: dimensions.map(describe),
    resources,
    factor: fidelity.base,
  });
  const trials: VirtualTrial[] = [];
  const isEnough = limitOf(problem, limits);
  const running = createEventQueue<Training>();
  const at = (params: Params, rung: number) => ({ ...params, [fidelity.name]: resources[rung]! });
  const costAt = (params: Params, rung: number) => (rung < 0 ? 0 : problem.cost!(at(params, rung)));
  const train = (time: number, training: Training) => {
    const { params, rung, factor } = training;
    running.add(time + factor * (costAt(params, rung) - costAt(params, rung - 1)), training);
  };
  const begin = async (worker: number, time: number) => {
    const { number, params } = await study.ask();
    const factor = Math.exp(0.5 * gaussian(keyedRng(String(run.seed), "duration", number)));
    train(time, { worker, number, params, startTime: time, factor, rung: 0 });
  };
  for (let worker = 0; worker < run.workers; worker++) await begin(worker, 0);
  for (;;) {
    const { time, event } = running.next()!;
    const { worker, number, params, startTime, rung } = event;
    const value = problem.evaluate(at(params, rung), keyedRng(String(run.seed), "noise", number, rung));
    const isLast = rung === resources.length - 1;
    const prune = await study.report(number, resources[rung]!, value);
    if (!isLast && !prune) {
      train(time, { ...event, rung: rung + 1 });
    } else {
      study.tell(number, isLast ? value : undefined);
      const trial = { number, params: at(params, rung), worker, startTime, endTime: time, objective: value };
      trials.push(trial);
      if (isEnough(trial)) break;
      await begin(worker, time);
    }
  }
  const underWay: number[] = [];
  for (let next = running.next(); next !== undefined; next = running.next()) underWay.push(next.event.startTime);
  return conclude({ run, problem, trials, underWay, suggestMs: study.spentMs });
}

interface Study extends AsyncDisposable {
  ask(): Promise<{ readonly number: number; readonly params: Params }>;
  report(number: number, step: number, value: number): Promise<boolean>;
  /** @param value - `undefined` for a pruned trial. */
  tell(number: number, value: number | undefined): void;
  readonly spentMs: number;
}

function openStudy(python: string, setup: Readonly<Record<string, unknown>>): Study {
  const child = spawn(python, [join(import.meta.dirname, "optuna-prune.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (value: unknown) => child.stdin.write(`${JSON.stringify(value)}\n`);
  let spentMs = 0;
  const answer = async <T>(command: unknown): Promise<T> => {
    send(command);
    const { value, done } = await lines.next();
    if (done) throw new Error("Optuna has ended.");
    const told = JSON.parse(value as string) as T & { ms: number };
    spentMs += told.ms;
    return told;
  };
  send(setup);
  return {
    ask: () => answer({ ask: true }),
    report: async (number, step, value) => (await answer<{ prune: boolean }>({ report: [number, step, value] })).prune,
    tell: (number, value) => send({ tell: [number, value ?? null] }),
    get spentMs() {
      return spentMs;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

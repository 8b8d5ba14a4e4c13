import { readStoredHistory, type StoredHistory } from "../../src/check/stored-history.js";
import { type Experiment, openExperiment } from "../../src/experiment/experiment.js";
import { keyedRng } from "../../src/math/rng.js";
import { openStorage } from "../../src/storage/registry.js";
import type { AlgorithmChoice, Storage } from "../../src/storage/storage.js";
import type { Trial } from "../../src/trial/trial.js";
import { sketch } from "../cli/fake-terminal.js";

interface EventfulOptions {
  readonly algorithm: AlgorithmChoice;
  readonly space?: Readonly<Record<string, string>>;
  readonly maxTrials: number;
  /** Called after each step. */
  readonly onStep?: (storage: Storage, experimentId: number) => Promise<void>;
}

/** A history in which much happened: late results, lost leases, broken and interrupted trials, another limit. */
export async function makeHistory(options: EventfulOptions): Promise<{ storage: Storage; history: StoredHistory }> {
  const { algorithm, space = { "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" }, maxTrials, onStep } = options;
  const storage = await openStorage("memory:");
  const definition = { ...sketch("e").definition, algorithm, space };
  const { id } = await storage.createExperiment({ ...sketch("e"), definition, maxTrials: 5, maxBroken: 99 });
  const open = async () => openExperiment(storage, (await storage.getExperiment("e"))!);
  let experiment = await open();
  const rng = keyedRng("check", JSON.stringify(algorithm));
  const running: Trial[] = [];
  for (let step = 0; step < 40 * maxTrials; step++) {
    if (step === 12) {
      await storage.changeExperiment(id, { maxTrials });
      experiment = await open();
    }
    const next = await turn({ experiment, running, rng });
    await onStep?.(storage, id);
    if (next === "over" && step > 12 && running.length === 0) break;
  }
  return { storage, history: await readStoredHistory(storage, id) };
}

interface Turn {
  readonly experiment: Experiment;
  readonly running: Trial[];
  readonly rng: ReturnType<typeof keyedRng>;
}

/** One worker's step: begin a trial, or end one in some way. */
async function turn({ experiment, running, rng }: Turn): Promise<"over" | undefined> {
  const { storage } = experiment;
  const begins = running.length < 4 && rng.below(2) === 0;
  if (begins || running.length === 0) {
    const leaseMs = rng.below(6) === 0 ? 0 : 60_000; // lost at once, now and then
    const next = await experiment.nextTrial({ worker: `w${rng.below(4)}`, leaseMs });
    if (next.kind === "trial") running.push(next.trial);
    return next.kind === "done" || next.kind === "exhausted" ? "over" : undefined;
  }
  const [trial] = running.splice(rng.below(running.length), 1);
  const how = rng.below(8);
  if (how === 0) await storage.releaseTrial(trial!, "broken", { reason: "exit code 1" });
  else if (how === 1) await storage.releaseTrial(trial!, "interrupted");
  else await storage.finishTrial(trial!, [{ name: "o", type: "objective", value: objectiveOf(trial!) }]);
  return undefined;
}

const objectiveOf = ({ params, number }: Trial): number =>
  number % 7 === 0 ? Number.NaN : Object.values(params).reduce<number>((sum, value) => sum + Number(value) ** 2, 0);

import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { checkExperiment } from "../../src/check/check-experiment.js";
import { readStoredHistory, trialsOf } from "../../src/check/stored-history.js";
import { StorageError } from "../../src/errors.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Trial } from "../../src/trial/trial.js";
import type { Arena } from "./arena.js";
import type { Crew, Ending } from "./crew.js";
import { type Evaluation, readLedger } from "./faulty-script.js";

export interface Verdict {
  readonly completed: number;
  /** Evaluations that scripts saw to their end. */
  readonly evaluations: number;
  /** Of these, the ones whose worker died with them, so that they had to be repeated. */
  readonly repeated: number;
  readonly broken: number;
  readonly suggestionsRecomputed: number;
  /** Sentences; none is as it has to be. */
  readonly wrong: readonly string[];
}

interface VerifyOptions {
  readonly arena: Arena;
  readonly maxTrials: number;
  /** What those had in hand that were killed was not promised. */
  readonly crew: Pick<Crew, "killed" | "endingOf">;
}

/** Hold the database against the checker, and against the ledger that the scripts kept. */
export async function verify({ arena, maxTrials, crew }: VerifyOptions): Promise<Verdict> {
  await using storage = await openStorage(arena.storage);
  const record = await storage.getExperiment(arena.name);
  if (record === undefined) throw new Error(`${arena.name} was never created`);
  const history = await patiently(() => readStoredHistory(storage, record.id));
  const { findings, suggestions } = await checkExperiment(history);
  const trials = trialsOf(history);
  const ledger = readLedger(readFileSync(arena.ledger, "utf8"));
  const countOf = (wanted: Trial["status"]) => trials.filter(({ status }) => status === wanted).length;
  const completed = countOf("completed");
  const wrong = findings.map(({ rule, trial, message }) => `trial ${trial ?? "–"} ${message} (${rule})`);
  if (completed !== maxTrials) wrong.push(`${completed} trials are completed, not ${maxTrials}`);
  const [integrity] = storage.checks;
  const state = await integrity!.run();
  if (!/ok|^PostgreSQL/.test(state)) wrong.push(`the database says: ${state}`);
  const { lost, repeated } = compare({ trials, ledger, crew });
  return {
    completed,
    evaluations: ledger.length,
    repeated,
    broken: countOf("broken"),
    suggestionsRecomputed: suggestions!.agreeing,
    wrong: [...wrong, ...lost],
  };
}

interface Comparison {
  readonly trials: readonly Trial[];
  readonly ledger: readonly Evaluation[];
  readonly crew: VerifyOptions["crew"];
}

/**
 * An evaluation whose worker lived is in the database, as the result of its trial or beside it. That trial may be broken:
 * when the lease was lost meanwhile, or the worker died, somebody else had it next, and no luck.
 */
function compare({ trials, ledger, crew }: Comparison): { lost: string[]; repeated: number } {
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const told = new Set(ledger.map(({ trial, value }) => `${trial} ${value}`));
  const lost: string[] = [];
  let repeated = 0;
  for (const { trial: id, value, worker } of ledger) {
    const trial = byId.get(id);
    if (trial?.status !== "completed" && trial?.status !== "broken") {
      lost.push(`the evaluation ${value} of ${id} is lost: the trial is ${trial?.status ?? "not there"}`);
    } else if (!valuesOf(trial).includes(value)) {
      const pid = Number(worker.split(":")[1]);
      if (crew.killed.has(pid)) repeated++;
      else lost.push(`the evaluation ${value} of trial ${trial.number} is lost; ${describe(pid, crew.endingOf(pid))}`);
    }
  }
  for (const { id, number, status, objective } of trials) {
    if (status === "completed" && !told.has(`${id} ${objective}`))
      lost.push(`trial ${number} has the result ${objective}, which nobody reported`);
  }
  return { lost, repeated };
}

/** Enough to find out why. */
function describe(pid: number, ending: Ending | undefined): string {
  if (ending === undefined) return `nobody knows its worker ${pid}`;
  const { code, timesTold, output } = ending;
  return `its worker ${pid} was told ${timesTold} times to stop, ended with ${code} and said: ${output.slice(-1500)}`;
}

function valuesOf({ results, lateResults }: Trial): unknown[] {
  return [results, ...lateResults].flatMap((list) => list.map(({ value }) => value));
}

/** The last faults may still be at work when the storm is over; a snapshot is not taken again by the storage itself. */
async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof StorageError && error.retryable) || tries === 50) throw error;
      await pause(200);
    }
  }
}

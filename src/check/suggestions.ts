import { OrionError } from "../errors.js";
import { historyAt } from "../experiment/history-at.js";
import { createRecomputing, type Recomputed, type Recomputing, type Setting } from "../experiment/recompute.js";
import type { Trial } from "../trial/trial.js";
import type { Finding } from "./rule.js";
import { type StoredHistory, trialsOf } from "./stored-history.js";

export interface SuggestionsChecked {
  /** Trials whose suggestion was made once more from the history as it was, and came out the same. */
  readonly agreeing: number;
  /** Why trials cannot be checked, and how many. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/**
 * Recompute every suggestion from the rows alone: the history as it was at its basis, and the algorithm, the seed, the
 * space and the limit that the experiment had then.
 *
 * A worker goes on with what the experiment was when it started, so where the definition of that moment disagrees, the
 * earlier ones are asked too.
 */
export async function checkSuggestions(history: StoredHistory): Promise<SuggestionsChecked> {
  const settings = await openSettings(history);
  const unknown: Record<string, number> = {};
  const findings: Finding[] = [];
  let agreeing = 0;
  try {
    for (const trial of inOrderOfBasis(trialsOf(history))) {
      const result = await judge(trial, settings);
      if (result.kind === "agrees") agreeing++;
      else if (result.kind === "unknown") unknown[result.reason] = (unknown[result.reason] ?? 0) + 1;
      else findings.push({ rule: "suggestions", trial: trial.number, message: describe(trial, result.reason) });
    }
  } finally {
    for (const { close } of settings) close();
  }
  return { agreeing, unknown, findings };
}

/** The suggestion of one trial, made once more. */
export async function recomputeTrial(history: StoredHistory, number: number): Promise<Recomputed> {
  const trial = trialsOf(history).find((one) => one.number === number);
  if (trial === undefined) return { kind: "unknown", reason: "it was removed" };
  const settings = await openSettings(history);
  try {
    return await judge(trial, settings);
  } finally {
    for (const { close } of settings) close();
  }
}

/** So that a model of the history grows, and is not made anew for each trial. */
function inOrderOfBasis(trials: readonly Trial[]): Trial[] {
  return trials.toSorted((a, b) => (a.basisRevision ?? 0) - (b.basisRevision ?? 0) || a.number - b.number);
}

interface OpenSetting extends Recomputing {
  /** In force before this revision. */
  readonly untilRevision: number;
}

/** What the experiment was, from the beginning until now. */
async function openSettings(history: StoredHistory): Promise<OpenSetting[]> {
  const { experiment, formerDefinitions } = history;
  const { rewrittenRevision } = experiment;
  const trials = trialsOf(history);
  const open = async (setting: Setting, untilRevision: number): Promise<OpenSetting> => {
    const past = historyAt({ trials, direction: setting.definition.direction, rewrittenRevision });
    return { untilRevision, ...(await createRecomputing(setting, past).catch(refuseAll)) };
  };
  return Promise.all([
    ...formerDefinitions.map((former) => open(former, former.untilRevision)),
    open(experiment, Number.POSITIVE_INFINITY),
  ]);
}

/** An algorithm that is not installed here, for instance. */
function refuseAll(error: unknown): Recomputing {
  if (!(error instanceof OrionError)) throw error;
  return { recompute: async () => ({ kind: "unknown", reason: error.message }), close: () => {} };
}

async function judge(trial: Trial, settings: readonly OpenSetting[]): Promise<Recomputed> {
  const filled = trial.filledRevision ?? Number.POSITIVE_INFINITY;
  const current = settings.findIndex(({ untilRevision }) => untilRevision > filled);
  const last = current < 0 ? settings.length - 1 : current;
  const results = [];
  for (let at = last; at >= 0; at--) {
    const result = await settings[at]!.recompute(trial);
    if (result.kind === "agrees") return result;
    results.push(result);
  }
  return results.find(({ kind }) => kind === "unknown") ?? results[0]!;
}

function describe({ basisRevision, attempt }: Trial, reason: string): string {
  return `is not what its algorithm suggests from revision ${basisRevision} at attempt ${attempt}: ${reason}`;
}

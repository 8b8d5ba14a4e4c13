import type { Algorithm, SuggestedParams } from "../algorithms/algorithm.js";
import { type AlgorithmSources, resolveAlgorithm } from "../algorithms/resolve-algorithm.js";
import { enumerable } from "../space/cardinality.js";
import type { Space } from "../space/dimension.js";
import { parseSpace } from "../space/parse-space.js";
import type { Claim, ExperimentRecord, LeaseKey, SlotLease, Storage, Suggested } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { trialId } from "../trial/trial-id.js";
import { followHistory, type HistoryView } from "./history.js";
import { isCovered } from "./is-done.js";
import { createLimitCheck } from "./search-limits.js";
import { createThinking, noHistory } from "./think.js";

/** A stored experiment with its space and algorithm ready: where the two meet. */
export interface Experiment {
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly storage: Storage;
  /** Trials may continue others, see `Algorithm.continuesTrials`. */
  readonly continuesTrials: boolean;
  /** The limit of the search that is reached, as a sentence, if one is. */
  reachedLimit(): Promise<string | undefined>;
  /**
   * A trial to evaluate, leased to the caller, or why there is none.
   *
   * @param keep - Keeps the lease of an empty slot alive while a suggestion for it is thought of, which may take longer
   *   than the lease: without it somebody else may take the slot meanwhile, and the suggestion is for nothing.
   */
  nextTrial(claim: Claim, keep?: KeepLease): Promise<NextTrial>;
  /** Let go of what the algorithm holds outside of this process. The storage stays open. */
  close(): void;
}

/** Keep a lease alive until the function that comes back is called. */
export type KeepLease = (lease: LeaseKey) => () => void;

export type NextTrial =
  | { readonly kind: "trial"; readonly trial: Trial }
  /** The budget is used up. */
  | { readonly kind: "done" }
  /** The algorithm has nothing left to suggest: every point of a finite space was tried. */
  | { readonly kind: "exhausted" }
  /** Too many trials are broken. */
  | { readonly kind: "broken" }
  /** A limit of the search is reached; `reason` is a sentence. */
  | { readonly kind: "stopped"; readonly reason: string }
  /** Others hold the rest of the budget, or the algorithm waits for results: try again after this revision. */
  | { readonly kind: "busy" | "waiting"; readonly revision: number };

/** Suggestions for one number may turn out to be duplicates this often before the space counts as exhausted. */
const maxAttempts = 1000;

/**
 * Prepare a stored experiment for work.
 *
 * @throws {UnknownNameError} when its algorithm is not installed here.
 * @throws {UsageError} when the algorithm cannot serve its space.
 */
export async function openExperiment(
  storage: Storage,
  record: ExperimentRecord,
  sources: AlgorithmSources = {},
): Promise<Experiment> {
  const space = parseSpace(record.definition.space);
  const { algorithm, options } = await resolveAlgorithm(record.definition.algorithm, space, sources);
  const follow = followHistory({ storage, experimentId: record.id, direction: record.definition.direction });
  const reachedLimit = createLimitCheck({ follow, definition: record.definition });
  const suggester = createSuggester({ storage, record, space, algorithm, options, follow });
  return {
    record,
    space,
    storage,
    reachedLimit,
    continuesTrials: algorithm.continuesTrials === true && space.dimensions.some(({ type }) => type === "fidelity"),
    nextTrial: async (claim, keep) => {
      const reason = await reachedLimit();
      if (reason !== undefined) return { kind: "stopped", reason };
      for (;;) {
        const reservation = await storage.reserveTrial(record.id, { ...claim, ...suggester.atOnce });
        if (reservation.kind !== "slot") return reservation;
        const letGo = keep?.(reservation.slot);
        const next = await suggester.fill(reservation.slot).finally(letGo);
        if (next !== "lost") return next;
      }
    },
    close: suggester.close,
  };
}

interface SuggesterInput {
  readonly storage: Storage;
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly algorithm: Algorithm;
  readonly options: Record<string, unknown>;
  readonly follow: () => Promise<HistoryView>;
}

interface Suggester {
  /** For an algorithm that needs no history: the first suggestion for a number, to be filled in as the slot is made. */
  readonly atOnce: Pick<Claim, "suggest">;
  /** Fill an empty slot, or give it back. `lost`: somebody else has it by now. */
  fill(slot: SlotLease): Promise<NextTrial | "lost">;
  close(): void;
}

/**
 * Fills slots. No transaction is open while a model is fitted: what the algorithm saw is recorded with the trial as its
 * basis, and the UNIQUE id decides who was first when two workers think of the same point.
 */
function createSuggester({ storage, record, space, algorithm, options, follow }: SuggesterInput): Suggester {
  const { seed } = record.definition;
  const needsHistory = algorithm.basis === "history";
  const thinking = createThinking({ space, algorithm, options, seed, maxTrials: record.maxTrials });
  const describe = (suggestion: SuggestedParams, attempt: number, view: HistoryView): Suggested => {
    const { kind: _, ...told } = suggestion;
    const id = trialId(space, told.params, told);
    return { id, ...told, workingDir: record.workingDir, basisRevision: view.revision, attempt };
  };

  const suggest = (trialNumber: number): Suggested | undefined => {
    const suggestion = thinking.atOnce({ trialNumber, attempt: 0, view: noHistory });
    return suggestion.kind === "params" ? describe(suggestion, 0, noHistory) : undefined;
  };

  const tryAll = async (slot: SlotLease): Promise<NextTrial | "lost"> => {
    for (let attempt = 0; attempt < Math.max(maxAttempts, finiteSize(space)); attempt++) {
      const view = needsHistory ? await follow() : noHistory;
      const suggestion = await thinking.think({ trialNumber: slot.number, attempt, view });
      if (suggestion.kind === "done") break;
      if (suggestion.kind === "wait") {
        await storage.returnSlot(slot, "wait");
        return { kind: "waiting", revision: view.revision };
      }
      const filled = await storage.fillSlot(slot, describe(suggestion, attempt, view));
      if (filled === "lost") return "lost";
      if (filled !== "duplicate") return { kind: "trial", trial: filled };
      if (attempt === 0 && isCovered(space, await storage.summarize(record.id))) break;
    }
    await storage.returnSlot(slot, "drop");
    return { kind: "exhausted" };
  };

  return {
    atOnce: needsHistory ? {} : { suggest },
    fill: async (slot) => {
      try {
        return await tryAll(slot);
      } catch (error) {
        // The number is kept, as if we had died: the set of trials must not depend on whose database or program failed.
        await storage.returnSlot(slot, "wait").catch(() => {});
        throw error;
      }
    },
    close: thinking.close,
  };
}

/** Number of points of a finite space, 0 of an infinite one. */
function finiteSize(space: Space): number {
  const size = enumerable(space);
  return Number.isFinite(size) ? size : 0;
}

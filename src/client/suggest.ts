import { BrokenExperimentError, CompletedExperimentError, WaitingForTrialsError } from "../errors.js";
import type { Experiment, KeepLease, NextTrial } from "../experiment/experiment.js";
import { isQuiet } from "../experiment/is-done.js";
import type { Claim } from "../storage/storage.js";
import type { Failure, Trial } from "../trial/trial.js";
import { takeoverMs } from "../worker/gone-workers.js";

export interface SuggestOptions {
  /**
   * Seconds to wait where nothing can be suggested before others report results; the idle timeout if absent, and 0 for
   * an answer at once.
   */
  readonly timeout?: number;
  /** Aborted: stop waiting. */
  readonly signal?: AbortSignal;
}

interface Seeker {
  readonly experiment: Experiment;
  readonly claim: () => Promise<Claim>;
  readonly keep: KeepLease;
  readonly timeoutMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Trials of the client itself that are under way. */
  readonly heldCount: () => number;
  /** The algorithm has nothing left, which no number in the database tells. */
  readonly onExhausted: () => void;
}

/**
 * The next trial, leased to the caller; waits for it as long as that makes sense.
 *
 * @throws {CompletedExperimentError} when the budget, or what the algorithm can suggest, is used up.
 * @throws {BrokenExperimentError} when too many trials are broken.
 * @throws {WaitingForTrialsError} when nothing could be suggested in time.
 */
export async function seekTrial(seeker: Seeker): Promise<Trial> {
  const { experiment, claim, keep, timeoutMs, signal, heldCount } = seeker;
  const { storage, record } = experiment;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const next = await experiment.nextTrial(await claim(), keep);
    if (next.kind === "trial") return next.trial;
    await refuseWhenOver(next, seeker);
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw waitingError(next, { name: record.name, heldCount: heldCount() });
    await storage.waitForNews(record.id, {
      since: "revision" in next ? next.revision : await storage.readRevision(record.id),
      timeoutMs: Math.min(leftMs, takeoverMs),
      signal,
    });
  }
}

/** @throws when nothing is left to wait for. */
async function refuseWhenOver(next: NextTrial, { experiment, onExhausted }: Seeker): Promise<void> {
  const { storage, record } = experiment;
  const { kind } = next;
  if (kind === "stopped") {
    throw completedError(record.name, {
      why: sentencePart(next.reason),
      remedy: 'To go on, create it again with other limits; "none" lifts one.',
    });
  }
  if (kind === "done") throw completedError(record.name);
  if (kind === "broken") throw brokenError(record.name);
  if (kind !== "exhausted") return;
  // Somebody may still lose a trial of a space that is covered.
  if (!(await isQuiet(storage, record.id))) return;
  onExhausted();
  throw completedError(record.name, {
    why: "its algorithm has nothing left to suggest",
    remedy: "To go on, create it again with another algorithm, or a new version of it with a larger space.",
  });
}

/** A sentence, to stand behind a colon. */
function sentencePart(sentence: string): string {
  return `${sentence[0]!.toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, "");
}

export function completedError(
  name: string,
  {
    why = "all of its trials are completed",
    remedy = "To go on, create it again with a larger maxTrials.",
  }: { readonly why?: string; readonly remedy?: string } = {},
): CompletedExperimentError {
  return new CompletedExperimentError(`Experiment "${name}" is done: ${why}.`, remedy);
}

interface BrokenWhy {
  /** The end of a sentence. */
  readonly why?: string;
  /** Of the last trial that failed here, if one did. */
  readonly failure?: Failure | undefined;
}

/** The `cause` has the reason and the stack of the last failure: who reads no more than the error has to find it there. */
export function brokenError(
  name: string,
  { why = "too many of its trials failed", failure }: BrokenWhy = {},
): BrokenExperimentError {
  const last = failure === undefined ? "" : ` The last one: ${failure.reason}`;
  return new BrokenExperimentError(
    `Experiment "${name}" is broken: ${why}.${last}`,
    'Look at them with fetchTrialsByStatus("broken"): each has a failure with its reason. Then raise maxBroken.',
    failure === undefined ? {} : { cause: asError(failure) },
  );
}

function asError({ reason, stack }: Failure): Error {
  const error = new Error(reason);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function waitingError(next: NextTrial, { name, heldCount }: { name: string; heldCount: number }) {
  const why =
    next.kind === "waiting"
      ? "its algorithm waits for results"
      : next.kind === "busy"
        ? "the rest of its budget is being evaluated"
        : "every point that is left is being evaluated";
  const here = heldCount === 0 ? "" : `, ${heldCount === 1 ? "one trial" : `${heldCount} trials`} by this client`;
  return new WaitingForTrialsError(
    `Nothing can be suggested for experiment "${name}" yet: ${why}${here}.`,
    "Observe what is under way and ask again, or wait for others with suggest({ timeout: seconds }).",
  );
}

import { inspect } from "node:util";
import { UsageError } from "../errors.js";
import type { Trial } from "../trial/trial.js";
import { type TrialRoot, trialDirectoryOf } from "../worker/trial-directory/trial-root.js";
import { bareParams } from "./read-space.js";

/** A trial as it stands in the database: a copy, which does not change. */
export interface ClientTrial<Params> extends Omit<Trial, "params" | "workingDir"> {
  /** By the names of the space, without a leading "/". */
  readonly params: Params;
  /** Absolute path of the trial's own directory, whether or not it exists here. */
  readonly workingDir: string;
}

/**
 * A trial in this client's hands: its lease is kept until it is observed or released. With `await using` it is released
 * as interrupted at the end of the block, if nothing was observed by then.
 */
export interface SuggestedTrial<Params> extends ClientTrial<Params>, AsyncDisposable {
  /** Absolute path of the trial's own directory, which is made when this is read. A resumed trial finds its files. */
  readonly workingDir: string;
  /** Aborted when the trial belongs to somebody else by now: its result is kept, but no more needed. */
  readonly signal: AbortSignal;
  /**
   * Tell how it goes: the objective so far, after so many epochs or batches. Steps grow; one that is reported again
   * replaces its value. Resolves when the report is kept and the stopping rule has looked; dropped after the trial's end.
   * @throws {UsageError} at once, for a step that is not finite or a value that is no number.
   */
  report(step: number, value: number): Promise<void>;
  /** True when the stopping rule of the experiment has given the trial up: observe what it has by now. */
  readonly shouldStop: boolean;
}

/** Names a trial: its id, or itself. */
export type TrialRef = string | { readonly id: string };

/** @throws {UsageError} for what names no trial. */
export function idOf(trial: TrialRef): string {
  const id: unknown = typeof trial === "object" && trial !== null ? trial.id : trial;
  if (typeof id === "string") return id;
  throw new UsageError(`There is no trial ${inspect(trial)}.`, "Give a trial, or its id.");
}

/** The caller vouches for the type of the parameters, which follows from the space. */
export function viewTrial<Params>(trial: Trial, root: TrialRoot): ClientTrial<Params> {
  return { ...trial, params: bareParams(trial.params) as Params, workingDir: trialDirectoryOf(root, trial) };
}

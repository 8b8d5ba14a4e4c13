import type { Failure, Result, Trial } from "../trial/trial.js";

/** What came of an evaluation. */
export type Verdict =
  | {
      readonly kind: "completed";
      readonly results: readonly Result[];
      /** The step at which it was stopped early, and why. */
      readonly stopped?: { readonly at: number; readonly reason: string };
    }
  | {
      readonly kind: "broken";
      readonly failure: Failure;
      /** The program ended well but reported nothing usable: most likely it never does. How to mend that. */
      readonly remedyOfMissingResult?: string;
    }
  /** Stopped before its end: by the program itself (its interrupt code), or because we were told to stop. */
  | { readonly kind: "interrupted"; readonly isByProgram: boolean };

/** Runs one trial. Rejects when it could not be started at all; then the trial is not to blame. */
export type Evaluate = (trial: Trial, signal: AbortSignal) => Promise<Verdict>;

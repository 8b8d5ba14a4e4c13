import type { AlgorithmChoice, Definition, Metadata } from "../storage/storage.js";
import type { AskedLimits } from "./asked-limits.js";

/** What somebody asks an experiment to be. What is absent stays as stored, or takes its default at creation. */
export interface ExperimentRequest {
  readonly name: string;
  readonly version?: number;
  /** Canonical text of each prior by name; absent to go on with what is stored. */
  readonly space?: Readonly<Record<string, string>>;
  readonly algorithm?: AlgorithmChoice;
  readonly direction?: Definition["direction"];
  /** `null` for no rule: trials run to their ends. */
  readonly stopping?: AlgorithmChoice | null;
  /** Those that are given replace the stored ones; `null` lifts one. */
  readonly limits?: AskedLimits;
  readonly maxTrials?: number;
  readonly maxBroken?: number;
  /** "" or absolute. */
  readonly workingDir?: string;
  /** Replaces the stored one; a new experiment has that of `metadata`. "" for none. */
  readonly objectivePattern?: string;
  /** What a new experiment has where the request says nothing; a stored one keeps its own. */
  readonly defaults?: ExperimentDefaults;
  /** Describes the creation; what it says of the command replaces what is stored when forced. */
  readonly metadata: Metadata;
  /** Sentences on how the stored command differs from the one asked for. */
  readonly compareCommand?: (stored: Metadata) => readonly string[];
  /**
   * What to do when the definition changed: refuse (the default), go on in place and mark the experiment, or make a new
   * version of it, which starts without the trials of the old one.
   */
  readonly onChange?: "refuse" | "force" | "new-version";
  /** A random seed, used when the user gave none. */
  readonly drawSeed: () => string;
}

export interface ExperimentDefaults {
  readonly algorithm: AlgorithmChoice;
  readonly direction: Definition["direction"];
  readonly maxTrials: number;
  readonly maxBroken: number;
  readonly workingDir: string;
  readonly stopping?: ExperimentRequest["stopping"];
  readonly limits?: AskedLimits;
}

export const plainDefaults: ExperimentDefaults = {
  algorithm: { name: "auto", options: {} },
  direction: "minimize",
  maxTrials: Number.POSITIVE_INFINITY,
  maxBroken: 3,
  workingDir: "",
};

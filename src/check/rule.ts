import type { StoredHistory } from "./stored-history.js";

/** Something that is stored and cannot have come about by what orion does. */
export interface Finding {
  /** Name of the rule, for programs. */
  readonly rule: string;
  /** Of the trial, where it is about one. */
  readonly trial?: number;
  /** One sentence. */
  readonly message: string;
}

/**
 * One thing that holds in every history, whatever died while it was made. A rule knows nothing of how storages work:
 * it looks at rows, and says what is wrong with them.
 */
export type Rule = (history: StoredHistory) => Iterable<Omit<Finding, "rule">>;

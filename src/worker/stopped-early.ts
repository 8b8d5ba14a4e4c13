import type { Result } from "../trial/trial.js";
import type { Reported } from "./report-book.js";
import type { Verdict } from "./verdict.js";

/**
 * A trial that a rule has stopped is completed: by what it gave as results at the end, else by its last report.
 *
 * @returns `undefined` for one that no rule has stopped.
 */
export function stoppedEarly(
  { last, stopped: reason }: Reported,
  resultsOf: () => readonly Result[] | undefined,
): Extract<Verdict, { readonly kind: "completed" }> | undefined {
  if (reason === undefined || last === undefined) return undefined;
  const results = resultsOf() ?? [{ name: "objective", type: "objective" as const, value: last.value }];
  return { kind: "completed", results, stopped: { at: last.step, reason } };
}

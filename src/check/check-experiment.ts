import type { Finding, Rule } from "./rule.js";
import { budget } from "./rules/budget.js";
import { counts } from "./rules/counts.js";
import { identities } from "./rules/identities.js";
import { revisions } from "./rules/revisions.js";
import { states } from "./rules/states.js";
import { type StoredHistory, trialsOf } from "./stored-history.js";
import { checkSuggestions, type SuggestionsChecked } from "./suggestions.js";

const rules: Readonly<Record<string, Rule>> = { states, revisions, budget, counts, identities };

export interface Checked {
  readonly findings: readonly Finding[];
  /** Left out when suggestions were not recomputed. */
  readonly suggestions?: Omit<SuggestionsChecked, "findings">;
}

/** Look for what cannot be in the history of one experiment; what is found is the fault of orion, or of who edited it. */
export async function checkExperiment(
  history: StoredHistory,
  { recompute = true }: { readonly recompute?: boolean } = {},
): Promise<Checked> {
  const findings = Object.entries(rules).flatMap(([rule, find]) =>
    Array.from(find(history), (finding) => ({ rule, ...finding })),
  );
  if (!recompute) return { findings };
  try {
    const { findings: wrong, ...suggestions } = await checkSuggestions(history);
    return { findings: [...findings, ...wrong], suggestions };
  } catch (error) {
    // Rows that broke a rule may be nothing that an algorithm can read. Else the fault is its own.
    if (findings.length === 0) throw error;
    const reason = `its algorithm cannot read what was found (${(error as Error).message})`;
    return { findings, suggestions: { agreeing: 0, unknown: { [reason]: trialsOf(history).length } } };
  }
}

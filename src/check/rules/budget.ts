import type { StoredTrial } from "../../storage/records.js";
import type { Rule } from "../rule.js";

/**
 * Live and completed trials together never exceed `maxTrials`, but for those inserted by hand. A limit that was lowered
 * later binds what came later, so the highest one counts; changes by hand may bring ended trials back to life.
 */
export const budget: Rule = function* ({ experiment, formerDefinitions, trials }) {
  if (experiment.rewrittenRevision > 0) return;
  const limit = Math.max(experiment.maxTrials, ...formerDefinitions.map(({ maxTrials }) => maxTrials));
  const counted = trials.filter((row) => row.status !== "broken" && !isByHand(row)).length;
  if (counted <= limit) return;
  yield { message: `has ${counted} live and completed trials of its workers, more than the limit of ${limit}` };
};

function isByHand({ id, basisRevision }: StoredTrial): boolean {
  return id !== undefined && basisRevision === undefined;
}

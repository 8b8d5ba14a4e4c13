import type { RowStatus } from "../../storage/records.js";
import type { Rule } from "../rule.js";

/** The counts by which the budget is kept are the numbers of rows. */
export const counts: Rule = function* ({ experiment, trials }) {
  for (const [status, count] of Object.entries(experiment.counts) as [RowStatus, number][]) {
    const rows = trials.filter((row) => row.status === status).length;
    if (rows !== count) yield { message: `counts ${count} rows that are ${status}, and has ${rows}` };
  }
};

import type { StoredTrial } from "../../storage/records.js";
import type { Rule } from "../rule.js";

/** Each row is in a state that a trial or a slot can be in, and has what belongs to it and nothing else. */
export const states: Rule = function* ({ experiment, trials }) {
  // By hand, a trial may be put into any status, with what it had before.
  const isByHand = experiment.rewrittenRevision > 0;
  for (const row of trials) {
    for (const message of [...misfits(row), ...(isByHand ? [] : misfitsOfWorkers(row))]) {
      yield { trial: row.number, message };
    }
  }
};

function* misfits(row: StoredTrial): Generator<string> {
  const { status } = row;
  const isSlot = status === "open" || status === "idle";
  const isLeased = status === "open" || status === "reserved";
  const isFinal = status === "completed" || status === "broken";
  if (isSlot !== (row.id === undefined) || isSlot !== (row.params === undefined)) {
    yield isSlot ? "is an empty slot with parameters" : "has no id or no parameters";
  }
  if (isFinal !== (row.finishedRevision !== undefined)) {
    yield isFinal
      ? `is ${status} at no revision`
      : `is ${status}, but was finished at revision ${row.finishedRevision}`;
  }
  if (isFinal && row.endTime === undefined) yield `is ${status}, but has no end`;
  if (!isLeased && row.owner !== undefined) yield `is ${status}, but has an owner`;
  if (!isLeased && row.leaseUntil !== undefined) yield `is ${status}, but has a lease`;
  if (status === "completed" && !hasObjective(row)) yield "is completed without an objective";
  if (row.epoch < 0) yield `has the epoch ${row.epoch}`;
}

/** What holds as long as nobody changed a trial by hand. */
function* misfitsOfWorkers(row: StoredTrial): Generator<string> {
  const { status, owner, leaseUntil, epoch, finishedEpoch } = row;
  const isLeased = status === "reserved" || status === "open";
  if (isLeased && (owner === undefined || leaseUntil === undefined)) yield `is ${status}, but nobody owns it`;
  if (isLeased && epoch < 1) yield `is ${status}, but was never reserved`;
  if (status === "broken" && row.failure === undefined) yield "is broken without a reason";
  if (status !== "completed" && row.results !== undefined) yield `is ${status}, but has results`;
  if (finishedEpoch !== undefined && finishedEpoch > epoch) {
    yield `was finished by epoch ${finishedEpoch}, but had no more than ${epoch}`;
  }
}

function hasObjective({ results = [] }: StoredTrial): boolean {
  return results.some(({ type, value }) => type === "objective" && typeof value === "number");
}

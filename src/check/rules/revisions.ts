import type { StoredTrial } from "../../storage/records.js";
import type { Finding, Rule } from "../rule.js";
import type { StoredHistory } from "../stored-history.js";

type Problem = Omit<Finding, "rule">;

/** Revisions are given out one after the other, once to each transaction, and what happened is stamped in that order. */
export const revisions: Rule = function* (history) {
  for (const row of history.trials) {
    for (const message of disorder(row, history.experiment.revision)) yield { trial: row.number, message };
  }
  yield* numbers(history);
  yield* sharedRevisions(history);
  yield* unexplained(history);
};

function* disorder(row: StoredTrial, last: number): Generator<string> {
  const { basisRevision, createdRevision, filledRevision, finishedRevision, changedRevision } = row;
  const stamps = [createdRevision, filledRevision, finishedRevision, changedRevision].filter(
    (one) => one !== undefined,
  );
  const isOrdered = stamps.every((one, at) => at === 0 || stamps[at - 1]! <= one);
  if (!isOrdered || createdRevision < 1 || changedRevision > last) {
    yield `has revisions out of order: created ${createdRevision}, filled ${filledRevision ?? "–"}, finished ` +
      `${finishedRevision ?? "–"}, changed ${changedRevision} of ${last}`;
  }
  if (basisRevision !== undefined && filledRevision !== undefined && basisRevision >= filledRevision) {
    yield `was suggested from revision ${basisRevision}, but filled at ${filledRevision}`;
  }
}

/** Numbers follow the order of creation. */
function* numbers({ experiment, trials }: StoredHistory): Generator<Problem> {
  let before: StoredTrial | undefined;
  for (const row of trials) {
    if (before !== undefined && row.number <= before.number) yield { trial: row.number, message: "has a number twice" };
    if (before !== undefined && row.createdRevision < before.createdRevision) {
      yield { trial: row.number, message: `was created before trial ${before.number}` };
    }
    if (row.number >= experiment.nextNumber) {
      yield { trial: row.number, message: `has a number that was not given out: the next is ${experiment.nextNumber}` };
    }
    before = row;
  }
}

/** To fill a slot and to finish a trial are two transactions; whole batches happen by hand and in merges alone. */
function* sharedRevisions({ trials }: StoredHistory): Generator<Problem> {
  const seen = new Map<number, number>();
  for (const { number, basisRevision, filledRevision, finishedRevision, finishedEpoch } of trials) {
    const own = [
      ...(basisRevision !== undefined && filledRevision !== undefined ? [filledRevision] : []),
      ...(finishedEpoch !== undefined && finishedRevision !== undefined ? [finishedRevision] : []),
    ];
    for (const revision of own) {
      const other = seen.get(revision);
      if (other !== undefined) yield { trial: number, message: `shares revision ${revision} with trial ${other}` };
      seen.set(revision, number);
    }
  }
}

/**
 * No more revisions than what is stored can have made. Later stamps replace earlier ones, so this is a bound: for each
 * row its creation, its parameters, its last loss, its end, its late results, and for each further epoch a loss and a
 * reservation. Slots that were given back for good have taken their part with them, and so have trials removed by hand.
 */
function* unexplained({ experiment, trials, formerDefinitions, lateResults }: StoredHistory): Generator<Problem> {
  const { revision, rewrittenRevision, nextNumber, definitionRevision } = experiment;
  if (rewrittenRevision > 0 || trials.length < nextNumber - 1) return;
  if (formerDefinitions.length < definitionRevision - 1) return; // changed by an older version of orion
  let explained = 1 + formerDefinitions.length + lateResults.length;
  for (const row of trials) {
    const firstEpoch = row.basisRevision === undefined && row.id !== undefined ? 0 : 1;
    explained += 4 + 2 * Math.max(0, row.epoch - firstEpoch);
  }
  if (revision <= explained) return;
  yield { message: `has ${revision} revisions, ${revision - explained} more than anything stored can explain` };
}

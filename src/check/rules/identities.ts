import type { Space } from "../../space/dimension.js";
import { parseSpace } from "../../space/parse-space.js";
import type { StoredTrial } from "../../storage/records.js";
import { trialId } from "../../trial/trial-id.js";
import type { Finding, Rule } from "../rule.js";
import type { StoredHistory } from "../stored-history.js";

type Problem = Omit<Finding, "rule">;

/** Each trial is known by its parameters, once; and so is each claim. */
export const identities: Rule = function* (history) {
  yield* twins(history.trials, { what: "id", key: (row) => row.id });
  yield* twins(history.trials, { what: "claim", key: (row) => row.claim });
  yield* twins(history.trials, { what: "parameters", key: (row) => row.params && parameterText(row) });
  yield* wrongIds(history);
  yield* strangers(history);
};

interface Key {
  readonly what: string;
  readonly key: (row: StoredTrial) => string | undefined;
}

function* twins(rows: readonly StoredTrial[], { what, key }: Key): Generator<Problem> {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const text = key(row);
    if (text === undefined) continue;
    const other = seen.get(text);
    if (other !== undefined) yield { trial: row.number, message: `has the ${what} of trial ${other}` };
    seen.set(text, row.number);
  }
}

/** The same parameters under another parent are another trial. */
const parameterText = ({ params = {}, parent }: StoredTrial): string =>
  JSON.stringify([Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)), parent]);

/** Under one of the spaces that the experiment ever had. */
function* wrongIds({ experiment, formerDefinitions, trials }: StoredHistory): Generator<Problem> {
  const texts = new Map(
    [experiment, ...formerDefinitions].map(({ definition }) => [JSON.stringify(definition.space), definition.space]),
  );
  const spaces = [...texts.values()].map(parseSpace);
  for (const row of trials) {
    if (row.id === undefined || row.params === undefined) continue;
    if (!spaces.some((space) => idOf(space, row) === row.id)) {
      yield { trial: row.number, message: `has the id ${row.id}, which is not that of its parameters` };
    }
  }
}

function idOf(space: Space, { params = {}, parent }: StoredTrial): string | undefined {
  try {
    return trialId(space, params, parent === undefined ? {} : { parent });
  } catch {
    return undefined; // a dimension has no value: not of this space
  }
}

/** What refers to a trial refers to one that is there. */
function* strangers({ experiment, trials, lateResults, reports }: StoredHistory): Generator<Problem> {
  const epochs = new Map(trials.map((row) => [row.number, row.epoch]));
  for (const { number, epoch } of lateResults) {
    const last = epochs.get(number);
    if (last === undefined) yield { message: `has late results of trial ${number}, which is not there` };
    else if (epoch > last) yield { trial: number, message: `has late results of epoch ${epoch}, but had only ${last}` };
  }
  for (const { number, step } of reports) {
    if (!epochs.has(number)) yield { message: `has a report at step ${step} of trial ${number}, which is not there` };
  }
  if (experiment.rewrittenRevision > 0) return; // a parent may have been removed
  const ids = new Set(trials.map((row) => row.id));
  for (const { number, parent } of trials) {
    if (parent !== undefined && !ids.has(parent))
      yield { trial: number, message: `continues ${parent}, which is not there` };
  }
}

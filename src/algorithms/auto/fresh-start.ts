import type { Trial } from "../../trial/trial.js";
import type { SuggestContext, Suggestion } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { lastNumber } from "../last-number.js";
import { suggestUntried } from "../untried.js";
import { patienceFor, startCount } from "./choose-member.js";
import { startOf } from "./start.js";

interface View extends SuggestContext {
  /** 1, 2, 3 … */
  readonly round: number;
}

type FreshModel = (context: SuggestContext, round: number) => Suggestion;

interface Rounds {
  round: number;
  trials: Trial[];
  best: number;
  sinceBetter: number;
}

/**
 * A suggestion of a model that has seen nothing but its own trials: a search that has come to the bottom of a valley
 * learns nothing about others as long as it starts from what it knows.
 *
 * Where it asks for what another member has tried, the storage refuses that, and the next attempt is not a fresh one.
 *
 * @param model - Suggests from the history that it is given.
 */
export function suggestFresh(context: SuggestContext, size: number, model: FreshModel): Suggestion {
  const view = viewOf(context, patienceFor(size));
  const isStart = view.history.length + view.pending.length < startCount(size);
  const suggestion = isStart ? suggestUntried(context, startOf(context)) : model(view, view.round);
  return suggestion.kind === "params"
    ? { ...suggestion, facts: { ...suggestion.facts, round: view.round } }
    : suggestion;
}

/**
 * What the fresh search sees: only its own trials, so that it is not drawn to where the others were. When it stands
 * still as well, the next round begins with nothing. Trials know their round by their facts.
 */
function viewOf(context: SuggestContext, patience: number): View {
  const { round, trials } = foldHistory(context, {
    name: "rounds",
    make: (): Rounds => ({ round: 1, trials: [], best: Number.POSITIVE_INFINITY, sinceBetter: 0 }),
    add: (rounds, trial) => {
      if (roundOf(trial) !== rounds.round) return;
      rounds.trials.push(trial);
      rounds.sinceBetter++;
      const { status, objective } = trial;
      if (status === "completed" && objective !== undefined && objective < rounds.best) {
        rounds.best = objective;
        rounds.sinceBetter = 0;
      }
      if (rounds.sinceBetter < patience) return;
      rounds.round++;
      rounds.trials = [];
      rounds.best = Number.POSITIVE_INFINITY;
      rounds.sinceBetter = 0;
    },
  });
  const pending = context.pending.filter((trial) => roundOf(trial) === round);
  const ahead = context.trialNumber - 1 - lastNumber(context);
  const view = { ...context, history: [...trials], pending };
  // Only trials that nobody has seen yet are to be guessed by the model, not those of other members.
  return { ...view, trialNumber: lastNumber(view) + 1 + Math.max(0, ahead), round };
}

/** `mofa` notes rounds of its own, and may have made the trials before. */
function roundOf({ facts }: Trial): unknown {
  return facts.auto === "fresh" ? facts.round : undefined;
}

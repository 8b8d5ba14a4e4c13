import type { Space } from "../../space/dimension.js";
import type { Facts } from "../../trial/trial.js";
import type { SuggestContext, Suggestion } from "../algorithm.js";
import { suggestAsha } from "../asha.js";
import { newConfiguration } from "../multi-fidelity/new-configuration.js";
import { rungView } from "./rung-view.js";

/** True where trials can be stopped at rungs: with a fidelity that has more than one level. */
export function isHalving({ dimensions }: Space): boolean {
  const fidelity = dimensions.find((dimension) => dimension.type === "fidelity");
  return fidelity !== undefined && fidelity.base >= 2 && fidelity.low < fidelity.high;
}

/**
 * ASHA, whose new configurations come from a model of the highest rung that has enough points: what is known there says
 * most about full evaluations.
 *
 * @param configure - Suggests from a history in which all trials have one fidelity.
 */
export function suggestHalving(
  context: SuggestContext,
  configure: (context: SuggestContext) => Suggestion,
): Suggestion {
  let made: Facts = { auto: "asha", why: "a good trial goes on" };
  const suggestion = suggestAsha({ ...context, options: plainHalving }, () => {
    const proposal = configure(rungView(context));
    const proposed = proposal.kind === "params" ? proposal.params : undefined;
    const params = newConfiguration(context, proposed === undefined ? [] : [proposed]);
    const isProposed = proposal.kind === "params" && params === proposed;
    made = isProposed ? (proposal.facts ?? {}) : { auto: "random", why: "no model has proposed anything new" };
    return params;
  });
  if (suggestion.kind !== "params") return suggestion;
  return { ...suggestion, facts: { ...made, ...suggestion.facts } };
}

const plainHalving = { num_rungs: null, num_brackets: 1, repetitions: null };

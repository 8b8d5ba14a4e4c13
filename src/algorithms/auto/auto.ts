import { unitSize } from "../../space/unit-cube.js";
import { defineAlgorithm, type SuggestContext, type Suggestion } from "../algorithm.js";
import cmaes from "../cmaes/cmaes.js";
import gp from "../gp/gp.js";
import tpe from "../tpe/tpe.js";
import { suggestUntried } from "../untried.js";
import { chooseMember, type Member, memberNames } from "./choose-member.js";
import { suggestFresh } from "./fresh-start.js";
import { isHalving, suggestHalving } from "./halving.js";
import { suggestAs, suggestSeeingAll } from "./members.js";
import { situationOf } from "./situation.js";
import { drawnStartOf, listOf, startOf } from "./start.js";

/**
 * A portfolio: each trial is made by the member that is best for it, which `choose-member.ts` decides from what every
 * worker sees. A member sees all trials, whoever made them. With a fidelity, trials climb the rungs of ASHA, and only
 * what starts at the bottom is made by a member.
 *
 * Each trial keeps who made it as the fact `auto`, and the reason as `why`.
 */
export default defineAlgorithm({
  summary:
    "The best of the others for each trial: a Gaussian process, TPE, CMA-ES or rungs, by space, history and cost.",
  paper: "Kerschke et al. 2019, https://doi.org/10.1162/evco_a_00242 (a survey of choosing algorithms)",
  requires: {},
  members: memberNames,
  continuesTrials: true,
  defaults: {},
  basis: "history",
  suggest: (context) => (isHalving(context.space) ? suggestHalving(context, suggestAlone) : suggestAlone(context)),
});

/** A suggestion of one member; it takes no notice of a fidelity, which stays at its highest. */
function suggestAlone(context: SuggestContext): Suggestion {
  const { member, why } = chooseMember(situationOf(context));
  const suggestion = members[member](context);
  if (suggestion.kind !== "params") return suggestion;
  return { ...suggestion, facts: { ...suggestion.facts, auto: member, why } };
}

const members: Readonly<Record<Member, (context: SuggestContext) => Suggestion>> = {
  list: (context) => suggestUntried(context, listOf(context)),
  start: (context) => suggestUntried(context, startOf(context)),
  random: (context) => suggestUntried(context, drawnStartOf(context)),
  gp: (context) => suggestSeeingAll("gp", gp, context),
  ranks: (context) => suggestSeeingAll("ranks", gpWith({ targets: "ranks" }), context),
  local: (context) => suggestSeeingAll("local", gpWith({ scope: "local" }), context),
  fresh: (context) =>
    suggestFresh(context, unitSize(context.space), (view, round) => suggestAs(`gp, round ${round}`, gp, view)),
  tpe: (context) => suggestSeeingAll("tpe", tpe, context),
  cmaes: (context) => suggestSeeingAll("cmaes", cmaes, context),
};

function gpWith(options: Partial<typeof gp.defaults>): typeof gp {
  return { ...gp, defaults: { ...gp.defaults, ...options } };
}

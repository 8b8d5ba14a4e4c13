import type { Situation } from "./situation.js";

/** Who makes a trial: points that need no model, or an algorithm. */
export type Member = "list" | "start" | "prior" | "gp" | "tpe" | "cmaes";

/** Who makes the next trial, and why: both are stored with it. */
export interface Choice {
  readonly member: Member;
  readonly why: string;
}

interface Rule extends Choice {
  readonly applies: (situation: Situation) => boolean;
}

/**
 * The member whose turn it is: the first rule that applies. A function of what every worker can see, so that all of them
 * choose alike and nobody has to be told.
 */
export function chooseMember(situation: Situation): Choice {
  const { member, why } = rules.find(({ applies }) => applies(situation))!;
  return { member, why };
}

const rules: readonly Rule[] = [
  {
    member: "list",
    why: "the budget is enough to try all points",
    applies: ({ pointCount, maxTrials }) => pointCount <= Math.min(maxTrials, longestList),
  },
  {
    member: "start",
    why: "little is known yet",
    applies: ({ trialNumber, knownCount, size }) => {
      const wanted = Math.min(Math.max(size + 2, 6), 12);
      return trialNumber <= wanted || knownCount < wanted / 2;
    },
  },
  {
    member: "prior",
    why: "each sixteenth trial is drawn from the prior",
    applies: ({ trialNumber }) => trialNumber % 16 === 0,
  },
  {
    member: "tpe",
    why: "a dimension has many categories",
    applies: ({ mostCategories }) => mostCategories > mostModelledCategories,
  },
  {
    member: "tpe",
    why: "a trial takes less time than a model",
    applies: ({ trialMs = shortTrial, finishedCount }) => trialMs < shortTrial && finishedCount >= cheapModel,
  },
  {
    member: "gp",
    why: "a model pays",
    applies: () => true,
  },
];

/** Of more points than this not even a large budget tries all, before a model has said where the good ones are. */
const longestList = 100;
/** A Gaussian process learns each category by itself. */
const mostModelledCategories = 12;
/** Below so many trials a Gaussian process is asked in a few milliseconds, in sum less than half a second. */
const cheapModel = 50;

/** Milliseconds: of shorter trials a worker makes more while a model is asked. */
const shortTrial = 50;

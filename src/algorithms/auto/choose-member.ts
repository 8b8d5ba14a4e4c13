import { maxSobolDimensions } from "../../math/sobol.js";
import type { Situation } from "./situation.js";

/** Who makes a trial: points that need no model (`list`, `start`, `random`), or an algorithm. */
export const memberNames = ["list", "start", "random", "gp", "ranks", "local", "fresh", "tpe", "cmaes"] as const;
export type Member = (typeof memberNames)[number];

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

/**
 * Where no model knows much, none of them is right for all functions, and each learns from the points of the others. A
 * Gaussian process alone went astray on rugged and on steep functions, TPE alone was slow on smooth ones. Those two find
 * valleys, and a local model goes down in them: with it in the place of CMA-ES the regret on the 24 BBOB functions is in
 * the mean a quarter less after 100 and 200 trials; docs/experiments.md has the figures.
 */
const turns = ["gp", "ranks", "local", "tpe", "ranks", "local"] as const;

const rules: readonly Rule[] = [
  {
    member: "list",
    why: "the budget is enough to try all points",
    applies: ({ pointCount, maxTrials }) => pointCount <= Math.min(maxTrials, longestList),
  },
  {
    member: "random",
    why: "little is known yet, of more dimensions than a Sobol sequence has",
    applies: (situation) => situation.size > maxSobolDimensions && isStart(situation),
  },
  {
    member: "start",
    why: "little is known yet",
    applies: isStart,
  },
  {
    member: "tpe",
    why: "a dimension has many categories",
    applies: ({ mostCategories }) => mostCategories > mostModelledCategories,
  },
  {
    member: "tpe",
    why: "a Gaussian process would cost too much, and other trials are from cmaes",
    applies: (situation) => isTooMuchForGp(situation) && situation.trialNumber % 4 === 0,
  },
  {
    member: "cmaes",
    why: "a Gaussian process would cost too much",
    applies: isTooMuchForGp,
  },
  {
    member: "fresh",
    why: "the search stands still, and a new one may find another valley",
    applies: ({ trialNumber, attempt, sinceBetter, size, isHalving }) =>
      sinceBetter >= patienceFor(size) && trialNumber % 4 === 1 && attempt === 0 && !isHalving,
  },
  {
    member: "gp",
    why: "a Gaussian process asks each category",
    applies: ({ finishedCount, size, mostCategories }) => mostCategories > 0 && finishedCount < lastAsking * size,
  },
  {
    member: "gp",
    why: "a Gaussian process explains the results",
    applies: ({ finishedCount, size, explained }) =>
      finishedCount >= firstTrust * size && finishedCount < lastTrust * size && explained() > enoughExplained,
  },
  ...turns.map(
    (member, turn): Rule => ({
      member,
      why: "no model explains the results well, so several take turns",
      applies: ({ trialNumber }) => trialNumber % turns.length === turn,
    }),
  ),
];

/** Of more points than this not even a large budget tries all, before a model has said where the good ones are. */
const longestList = 100;
/** A Gaussian process learns each category by itself. */
const mostModelledCategories = 12;
/** What it sees at most in an ordinary search, and in which dimensions it knows where to look. */
const mostModelledTrials = 400;
const mostModelledSize = 40;
/** Milliseconds: of shorter trials a worker makes more while a model is asked, but for the first ones, when it is quick. */
const shortTrial = 50;
const mostShortTrials = 60;
/** Of the variance: from here on the model alone is best. */
const enoughExplained = 0.8;
/**
 * Trials for each coordinate between which that is asked. Of fewer results nobody can say how much is explained. Later
 * most of them lie in the valley that the model has found, where it explains them well whatever it knows of others.
 */
const firstTrust = 4;
const lastTrust = 10;
/**
 * Trials for each coordinate while categories are asked. Members that follow the best trials stay with the category that
 * leads: in turns, 20 of 40 searches on mixed4 were in a wrong one after 50 trials, with a Gaussian process alone 3.
 */
const lastAsking = 15;

function isStart({ trialNumber, knownCount, size }: Situation): boolean {
  return trialNumber <= startCount(size) || knownCount < startCount(size) / 2;
}

function isTooMuchForGp({ size, finishedCount, trialMs = shortTrial }: Situation): boolean {
  if (size > mostModelledSize || finishedCount >= mostModelledTrials) return true;
  return trialMs < shortTrial && finishedCount >= mostShortTrials;
}

/** How many trials are made before there is a model. */
export function startCount(size: number): number {
  return Math.min(Math.max(size + 2, 6), 12);
}

/** Trials without progress after which a search stands still. */
export function patienceFor(size: number): number {
  return Math.max(20, 4 * size);
}

import { describe, expect, it } from "vitest";
import { chooseMember } from "../../../src/algorithms/auto/choose-member.js";
import type { Situation } from "../../../src/algorithms/auto/situation.js";

/** A search of some dozen trials in five dimensions that goes well. */
const ordinary: Situation = {
  trialNumber: 42,
  attempt: 0,
  maxTrials: 1000,
  finishedCount: 40,
  knownCount: 40,
  sinceBetter: 0,
  trialMs: 60_000,
  size: 5,
  pointCount: Number.POSITIVE_INFINITY,
  mostCategories: 0,
  isHalving: false,
  explained: () => 0.5,
};

const still = { sinceBetter: 20, trialNumber: 45 };

describe("the choice of a member", () => {
  it.each<[string, Partial<Situation>, string]>([
    ["an ordinary search", {}, "gp"],
    ["the next one", { trialNumber: 43 }, "ranks"],
    ["the one after", { trialNumber: 44 }, "local"],
    ["the fourth of them", { trialNumber: 45 }, "tpe"],
    ["the sixth of them", { trialNumber: 47 }, "local"],
    ["a function that a model knows", { trialNumber: 44, explained: () => 0.9 }, "gp"],
    ["few results that a model explains", { trialNumber: 20, finishedCount: 19, explained: () => 0.9 }, "local"],
    ["results of a valley that is found", { trialNumber: 56, finishedCount: 50, explained: () => 0.9 }, "local"],
    ["durations that nobody knows", { trialMs: undefined, finishedCount: 90 }, "gp"],
    ["as many points as the budget", { pointCount: 90, maxTrials: 90 }, "list"],
    ["more points than the budget", { pointCount: 91, maxTrials: 90 }, "gp"],
    ["no budget and a long list", { pointCount: 5000, maxTrials: Number.POSITIVE_INFINITY }, "gp"],
    ["the first trials", { trialNumber: 7 }, "start"],
    ["the first trials in very many dimensions", { trialNumber: 7, size: 257 }, "random"],
    ["results that do not come", { knownCount: 2 }, "start"],
    ["categories of which little is known", { mostCategories: 3, trialNumber: 44, finishedCount: 74 }, "gp"],
    ["categories that were asked", { mostCategories: 3, trialNumber: 80, finishedCount: 75 }, "local"],
    ["many categories", { mostCategories: 13 }, "tpe"],
    ["short trials, of which there are few", { trialMs: 5, finishedCount: 59 }, "gp"],
    ["short trials", { trialMs: 5, finishedCount: 60 }, "cmaes"],
    ["a fourth of short trials", { trialMs: 5, finishedCount: 60, trialNumber: 84 }, "tpe"],
    ["many dimensions", { size: 41, trialNumber: 51 }, "cmaes"],
    ["very many trials", { finishedCount: 400, trialNumber: 501 }, "cmaes"],
    ["a search that stands still", still, "fresh"],
    ["one that stands still where a model knows the function", { ...still, explained: () => 0.9 }, "fresh"],
    ["the other trials of a search that stands still", { sinceBetter: 20 }, "gp"],
    ["a duplicate of a search that stands still", { ...still, attempt: 1 }, "tpe"],
    ["rungs, where nothing stands still", { ...still, isHalving: true }, "tpe"],
  ])("%s", (_, difference, member) => {
    expect(chooseMember({ ...ordinary, ...difference }).member).toBe(member);
  });

  it("asks no model how well it knows the function where none is to be made", () => {
    const explained = () => expect.unreachable("a model was made");
    for (const situation of [{ finishedCount: 400 }, { mostCategories: 3 }, { mostCategories: 13 }, { trialNumber: 3 }])
      chooseMember({ ...ordinary, ...situation, explained });
  });
});

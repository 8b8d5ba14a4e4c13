import { beforeAll, describe, expect, it } from "vitest";
import { algorithms } from "../../src/algorithms/registry.js";
import { checkExperiment } from "../../src/check/check-experiment.js";
import { readStoredHistory, type StoredHistory } from "../../src/check/stored-history.js";
import type { StoredExperiment, StoredTrial } from "../../src/storage/records.js";
import { makeHistory } from "./checked-storage.js";

/** All but the one that asks a program, which may say what it likes. */
const reproducible = (Object.keys(algorithms) as (keyof typeof algorithms)[]).filter((name) => name !== "external");

describe.each(reproducible)("a history made with %s", (name) => {
  it("is found sound, and every suggestion of it comes out the same when it is made once more", async () => {
    const { default: algorithm } = await algorithms[name]();
    const fidelity = { "/epochs": "fidelity(1, 100, base=3)" };
    const space = {
      "/x": "uniform(0, 1)",
      "/y": "loguniform(0.1, 10)",
      ...(algorithm.requires.fidelity ? fidelity : {}),
    };
    const { history } = await makeHistory({ algorithm: { name, options: { seed: 1 } }, space, maxTrials: 25 });
    const { findings, suggestions } = await checkExperiment(history);
    expect(findings).toEqual([]);
    expect(suggestions).toEqual({ agreeing: history.trials.filter(({ id }) => id !== undefined).length, unknown: {} });
    expect(suggestions!.agreeing).toBeGreaterThan(15);
  });
});

describe("a history that was tampered with", () => {
  let sound: StoredHistory;
  beforeAll(async () => {
    ({ history: sound } = await makeHistory({ algorithm: { name: "random", options: { seed: 1 } }, maxTrials: 25 }));
  });

  /** The sound history with one completed trial changed. */
  const withTrial = (change: Partial<Record<keyof StoredTrial, unknown>>): StoredHistory => {
    const at = sound.trials.findIndex(({ status, number }) => status === "completed" && number > 5);
    const changed = Object.entries({ ...sound.trials[at]!, ...change }).filter(([, value]) => value !== undefined);
    return { ...sound, trials: sound.trials.with(at, Object.fromEntries(changed) as unknown as StoredTrial) };
  };
  const withExperiment = (change: Partial<StoredExperiment>): StoredHistory => {
    return { ...sound, experiment: { ...sound.experiment, ...change } };
  };
  const first = () => sound.trials[0]!;

  it.each<[string, string, () => StoredHistory]>([
    ["states", "nobody owns it", () => withTrial({ status: "reserved", finishedRevision: undefined })],
    ["states", "at no revision", () => withTrial({ finishedRevision: undefined })],
    ["states", "without an objective", () => withTrial({ results: [] })],
    ["states", "has an owner", () => withTrial({ owner: "w" })],
    ["states", "no parameters", () => withTrial({ params: undefined })],
    ["states", "has results", () => withTrial({ status: "broken", failure: { reason: "r" } })],
    ["states", "without a reason", () => withTrial({ status: "broken", results: undefined })],
    ["states", "had no more than", () => withTrial({ finishedEpoch: 9 })],
    ["revisions", "out of order", () => withTrial({ changedRevision: 1 })],
    ["revisions", "out of order", () => withTrial({ changedRevision: sound.experiment.revision + 1 })],
    ["revisions", "was suggested from", () => withTrial({ basisRevision: sound.experiment.revision })],
    ["revisions", "shares revision", () => withTrial({ finishedRevision: last().finishedRevision })],
    ["revisions", "was created before", () => withTrial({ createdRevision: 1 })],
    ["revisions", "not given out", () => withExperiment({ nextNumber: 3 })],
    ["revisions", "more than anything stored", () => withExperiment({ revision: 10_000 })],
    ["budget", "more than the limit of 5", () => ({ ...withExperiment({ maxTrials: 5 }) })],
    ["counts", "that are new, and has 0", () => withExperiment({ counts: { ...sound.experiment.counts, new: 1 } })],
    ["identities", "has the id of trial 1", () => withTrial({ id: first().id })],
    ["identities", "has the parameters of trial 1", () => withTrial({ params: first().params })],
    ["identities", "is not that of its parameters", () => withTrial({ id: "0".repeat(32) })],
    ["identities", "has the claim of trial 1", () => withClaims()],
    ["identities", "which is not there", () => withTrial({ parent: "f".repeat(32) })],
    ["identities", "had only", () => withLateResults()],
    ["suggestions", "is not what its algorithm suggests", () => withTrial({ params: { "/x": 0.5, "/y": 0.5 } })],
  ])("breaks the rule of %s: %s", async (rule, message, tamper) => {
    const { findings } = await checkExperiment(tamper());
    expect(findings).toContainEqual(expect.objectContaining({ rule, message: expect.stringContaining(message) }));
  });

  const last = () => sound.trials.findLast(({ finishedEpoch }) => finishedEpoch !== undefined)!;
  const withClaims = (): StoredHistory => {
    const history = withTrial({ claim: "c" });
    return { ...history, trials: [{ ...first(), claim: "c" }, ...history.trials.slice(1)] };
  };
  const withLateResults = (): StoredHistory => {
    const { number, epoch } = first();
    return { ...sound, lateResults: [{ kind: "late-results", experiment: 1, number, epoch: epoch + 1, results: [] }] };
  };
});

it("parameters that no algorithm can read are found, and keep only suggestions from being recomputed", async () => {
  const { history } = await makeHistory({ algorithm: { name: "tpe", options: { seed: 1 } }, maxTrials: 25 });
  const [first, ...others] = history.trials as [StoredTrial, ...StoredTrial[]];
  const { findings, suggestions } = await checkExperiment({
    ...history,
    trials: [{ ...first, params: {} }, ...others],
  });
  expect(findings).toEqual([expect.objectContaining({ rule: "identities", trial: first.number })]);
  expect(suggestions?.agreeing).toBe(0);
  expect(Object.keys(suggestions!.unknown)).toEqual([expect.stringContaining("cannot read what was found")]);
});

it("what was removed or changed by hand is no finding, and what cannot be recomputed is told", async () => {
  const { storage } = await makeHistory({ algorithm: { name: "random", options: { seed: 2 } }, maxTrials: 10 });
  const { id } = (await storage.getExperiment("e"))!;
  const [one, two] = await storage.listTrials(id);
  await storage.removeTrials(id, { ids: [one!.id] });
  await storage.setStatus(id, { ids: [two!.id] }, "suspended");
  const history = await readStoredHistory(storage, id);
  expect((await checkExperiment(history)).findings).toEqual([]);
});

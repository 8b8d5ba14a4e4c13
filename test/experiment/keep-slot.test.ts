import { expect, it } from "vitest";
import { defineAlgorithm, type Suggestion } from "../../src/algorithms/algorithm.js";
import { openExperiment } from "../../src/experiment/experiment.js";
import { openStorage } from "../../src/storage/registry.js";
import type { LeaseKey } from "../../src/storage/storage.js";
import { sketch } from "../cli/fake-terminal.js";

it("has the lease of a slot kept while a suggestion for it is thought of, and let go then, come what may", async () => {
  const kept: LeaseKey[] = [];
  const thoughts: (() => Suggestion)[] = [];
  const slow = defineAlgorithm({
    summary: "Thinks as long as the test wants.",
    paper: "",
    requires: {},
    defaults: {},
    basis: "history",
    suggest: async () => {
      expect(kept).toHaveLength(1);
      await new Promise((resolve) => setImmediate(resolve));
      return thoughts.shift()!();
    },
  });
  await using storage = await openStorage("memory:");
  const { definition } = sketch("slow");
  const algorithm = { name: "slow", options: {} };
  const record = await storage.createExperiment(sketch("slow", { definition: { ...definition, algorithm } }));
  const experiment = await openExperiment(storage, record, { atHand: [{ name: "slow", ...slow }] });
  const keep = (lease: LeaseKey) => {
    kept.push(lease);
    return () => {
      kept.splice(kept.indexOf(lease), 1);
    };
  };
  const claim = { worker: "w", leaseMs: 60_000 };
  thoughts.push(() => {
    throw new Error("no idea");
  });
  await expect(experiment.nextTrial(claim, keep)).rejects.toThrow("no idea");
  expect(kept).toEqual([]);
  thoughts.push(() => ({ kind: "params", params: { "/kind": "a", "/x": 0.5 } }));
  expect(await experiment.nextTrial(claim, keep)).toMatchObject({ kind: "trial", trial: { number: 1 } });
  expect(kept).toEqual([]);
});

import { expect, it } from "vitest";
import { findTrial } from "../../src/cli/find-trial.js";
import { openStorage } from "../../src/storage/registry.js";
import { idOf, sketch, waiting } from "./fake-terminal.js";

it("a trial that is named by its number or its whole id is found without reading the others", async () => {
  await using storage = await openStorage("memory:");
  const record = await storage.createExperiment(sketch("exp"));
  await storage.insertTrials(record.id, ["a", "b", "c"].map(waiting));
  const frugal = { ...storage, listTrials: () => Promise.reject(new Error("all trials are read")) };
  expect(await findTrial(frugal, record, "2")).toMatchObject({ id: idOf("b") });
  expect(await findTrial(frugal, record, idOf("c"))).toMatchObject({ number: 3 });
});

it("a number that no trial has is not taken for the beginning of an id", async () => {
  await using storage = await openStorage("memory:");
  const record = await storage.createExperiment(sketch("exp"));
  const id = `72534567${"e".repeat(24)}`;
  await storage.insertTrials(record.id, [{ ...waiting("a"), id }]);
  await expect(findTrial(storage, record, "7")).rejects.toThrow('There is no trial "7" in exp-v1.');
  await expect(findTrial(storage, record, "7253456")).rejects.toThrow('There is no trial "7253456" in exp-v1.');
  expect(await findTrial(storage, record, "72534567")).toMatchObject({ id });
  expect(await findTrial(storage, record, "72534567E")).toMatchObject({ id });
});

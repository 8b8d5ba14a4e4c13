import { expect, it } from "vitest";
import { followHistory } from "../../src/experiment/history.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Definition } from "../../src/storage/storage.js";

async function setUp(direction: Definition["direction"]) {
  const storage = await openStorage("memory:");
  const metadata = { user: "", datetime: "", orionVersion: "", userArgs: [] };
  const definition: Definition = {
    space: {},
    algorithm: { name: "random", options: {} },
    seed: "",
    direction,
    metadata,
  };
  const { id } = await storage.createExperiment({ name: "e", definition, maxTrials: 9, maxBroken: 9, workingDir: "" });
  const add = (value: number) => storage.insertTrials(id, [{ id: `${value}`, params: { x: value }, workingDir: "" }]);
  const reserve = async () => {
    const got = await storage.reserveTrial(id, { worker: "w", leaseMs: 60_000, waitingOnly: true });
    if (got.kind !== "trial") throw new Error(got.kind);
    return got.trial;
  };
  const follow = followHistory({ storage, experimentId: id, direction });
  return { storage, id, add, reserve, follow };
}

it("a follower keeps finished trials in the order of their ends, and the rest as pending", async () => {
  const { storage, add, reserve, follow } = await setUp("minimize");
  for (const value of [1, 2, 3]) await add(value);
  const [one, two] = [await reserve(), await reserve()];
  await storage.finishTrial(two, [{ name: "o", type: "objective", value: 20 }]);
  expect((await follow()).finished.map((trial) => trial.number)).toEqual([2]);
  await storage.finishTrial(one, [{ name: "o", type: "objective", value: 10 }]);
  const view = await follow();
  expect(view.finished.map((trial) => trial.objective)).toEqual([20, 10]);
  expect(view.pending.map((trial) => trial.number)).toEqual([3]);
  // A result that comes late changes a trial, but finishes nothing once more.
  await storage.finishTrial({ ...two, epoch: 99 }, [{ name: "o", type: "objective", value: 30 }]);
  expect((await follow()).finished.map((trial) => trial.objective)).toEqual([20, 10]);
});

it("a follower that starts later sees the same order", async () => {
  const { storage, id, add, reserve } = await setUp("minimize");
  for (const value of [1, 2]) await add(value);
  const [one, two] = [await reserve(), await reserve()];
  await storage.finishTrial(two, [{ name: "o", type: "objective", value: 20 }]);
  await storage.finishTrial(one, [{ name: "o", type: "objective", value: 10 }]);
  await storage.finishTrial({ ...two, epoch: 99 }, [{ name: "o", type: "objective", value: 30 }]);
  const late = followHistory({ storage, experimentId: id, direction: "minimize" });
  expect((await late()).finished.map((trial) => trial.objective)).toEqual([20, 10]);
});

it("a follower that is asked twice at once knows what the newer reply says, though the older one comes last", async () => {
  const { storage, id, add, reserve } = await setUp("minimize");
  await add(1);
  const trial = await reserve();
  let letGo = () => {};
  const replies = [new Promise<void>((resolve) => (letGo = resolve))];
  const slow = {
    ...storage,
    readChanges: async (experimentId: number, since: number) => {
      const changes = await storage.readChanges(experimentId, since);
      await replies.shift();
      return changes;
    },
  };
  const follow = followHistory({ storage: slow, experimentId: id, direction: "minimize" });
  const first = follow();
  await storage.finishTrial(trial, [{ name: "o", type: "objective", value: 10 }]);
  const second = follow();
  // Only the first reply is held back: a follower that would handle the second one before has done so by then.
  await storage.readRevision(id);
  await new Promise((resolve) => setImmediate(resolve));
  letGo();
  await first;
  expect(await second).toMatchObject({ finished: [{ number: 1 }], pending: [] });
  await add(2);
  expect(await follow()).toMatchObject({ finished: [{ number: 1 }], pending: [{ number: 2 }] });
});

it("a follower goes on after a read that failed", async () => {
  const { storage, id, add } = await setUp("minimize");
  await add(1);
  const failures = [new Error("away")];
  const flaky = {
    ...storage,
    readChanges: async (experimentId: number, since: number) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return storage.readChanges(experimentId, since);
    },
  };
  const follow = followHistory({ storage: flaky, experimentId: id, direction: "minimize" });
  await expect(follow()).rejects.toThrow("away");
  expect((await follow()).pending).toHaveLength(1);
});

it("a follower forgets what was removed by hand", async () => {
  const { storage, id, add, follow } = await setUp("minimize");
  for (const value of [1, 2]) await add(value);
  await follow();
  await storage.removeTrials(id, { ids: ["1"] });
  expect((await follow()).pending.map((trial) => trial.number)).toEqual([2]);
});

it("a follower keeps what finished before something else was removed by hand", async () => {
  const { storage, id, add, reserve, follow } = await setUp("minimize");
  for (const value of [1, 2, 3]) {
    await add(value);
    await storage.finishTrial(await reserve(), [{ name: "o", type: "objective", value: 10 * value }]);
  }
  expect((await follow()).finished).toHaveLength(3);
  await storage.removeTrials(id, { ids: ["2"] });
  expect((await follow()).finished.map((trial) => trial.objective)).toEqual([10, 30]);
});

it("algorithms see objectives to minimise when the user maximises, and the storage keeps the user's sign", async () => {
  const { storage, id, add, reserve, follow } = await setUp("maximize");
  await add(1);
  await storage.finishTrial(await reserve(), [{ name: "o", type: "objective", value: 5 }]);
  expect((await follow()).finished[0]?.objective).toBe(-5);
  expect((await storage.listTrials(id))[0]?.objective).toBe(5);
});

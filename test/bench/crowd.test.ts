import { describe, expect, it } from "vitest";
import { type Crowd, simulateCrowd } from "../../bench/crowd.js";
import type { Cost, OperationCosts } from "../../bench/operation-costs.js";
import { openWorld, type Process } from "../../bench/stations.js";

describe("a world of stations", () => {
  it("serves as many as there are places, and the others in the order in which they came", () => {
    const world = openWorld();
    const desk = world.openStation(2);
    const left: string[] = [];
    function* visit(name: string, ms: number): Process {
      yield desk;
      yield ms;
      desk.leave();
      left.push(`${name} ${world.now}`);
    }
    for (const [name, ms] of [
      ["a", 5],
      ["b", 3],
      ["c", 1],
      ["d", 4],
    ] as const)
      world.enter(visit(name, ms));
    world.runUntil(() => left.length === 4);
    expect(left).toEqual(["b 3", "c 4", "a 5", "d 8"]);
    expect(desk.busyMs()).toBe(13);
  });

  it("says so when nothing happens any more", () => {
    expect(() => openWorld().runUntil(() => false)).toThrow("Nothing happens");
  });
});

describe("a simulated crowd", () => {
  const nothing: Cost = { latencyMs: 0, serverMs: 0, clientMs: 0 };
  const free = { base: nothing, perRow: nothing };
  /** A change takes 2 ms under the lock; everything else is free. */
  const change = { ...nothing, latencyMs: 2, serverMs: 2 };
  const costs: OperationCosts = {
    ask: nothing,
    connect: nothing,
    reserveTrial: change,
    reserveSlot: change,
    fillSlot: change,
    finishTrial: change,
    finishAndReserve: change,
    busy: nothing,
    renewLeases: free,
    listOwners: free,
    readChanges: free,
  };
  const crowd: Crowd = { costs, workers: 10, trialMs: 1000, cores: 4, basis: "index", isPooled: true };

  it("is limited by its trials while there are few workers, and by the lock of the history when there are many", () => {
    const few = simulateCrowd(crowd);
    expect(few.trialsPerSecond).toBeCloseTo(10 / 1.004, 0);
    expect(few.efficiency).toBeGreaterThan(0.98);
    const many = simulateCrowd({ ...crowd, workers: 1000 });
    expect(Math.abs(many.trialsPerSecond / 250 - 1)).toBeLessThan(0.05); // two changes of 2 ms for each trial
    expect(many.lineBusy).toBeCloseTo(1);
    const three = simulateCrowd({ ...crowd, workers: 1000, basis: "history" });
    expect(Math.abs(three.trialsPerSecond / (1000 / 6) - 1)).toBeLessThan(0.05);
  });

  it("waits for the disk without the lock, all together", () => {
    const waiting = { ...change, latencyMs: 12 };
    const slow = { ...costs, reserveTrial: waiting, finishTrial: waiting };
    expect(simulateCrowd({ ...crowd, costs: slow }).efficiency).toBeCloseTo(1 / 1.024, 1);
    const many = simulateCrowd({ ...crowd, costs: slow, workers: 1000 });
    expect(Math.abs(many.trialsPerSecond / 250 - 1)).toBeLessThan(0.05);
  });

  it("reads two rows of news per other worker and trial, and is limited by the cores that they take", () => {
    const perRow = { ...nothing, serverMs: 0.1 };
    const reading = { ...costs, readChanges: { base: nothing, perRow } };
    const { newsPerSecond, trialsPerSecond } = simulateCrowd({ ...crowd, costs, workers: 100, basis: "history" });
    expect(newsPerSecond / trialsPerSecond).toBeGreaterThan(190);
    expect(newsPerSecond / trialsPerSecond).toBeLessThan(202);
    const read = simulateCrowd({ ...crowd, costs: reading, workers: 300, basis: "history" });
    expect(read.coresBusy).toBeGreaterThan(0.95);
    expect(read.newsPerSecond).toBeGreaterThan(32_000); // at most 40 000: four cores, 0.1 ms each
    expect(read.newsPerSecond).toBeLessThan(42_000);
  });

  it("keeps a connection open for ten seconds after its last word, and pays for a new one", () => {
    const dear = { ...costs, connect: { ...nothing, serverMs: 50 } };
    const long = { ...crowd, workers: 100, trialMs: 30_000 };
    const direct = simulateCrowd({ ...long, costs: dear, isPooled: false });
    expect(direct.connections).toBeGreaterThan(35);
    expect(direct.connections).toBeLessThan(75);
    const pooled = simulateCrowd({ ...long, costs: dear });
    expect(direct.coresBusy).toBeGreaterThan(pooled.coresBusy + 0.03);
    expect(pooled.coresBusy).toBe(simulateCrowd(long).coresBusy);
  });
});

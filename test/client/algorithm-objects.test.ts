import { describe, expect, it } from "vitest";
import { defineAlgorithm } from "../../src/algorithms/algorithm.js";
import { openClientBench } from "./client-bench.js";

const halves = (close: () => void = () => {}) =>
  defineAlgorithm({
    name: "halves",
    summary: "Halves the number of the trial.",
    paper: "none",
    requires: {},
    defaults: {},
    basis: "history",
    suggest: ({ trialNumber, cache }) => {
      cache.set("held", { [Symbol.dispose]: close });
      return { kind: "params", params: { x: 1 / 2 ** trialNumber } };
    },
  });

describe("an algorithm that a program has at hand", () => {
  it("suggests, goes on after the experiment is opened anew, and lets go of what it holds at the end", async () => {
    const { create } = openClientBench();
    let closed = 0;
    for (const maxTrials of [2, 4]) {
      await using client = await create({ algorithm: halves(() => closed++), maxTrials });
      expect(client.algorithm).toEqual({ name: "halves", options: {} });
      expect(await client.workon(({ x }) => x)).toBe(2);
    }
    expect(closed).toBe(2);
    await using client = await create({ algorithm: halves() });
    expect((await client.fetchTrials()).map(({ params }) => params.x)).toEqual([0.5, 0.25, 0.125, 0.0625]);
  });

  it("is missed, by its name, by a program that has it not", async () => {
    const { create } = openClientBench();
    await (await create({ algorithm: halves() })).close();
    await expect(create()).rejects.toMatchObject({ code: "UNKNOWN_NAME", message: expect.stringContaining("halves") });
  });

  it.each([
    ["without a name", { ...halves(), name: "" }, /has no name/],
    ["that is none", { suggest: () => ({ kind: "done" }) }, /is none: it has no/],
  ])("is refused %s", async (_, algorithm, message) => {
    const { create } = openClientBench();
    await expect(create({ algorithm: algorithm as never })).rejects.toThrow(message);
  });
});

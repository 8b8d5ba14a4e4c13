import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { defineAlgorithm } from "../../src/algorithms/algorithm.js";
import { latch, openClientBench } from "./client-bench.js";

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

  it("keeps nobody who is told to stop; what it thinks of afterwards waits for the next", async () => {
    const { create } = openClientBench();
    const [asked, answered] = [latch(), latch()];
    const slow = defineAlgorithm({
      ...halves(),
      suggest: async () => {
        asked.open();
        await answered.promise;
        return { kind: "params", params: { x: 0.5 } };
      },
    });
    const client = await create({ algorithm: slow });
    const stop = new AbortController();
    const waiting = client.suggest({ signal: stop.signal });
    await asked.promise;
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const closed = client.close();
    answered.open();
    await closed;
    await using next = await create({ algorithm: slow });
    expect((await next.fetchTrials()).map(({ status, params }) => [status, params.x])).toEqual([["interrupted", 0.5]]);
  });

  it.each(["suggest", "workon"] as const)(
    "is ended with its client where it is a program that %s waits for",
    async (name) => {
      const { create, folder } = openClientBench();
      const trace = join(folder, "asked");
      // Says when it was asked, and by which process, and never answers.
      const command = ["/bin/sh", "-c", `while read -r line; do echo "$$" >> '${trace}'; done`];
      const client = await create({ algorithm: { external: { command, timeout: 100_000 } } });
      const waiting = (name === "suggest" ? client.suggest() : client.workon(() => 1)).catch(String);
      while (!existsSync(trace) || readFileSync(trace, "utf8").split("\n").length < 3) await setImmediate(); // start, suggest
      await client.close();
      expect(await waiting).toBe(name === "suggest" ? "TypeError: The client was closed." : 0);
      expect(new Set(readFileSync(trace, "utf8").trim().split("\n")).size).toBe(1);
      await using next = await create({ algorithm: "random" });
      expect((await next.suggest({ timeout: 0 })).number).toBe(1); // its empty slot was given back
    },
  );

  it("is missed, by its name, by a program that has it not", async () => {
    const { create } = openClientBench();
    await (await create({ algorithm: halves() })).close();
    await expect(create()).rejects.toMatchObject({ code: "UNKNOWN_NAME", message: expect.stringContaining("halves") });
  });

  it.each([
    ["without a name", { ...halves(), name: "" }, /has no name/],
    ["that is none", { suggest: () => ({ kind: "done" }) }, /is not one: it has no/],
  ])("is refused %s", async (_, algorithm, message) => {
    const { create } = openClientBench();
    await expect(create({ algorithm: algorithm as never })).rejects.toThrow(message);
  });
});

import { describe, expect, it } from "vitest";
import { formatCsv, formatJsonLines } from "../../src/client/rows.js";
import { openClientBench } from "./client-bench.js";

describe("rows", () => {
  it("have a column for each dimension, and tell it apart from a column of their own", async () => {
    const { create } = openClientBench();
    await using client = await create({
      space: { id: "uniform(0, 1)", b: "choices([[1, 2], 'x'])", a: "uniform(0, 1)" },
    });
    const columns = [
      "id",
      "number",
      "status",
      "suggested",
      "reserved",
      "completed",
      "objective",
      "a",
      "b",
      "params.id",
    ];
    expect(client.columns).toEqual(columns);
    expect(formatCsv(await client.toRows(), client.columns)).toBe(`${columns.join(",")}\n`);
    const { id } = await client.insert({ id: 0.5, b: [1, 2], a: 0.25 }, { results: -Infinity });
    await client.insert({ id: 0.75, b: "x", a: 0.25 });
    const [first, second] = await client.toRows();
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(first).toEqual({
      ...{ id, number: 1, status: "completed", suggested: iso, reserved: iso, completed: iso, objective: -Infinity },
      ...{ a: 0.25, b: [1, 2], "params.id": 0.5 },
    });
    expect(second).toMatchObject({ status: "new", reserved: null, completed: null, objective: null });
    expect(Object.keys(first!)).toEqual(client.columns);
  });

  it("are written as CSV: quoted where need be, with all digits", () => {
    const rows = [
      { a: 'say "x", twice', b: 0.1 + 0.2, c: null, d: [1, { e: "f" }] },
      { a: "two\nlines", b: Number.NaN, c: true, d: -Infinity },
    ];
    expect(formatCsv(rows)).toBe(
      'a,b,c,d\n"say ""x"", twice",0.30000000000000004,,"[1,{""e"":""f""}]"\n"two\nlines",NaN,true,-Infinity\n',
    );
    expect(formatCsv(rows, ["c", "missing"])).toBe("c,missing\n,\ntrue,\n");
    expect(formatCsv([])).toBe("\n");
  });

  it("are written as JSON lines, in which odd numbers are texts", () => {
    const rows = [{ a: Number.NaN, b: [Infinity, -0.5] }, { a: null }];
    expect(formatJsonLines(rows)).toBe('{"a":"NaN","b":["Infinity",-0.5]}\n{"a":null}\n');
    expect(formatJsonLines([])).toBe("");
  });
});

describe("statistics", () => {
  it("say how far an experiment is, and follow a limit that was changed elsewhere", async () => {
    const { create } = openClientBench();
    await using client = await create({ maxTrials: 4, direction: "maximize" });
    expect(await client.stats()).toMatchObject({
      ...{ isDone: false, isBroken: false, trialsCompleted: 0, trialCount: 0, progress: 0 },
      ...{ best: undefined, finishTime: undefined, elapsedSeconds: undefined, etaSeconds: undefined },
    });
    const [low, high] = [await client.suggest(), await client.suggest()];
    await client.observe(low, 1);
    await client.observe(high, 2);
    await client.insert({ x: 0.5 });
    const stats = await client.stats();
    expect(stats).toMatchObject({ trialsCompleted: 2, trialCount: 3, progress: 0.5, maxTrials: 4, counts: { new: 1 } });
    expect(stats.best).toEqual({ id: high.id, number: 2, objective: 2, params: high.params });
    expect(stats.etaSeconds).toBeCloseTo(stats.elapsedSeconds!);
    await using other = await create({ maxTrials: 2 });
    expect(await client.stats()).toMatchObject({ isDone: true, progress: 1, maxTrials: 2, etaSeconds: 0 });
    expect([await client.isDone(), await other.isDone(), await client.isBroken()]).toEqual([true, true, false]);
    expect(await client.fetchPendingTrials()).toHaveLength(1);
    expect(await client.fetchNoncompletedTrials()).toHaveLength(1);
  });
});

import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumber, readResults } from "../../src/worker/read-results.js";
import { temporaryFolder } from "../temporary-folder.js";

function read(text: string) {
  const path = join(temporaryFolder(), "results.json");
  writeFileSync(path, text);
  return readResults(path);
}

const objective = (value: unknown) => ({ name: "loss", type: "objective", value });
const reasonOf = (text: string) => {
  const answer = read(text);
  return answer.kind === "invalid" ? answer.reason : answer;
};

describe("readResults", () => {
  it("reads results of every type, in their order", () => {
    const results = [
      { name: "deep", type: "statistic", value: { list: [1, "a", null] } },
      objective(4.5),
      { name: "room", type: "constraint", value: -2 },
      { name: "slope", type: "gradient", value: [[1, 2], 3] },
      { name: "fake", type: "lie", value: 1 },
    ];
    expect(read(JSON.stringify(results))).toEqual({ kind: "results", results, objective: 4.5, objectiveCount: 1 });
  });

  it("counts the first of several objectives, and tells how many there are", () => {
    const answer = read(JSON.stringify([objective(2), objective(1)]));
    expect(answer).toMatchObject({ objective: 2, objectiveCount: 2 });
  });

  it("reads NaN and infinities as Python writes them, and leaves those words alone in texts", () => {
    const text = `[{"name": "NaN \\" Infinity", "type": "objective", "value": NaN},
      {"name": "s", "type": "statistic", "value": [-Infinity, Infinity, "-Infinity"]}]`;
    expect(read(text)).toEqual({
      kind: "results",
      results: [
        { name: 'NaN " Infinity', type: "objective", value: Number.NaN },
        { name: "s", type: "statistic", value: [-Infinity, Infinity, "-Infinity"] },
      ],
      objective: Number.NaN,
      objectiveCount: 1,
    });
  });

  it("takes a single result, and a bare number as shell scripts write it", () => {
    expect(read(JSON.stringify(objective(3)))).toMatchObject({ objective: 3, results: [objective(3)] });
    for (const [text, value] of [
      ["0.25\n", 0.25],
      [" -1e-3 ", -0.001],
      ["NaN", Number.NaN],
      ["-inf\n", -Infinity],
      [".5", 0.5],
    ] as const) {
      const results = [{ name: "objective", type: "objective", value }];
      expect(read(text)).toEqual({ kind: "results", results, objective: value, objectiveCount: 1 });
    }
  });

  it("names a result without a name after its type, and ignores members that it does not know", () => {
    expect(read('[{"type": "objective", "value": 1, "unit": "s"}]')).toMatchObject({
      results: [{ name: "objective", type: "objective", value: 1 }],
    });
  });

  it("tells missing results from wrong ones", () => {
    for (const text of ["", " \n", "\ufeff"])
      expect(read(text)).toMatchObject({
        kind: "missing",
        reason: expect.stringMatching(/no results to ".*results\.json"/),
      });
    expect(readResults("/no/such/results.json")).toMatchObject({ kind: "missing" });
  });

  it("says what is wrong, and where", () => {
    expect(reasonOf('[{"name": "loss", "type": "obj')).toMatch(/results\.json" is not JSON; it begins with "\[/);
    expect(reasonOf("0,5\n")).toMatch(/it begins with "0,5"\.$/);
    expect(reasonOf("x".repeat(1e5))).toMatch(/it begins with "x{40}"\.$/);
    expect(reasonOf('"text"')).toMatch(/array of results, not "text"/);
    expect(reasonOf("null")).toMatch(/array of results, not null/);
    expect(reasonOf("[]")).toMatch(/no objective/);
    expect(reasonOf('[{"name":"s","type":"statistic","value":1}]')).toMatch(/no objective/);
    expect(reasonOf('[{"name":"o","type":"objective","value":1}, 5]')).toMatch(/result 2: 5 is not an object/);
    expect(reasonOf('[{"name":"o","type":"goal","value":1}]')).toMatch(
      /result 1: its type is "goal"; known types: obj/,
    );
    expect(reasonOf('[{"name":1,"type":"objective","value":1}]')).toMatch(/its name is 1/);
  });

  it("takes true and false for 1 and 0, but in a statistic, which may be anything", () => {
    const results = [objective(true), { name: "room", type: "constraint", value: false }];
    const statistic = { name: "ok", type: "statistic", value: true };
    expect(read(JSON.stringify([...results, statistic]))).toEqual({
      kind: "results",
      results: [objective(1), { name: "room", type: "constraint", value: 0 }, statistic],
      objective: 1,
      objectiveCount: 1,
    });
  });

  it("refuses what is no file, before it is read: it may never end", () => {
    for (const path of ["/dev/zero", temporaryFolder()]) {
      expect(readResults(path)).toEqual({
        kind: "invalid",
        reason: `The results file "${path}" is not a regular file.`,
      });
    }
  });

  it("refuses a file that is too large, and a value that is nested too deep", () => {
    const path = join(temporaryFolder(), "results.json");
    writeFileSync(path, "1");
    truncateSync(path, 16 * 1024 * 1024 + 1);
    expect(readResults(path)).toMatchObject({ kind: "invalid", reason: expect.stringContaining("larger than 16 MiB") });
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    const text = (levels: number) => `[{"type":"objective","value":1},{"type":"statistic","value":${deep(levels)}}]`;
    expect(read(text(200))).toMatchObject({ kind: "results" });
    expect(reasonOf(text(201))).toMatch(/result 2: its value is nested more than 200 deep/);
    expect(reasonOf(text(100_000))).toMatch(/nested/);
  });

  it("refuses an objective that is no number, be it a text, null or nothing", () => {
    for (const [value, quoted] of [
      ["abc", '"abc"'],
      ["1", '"1"'],
      [null, "null"],
      [[1], "\\[1\\]"],
    ] as const)
      expect(reasonOf(JSON.stringify([objective(value)]))).toMatch(
        new RegExp(`the value of an objective must be a number, not ${quoted}`),
      );
    expect(reasonOf('[{"name":"o","type":"objective"}]')).toMatch(/not missing/);
  });

  it("never throws, whatever the program wrote", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => text.replace("1", "NaN")),
        ),
        (text) => {
          expect(["results", "missing", "invalid"]).toContain(read(text).kind);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("parseNumber", () => {
  it("reads numbers as programs of any language print them", () => {
    const written: readonly (readonly [string, number])[] = [
      ["1", 1],
      ["+1.", 1],
      ["-.5E-2", -0.005],
      ["inf", Infinity],
      ["-Infinity", -Infinity],
      ["-nan", Number.NaN],
      [" 7\t", 7],
    ];
    for (const [text, value] of written) expect(parseNumber(text)).toBe(value);
  });

  it("reads back whatever JavaScript prints", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseNumber(String(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it("refuses all else, the empty text and hexadecimal included", () => {
    for (const text of ["", ".", "0x10", "1,5", "1 2", "1e", "infinite", "abc"])
      expect(parseNumber(text)).toBeUndefined();
  });
});

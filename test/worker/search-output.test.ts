import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lastMatch, readTail } from "../../src/worker/search-output.js";
import { temporaryFolder } from "../temporary-folder.js";

describe("readTail", () => {
  it("is empty where there is no file to read", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "something"));
    expect(readTail(folder, 4)).toBe("");
  });

  const write = (text: string | Buffer) => {
    const path = join(temporaryFolder(), "stderr.log");
    writeFileSync(path, text);
    return path;
  };

  it("is the whole of a short file, and nothing of a missing one", () => {
    expect(readTail(write("a\nb\n"), 4)).toBe("a\nb\n");
    expect(readTail("/no/such/file", 4)).toBe("");
  });

  it("begins with a whole line, or where there is none with a whole character", () => {
    expect(readTail(write("first\nsecond\nthird\n"), 10)).toBe("third\n");
    expect(readTail(write("日本語"), 7)).toBe("本語");
    expect(readTail(write("日本語\n"), 5)).toBe("語\n");
  });
});

describe("lastMatch", () => {
  const find = (text: string, pattern: RegExp, from = 0) => {
    const path = join(temporaryFolder(), "stdout.log");
    writeFileSync(path, text);
    return lastMatch({ path, pattern, from });
  };

  it("finds the number of the last match, in its first group if it has one", () => {
    expect(find("loss: 3\nloss: 1e-5\nbye\n", /loss: (\S+)/)).toBe(1e-5);
    expect(find("loss 3 loss -4.5 end", /-?\d+(?:\.\d+)?/)).toBe(-4.5);
    expect(find("loss=inf\n", /loss=(.*)/)).toBe(Number.POSITIVE_INFINITY);
    expect(find("loss=nan\n", /loss=(.*)/)).toBeNaN();
    expect(find("1\n2\n", /.*/)).toBe(2);
  });

  it("takes flags, anchors at lines, and carriage returns as line ends", () => {
    expect(find("LOSS: 1\nlOsS: 2", /^loss: (.*)$/gim)).toBe(2);
    expect(find("loss: 1\rloss: 2\rdone\r\n", /^loss: (.*)$/)).toBe(2);
  });

  it("does not look at what an earlier run wrote", () => {
    expect(find("loss: 1\nno\n", /loss: (.*)/, 8)).toBeUndefined();
    expect(find("loss: 1\nloss: 2\n", /loss: (.*)/, 8)).toBe(2);
  });

  it("is undefined where nothing matches or the last match is no number", () => {
    expect(find("", /loss: (.*)/)).toBeUndefined();
    expect(find("loss: 1\nloss: diverged\n", /loss: (.*)/)).toBeUndefined();
    expect(lastMatch({ path: "/no/such/file", pattern: /x/, from: 0 })).toBeUndefined();
  });

  it("finds a match far from the end, across the pieces it reads, and in a line without end", () => {
    const filler = `${"é".repeat(700)}\n`.repeat(200);
    expect(find(`loss: 8\n${filler}`, /loss: (.*)/)).toBe(8);
    for (const offset of [0, 1, 2, 3, 4, 5, 6])
      expect(find(`\nloss: 12345${"x".repeat(65_530 - offset)}`, /loss: (\d+)/)).toBe(12345);
    expect(find(`loss: 9 ${"x".repeat(3_000_000)}`, /loss: (\d)/)).toBe(9);
  });
});

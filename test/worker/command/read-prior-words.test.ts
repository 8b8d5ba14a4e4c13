import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRemoval, readPriorWords } from "../../../src/worker/command/read-prior-words.js";
import type { CommandWord } from "../../../src/worker/command/user-command.js";

const value = (dimension: string, prefix = ""): CommandWord => ({ kind: "value", prefix, dimension });
const read = (...words: string[]) => readPriorWords(["./train.py", ...words]);

describe("readPriorWords", () => {
  it.each([
    ["-x~uniform(0, 1)", ["-x", value("/x")], { "/x": "uniform(0, 1)" }],
    ["--lr~loguniform(1e-5, 1)", ["--lr", value("/lr")], { "/lr": "loguniform(1e-5, 1)" }],
    ["-lr~uniform(0, 1)", ["-lr", value("/lr")], { "/lr": "uniform(0, 1)" }],
    ["--x~uniform(0, 1)", ["-x", value("/x")], { "/x": "uniform(0, 1)" }],
    ["--lr=orion~uniform(0, 1)", [value("/lr", "--lr=")], { "/lr": "uniform(0, 1)" }],
    ["--x=orion~uniform(0, 1)", [value("/x", "--x=")], { "/x": "uniform(0, 1)" }],
    ["lr=orion~uniform(0, 1)", [value("/lr", "lr=")], { "/lr": "uniform(0, 1)" }],
    ["+model.lr=orion~uniform(0, 1)", [value("/model.lr", "+model.lr=")], { "/model.lr": "uniform(0, 1)" }],
    ["lr=orion~-0.5", [], { "/lr": "-0.5" }],
    ["--kind~choices(['a~b', 'c=d'])", ["--kind", value("/kind")], { "/kind": "choices(['a~b', 'c=d'])" }],
    ["--model/lr~+uniform(0, 1)", ["--model/lr", value("/model/lr")], { "/model/lr": "+uniform(0, 1)" }],
    ["--lr~uniform(0, 1", ["--lr", value("/lr")], { "/lr": "uniform(0, 1" }],
    ["--lr~b", ["--lr", value("/lr")], { "/lr": "b" }],
    ["--lr~-", [], { "/lr": "-" }],
    ["--lr~-0.5", [], { "/lr": "-0.5" }],
    ["--lr~>rate", [], { "/lr": ">rate" }],
    ["--lr=orion~-0.5", [], { "/lr": "-0.5" }],
  ])("reads the word %s", (word, words, priors) => {
    expect(read(word)).toEqual({ words: ["./train.py", ...words], priors });
  });

  it.each([
    "--path=~/data",
    "--path~/data",
    "--file~",
    "--glob=*~",
    "--rev=HEAD~1",
    "--user=a~b(c)",
    "--a=orion~/backup",
    "file~",
    "a~b",
    "~/data",
    "lr~uniform(0, 1)",
    "x=~/data",
    "x=orion~/backup",
    "=orion~uniform(0, 1)",
    "orion~",
    "orion~/x",
    "-~x",
    "--~x",
    "--text=a b ~ c",
    "-c import x; y = ~x",
  ])("leaves the word %s alone", (word) => {
    expect(read(word)).toEqual({ words: ["./train.py", word], priors: {} });
  });

  it("reads an option and its prior in two words", () => {
    expect(read("--lr", "orion~uniform(0, 1)", "--x", "orion~normal(0, 1)")).toEqual({
      words: ["./train.py", "--lr", value("/lr"), "--x", value("/x")],
      priors: { "/lr": "uniform(0, 1)", "/x": "normal(0, 1)" },
    });
  });

  it("removes the option together with a removed prior in two words", () => {
    expect(read("--a", "--lr", "orion~-0.5", "b").words).toEqual(["./train.py", "--a", "b"]);
  });

  it("names a positional prior by the number of positional words before it, the program included", () => {
    expect(read("orion~uniform(0, 1)", "--flag", "x", "orion~uniform(0, 2)").priors).toEqual({
      "/_pos_1": "uniform(0, 1)",
      "/_pos_2": "uniform(0, 2)",
    });
    expect(readPriorWords(["python", "train.py", "orion~uniform(0, 1)"]).priors).toEqual({
      "/_pos_2": "uniform(0, 1)",
    });
  });

  it("does not take the word behind a prior for its value", () => {
    expect(read("-x~uniform(0, 1)", "orion~uniform(0, 2)").priors).toEqual({
      "/x": "uniform(0, 1)",
      "/_pos_1": "uniform(0, 2)",
    });
  });

  it("takes a negative number for a value, not for an option that opens", () => {
    expect(read("--shift", "-0.5", "orion~uniform(0, 1)").priors).toEqual({ "/_pos_1": "uniform(0, 1)" });
  });

  it("never reads the program as a prior", () => {
    expect(readPriorWords(["orion~uniform(0, 1)"]).words).toEqual(["orion~uniform(0, 1)"]);
  });

  it.each([
    ["-x~uniform(0, 1)", "--x~uniform(0, 2)"],
    ["--x=orion~uniform(0, 1)", "-x~-"],
  ])("refuses one dimension in two words: %s %s", (...words) => {
    expect(() => read(...words)).toThrow(/"\/x" is defined twice/);
  });

  it("keeps any words without priors, and their order", () => {
    const piece = fc.constantFrom(
      "-",
      "--",
      "=",
      " ",
      "'",
      '"',
      "\n",
      "{",
      "}",
      "orion",
      "é",
      "🙂",
      "-0.5",
      "a",
      "config",
    );
    const word = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(fc.array(word.filter((text) => !text.includes("~"))), (words) => {
        expect(readPriorWords(words)).toEqual({ words, priors: {} });
      }),
    );
  });

  it("keeps the words around a prior", () => {
    const words = fc.array(fc.string().filter((text) => !text.includes("~")));
    fc.assert(
      fc.property(words, words, (before, after) => {
        const all = ["./train.py", ...before, "--lr~uniform(0, 1)", ...after];
        expect(readPriorWords(all).words).toEqual(["./train.py", ...before, "--lr", value("/lr"), ...after]);
      }),
    );
  });
});

describe("isRemoval", () => {
  it("tells markers that define no dimension from the rest", () => {
    expect(["-", "-0.5", ">new"].every(isRemoval)).toBe(true);
    expect(["+uniform(0, 1)", "uniform(-1, 1)", "+"].some(isRemoval)).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { compareCommands } from "../../../src/worker/command/describe-changes.js";
import { parseCommand } from "../../../src/worker/command/parse-command.js";
import { makeFolder, program } from "./make-folder.js";

const scripts = { "a.py": program, "b.py": program };

async function compare(stored: readonly string[], given: readonly string[], nonMonitored: readonly string[] = []) {
  const { world } = makeFolder(scripts);
  const [before, after] = [await parseCommand(stored, { world }), await parseCommand(given, { world })];
  return compareCommands(before, after, { nonMonitored });
}

async function compareFiles(name: string, stored: string, given: string) {
  const words = ["./a.py", "--config", name];
  const before = await parseCommand(words, makeFolder({ ...scripts, [name]: stored }));
  const after = await parseCommand(words, makeFolder({ ...scripts, [name]: given }));
  return compareCommands(before, after, { nonMonitored: [] });
}

describe("compareCommands", () => {
  it("finds nothing in equal commands, whatever their priors and the order of their options", async () => {
    const stored = ["./a.py", "--epochs", "3", "-x~uniform(0, 1)", "--fast", "-y~uniform(0, 1)", "data"];
    const given = [
      "./a.py",
      "--fast",
      "-x~normal(0, 1)",
      "data",
      "--z=orion~+normal(0, 1)",
      "--epochs",
      "3",
      "-y~-0.5",
    ];
    expect(await compare(stored, given)).toEqual([]);
  });

  it("compares the words `key=value` around those that are dimensions", async () => {
    const stored = ["./a.py", "lr=orion~uniform(0, 1)", "seed=1"];
    expect(await compare(stored, ["./a.py", "seed=1", "lr=orion~normal(0, 1)"])).toEqual([]);
    expect(await compare(stored, ["./a.py", "lr=orion~uniform(0, 1)", "seed=2"])).toEqual([
      "The command without its options is now ./a.py seed=2; it was ./a.py seed=1.",
    ]);
  });

  it("takes a word behind a prior for no option's value", async () => {
    const stored = ["./a.py", "--n", "3", "-x~uniform(0, 1)", "data"];
    expect(await compare(stored, ["./a.py", "data", "--n", "3", "-x~uniform(0, 1)"])).toEqual([]);
  });

  it.each([
    [["./a.py"], ["./b.py"], "The command without its options is now ./b.py; it was ./a.py."],
    [["./a.py", "data"], ["./a.py"], "The command without its options is now ./a.py; it was ./a.py data."],
    [["./a.py", "--n", "3"], ["./a.py", "--n", "4 5"], 'Option --n is now "4 5"; it was 3.'],
    [["./a.py", "--n=3"], ["./a.py", "--n=-4"], "Option --n is now -4; it was 3."],
    [["./a.py", "--n", "3"], ["./a.py"], "Option --n is gone; it was 3."],
    [["./a.py"], ["./a.py", "--n", "-3"], "Option --n is new: -3."],
    [["./a.py"], ["./a.py", "--fast"], "Option --fast is new."],
    [["./a.py", "--fast", "1"], ["./a.py", "--fast"], "Option --fast is now without a value; it was 1."],
    [["./a.py", "-v", "1"], ["./a.py", "-v", "1", "-v", "2"], "Option -v is now 1 2; it was 1."],
  ])("tells how %j became %j", async (stored, given, change) => {
    expect(await compare([...stored, "-x~uniform(0, 1)"], [...given, "-x~uniform(0, 1)"])).toEqual([change]);
  });

  it("says nothing of an option that became a dimension", async () => {
    expect(await compare(["./a.py", "--lr", "0.1"], ["./a.py", "--lr~+uniform(0, 1)"])).toEqual([]);
  });

  it("ignores options that are not monitored, with their values", async () => {
    const [stored, given] = [
      ["./a.py", "--out", "a", "-g=1"],
      ["./a.py", "--out", "b", "c", "--n", "1"],
    ];
    expect(await compare(stored, given, ["out", "g", "--n"])).toEqual([]);
    expect(await compare(stored, given, ["out"])).toHaveLength(2);
  });

  it("compares the constants of data files, not their layout", async () => {
    const stored = "lr: 'orion~uniform(0, 1)' # rate\nname: k\nlist: [1, 2]\nmomentum: 0.9\n";
    expect(
      await compareFiles(
        "c.yaml",
        stored,
        "list:\n- 1\n- 2\nmomentum: orion~+uniform(0, 1)\nname: 'k'\nlr: orion~uniform(0, 2)",
      ),
    ).toEqual([]);
    expect(
      await compareFiles("c.yaml", stored, "lr: orion~uniform(0, 1)\nname: j\nlist: [1]\nmomentum: 0.9\nnew: true"),
    ).toEqual([
      'In c.yaml, /name is now "j"; it was "k".',
      "In c.yaml, /list/1 is gone; it was 2.",
      "In c.yaml, /new is new: true.",
    ]);
  });

  it("compares other text by its lines", async () => {
    const stored = "n 3\nlr~uniform(0, 1) fast\n";
    expect(await compareFiles("c.txt", stored, "m~+uniform(0, 1)\n\nn 3\nlr~normal(0, 1) fast")).toEqual([]);
    expect(await compareFiles("c.txt", stored, "n 4\nlr~uniform(0, 1) slow\n")).toEqual([
      'In c.txt, line "n 3" is gone.',
      "In c.txt, line ~/lr is now ~ slow; it was ~ fast.",
      'In c.txt, line "n 4" is new.',
    ]);
  });

  it("tells of a configuration file that came or went", async () => {
    const { world } = makeFolder({ ...scripts, "c.yaml": "lr: orion~uniform(0, 1)" });
    const [without, withFile] = [
      await parseCommand(["./a.py", "-x~uniform(0, 1)"], { world }),
      await parseCommand(["./a.py", "-x~uniform(0, 1)", "--config", "c.yaml"], { world }),
    ];
    expect(compareCommands(without, withFile, { nonMonitored: [] })).toEqual(["The configuration file c.yaml is new."]);
    expect(compareCommands(withFile, without, { nonMonitored: [] })).toEqual([
      "The configuration file c.yaml is gone, or holds no prior any more.",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/errors.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { parsePoint } from "../../../src/worker/command/parse-point.js";
import { makeFolder } from "./make-folder.js";

const space = parseSpace({
  "/x": "uniform(-5, 5)",
  "/kind": "choices(['a', 'b', 'c=d'], default_value='b')",
  "/n": "uniform(1, 8, discrete=True, default_value=2)",
});
const read = (words: readonly string[], files: Readonly<Record<string, string>> = {}) =>
  parsePoint(words, { space, command: ["./probe.mjs", "-x~uniform(-5, 5)"], world: makeFolder(files).world });

describe("parsePoint", () => {
  it.each([
    ["./probe.mjs", "-x=3", "--kind=a"],
    ["-x=3", "--kind=a"],
    ["python", "train.py", "--x", "3", "--kind", "a"],
    ["./probe.mjs", "-x~3", "--kind~a"],
    ["./probe.mjs", "x=3", "--kind=a"],
    ["./probe.mjs", "--kind=a", "+x=3"],
  ])("reads the words %j %j %j %j %j", async (...words) => {
    expect(await read(words, { "train.py": "" })).toEqual({ "/x": 3, "/kind": "a", "/n": 2 });
  });

  it("reads negative numbers and values with an equal sign", async () => {
    expect(await read(["-x", "-1.5", "--kind=c=d"])).toEqual({ "/x": -1.5, "/kind": "c=d", "/n": 2 });
  });

  it.each([
    ["c.yaml", "x: 'orion=-1.5'\nkind: kind=a\nother: lr=1\nplain: 3\n"],
    ["c.json", '{"x": "orion=-1.5", "kind": "kind=a", "other": "lr=1", "plain": 3}'],
    ["c.txt", "[s]\nx=-1.5, kind='a'; other=1"],
  ])("reads the file %s", async (name, text) => {
    const point = { "/x": -1.5, "/kind": "a", "/n": 2 };
    expect(await read(["./probe.mjs", `--config=${name}`], { [name]: text })).toEqual(point);
    expect(await read(["./probe.mjs", "--config", name], { [name]: text })).toEqual(point);
  });

  it("takes a YAML or JSON file in front for the configuration file, but no script", async () => {
    const files = { "c.yaml": "x: orion=1", "train.py": "x=2" };
    expect((await read(["c.yaml", "-n=3"], files))["/x"]).toBe(1);
    expect((await read(["train.py", "c.yaml"], files))["/x"]).toBe(1);
  });

  it.each([
    [["-x=1", "-z=1"], /"\/z"/],
    [["--kind=a"], /"\/x"/],
    [["-x=300"], /300/],
    [["-x=1", "--kind=e"], /"e".*|kind/],
    [["-x=1", "--x", "2"], /"\/x" is given twice/],
    [["-x"], /"-x" gives no value/],
    [["-x", "--kind=a"], /"-x" gives no value/],
    [["-x=1", "tail"], /"tail" gives no value/],
    [["--config=none.yaml"], /none\.yaml cannot be read/],
  ])("refuses %j", async (words, message) => {
    await expect(read(words)).rejects.toThrow(message);
    await expect(read(words)).rejects.toBeInstanceOf(UsageError);
  });

  it.each([
    [["none.yaml"], /none\.yaml cannot be read/],
    [["./probe.mjs", "y=3", "-x=1"], /"y=3" gives no value/],
    [["./probe.mjs", "-x=1", "y=3"], /"y=3" gives no value/],
    [["./other.mjs", "-x=1"], /"\.\/other\.mjs" gives no value/],
    [["plain.yaml", "-x=1"], /place \/n of the file plain\.yaml gives no value/],
    [["empty.json", "-x=1"], /empty\.json gives no value/],
    [["-x=1", "--config=plain.txt"], /plain\.txt gives no value/],
  ])("refuses %j, which would be ignored", async (words, message) => {
    const files = { "plain.yaml": "n: 4\n", "empty.json": '{"m": 4}', "plain.txt": "m=4" };
    await expect(read(words, files)).rejects.toThrow(message);
  });

  it("knows the words of the experiment's own command", async () => {
    const world = makeFolder().world;
    const command = ["python", "train.py", "data.csv", "-x~uniform(-5, 5)"];
    const context = { space, command, world };
    expect((await parsePoint(["python", "train.py", "data.csv", "-x=1"], context))["/x"]).toBe(1);
    await expect(parsePoint(["python", "other.py", "-x=1"], context)).rejects.toThrow(/"other\.py" gives no value/);
  });

  it("refuses a dimension of the file that the space does not know, or that is given in a word too", async () => {
    await expect(read(["--config=c.yaml"], { "c.yaml": "z: orion=1" })).rejects.toThrow(/"\/z"/);
    await expect(read(["--config=c.yaml", "-x=1"], { "c.yaml": "x: orion=1" })).rejects.toThrow(/"\/x" is given twice/);
  });
});

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion, seed, sketch } from "../fake-terminal.js";

let folder: string;
const insert = (...words: string[]) => runOrion(["insert", ...words], { folder });
const trials = () =>
  seed(folder, async (storage) => storage.listTrials((await storage.getExperiment("exp"))!.id)).then((list) =>
    list.map(({ id, status, params, workingDir }) => ({ id, status, params, workingDir })),
  );

beforeEach(async () => {
  folder = temporaryFolder();
  await seed(folder, (storage) => storage.createExperiment(sketch("exp", { workingDir: "/scratch" })));
});

it("stores a new trial, with defaults for what is missing, and prints its id", async () => {
  const { code, out, err } = await insert("-n", "exp", "./train.py", "-x=-1.5");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const [trial] = await trials();
  expect(trial).toMatchObject({ status: "new", params: { "/kind": "b", "/x": -1.5 }, workingDir: "/scratch" });
  expect(out).toBe(`Inserted trial ${trial!.id}\n`);
});

it("says how to make room where the limit leaves none", async () => {
  await seed(folder, async (storage) => {
    const { id } = (await storage.getExperiment("exp"))!;
    await storage.changeExperiment(id, { maxTrials: 2 });
  });
  expect((await insert("-n", "exp", "--", "-x=1")).err).toBe("");
  expect((await insert("-n", "exp", "--", "-x=2")).err).toBe("");
  const { code, out, err } = await insert("-n", "exp", "--storage", "orion.sqlite", "--", "-x=3");
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Inserted trial/) });
  expect(err).toBe(
    "Note: the limit of 2 trials leaves no room for it: orion hunt -n exp --storage orion.sqlite --exp-max-trials 3\n",
  );
});

it("prints the trial as JSON", async () => {
  const { out } = await insert("-n", "exp", "--json", "./train.py", "-x=3", "--kind=a");
  expect(JSON.parse(out)).toEqual({
    name: "exp",
    version: 1,
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    number: 1,
    status: "new",
    params: { "/kind": "a", "/x": 3 },
  });
});

it("refuses a name that SQLite would take for another one", async () => {
  writeFileSync(join(folder, "name.yaml"), 'experiment: { name: "exp\\0other" }\n');
  const { code, err } = await insert("-c", "name.yaml", "./train.py", "-x=-1.5");
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("without the character NUL") });
  expect(await trials()).toEqual([]);
});

it("reads values from a file", async () => {
  writeFileSync(join(folder, "point.yaml"), "x: orion=0.25\nkind: orion=a\n");
  expect(await insert("-n", "exp", "point.yaml")).toMatchObject({ code: 0 });
  expect(await trials()).toMatchObject([{ params: { "/kind": "a", "/x": 0.25 } }]);
});

it("needs no script behind two dashes", async () => {
  expect(await insert("-n", "exp", "--", "-x=1")).toMatchObject({ code: 0 });
  expect(await trials()).toMatchObject([{ params: { "/x": 1 } }]);
});

it.each([
  [["-x=300"], "300"],
  [["-x=1", "-z=1"], "z"],
  [["--kind=a"], "/x"],
  [["-x=1", "--kind=c"], "c"],
  [["-x=abc"], "abc"],
])("refuses %j with the culprit, and stores nothing", async (words, culprit) => {
  const { code, out, err } = await insert("-n", "exp", "./train.py", ...words);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(new RegExp(`^Error: .*${culprit}`));
  expect(await trials()).toEqual([]);
});

it("refuses the same point twice", async () => {
  await insert("-n", "exp", "./train.py", "-x=1");
  const { code, err } = await insert("-n", "exp", "./train.py", "-x=1.0", "--kind=b");
  expect(code).toBe(1);
  expect(err).toContain("already in the experiment");
  expect(await trials()).toHaveLength(1);
});

it("refuses an unknown experiment without making a database", async () => {
  const empty = temporaryFolder();
  const { code, err } = await runOrion(["insert", "-n", "nobody", "./x", "-x=1"], { folder: empty });
  expect(code).toBe(1);
  expect(err).toContain("nobody");
  expect(existsSync(join(empty, "orion.sqlite"))).toBe(false);
});

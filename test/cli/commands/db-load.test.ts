import { copyFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, runOrion, seed, sketch, waiting } from "../fake-terminal.js";

let folder: string;
let file: string;
const load = (...words: string[]) => runOrion(["db", "load", file, ...words], { folder });
const titles = () =>
  seed(folder, async (storage) => {
    const records = await storage.listExperiments();
    const counts = await Promise.all(records.map(async ({ id }) => (await storage.listTrials(id)).length));
    return records.map(({ name, version }, at) => `${name}-v${version}: ${counts[at]}`);
  });

beforeEach(async () => {
  const source = temporaryFolder();
  await seed(source, async (storage) => {
    const first = await storage.createExperiment(sketch("exp"));
    await storage.insertTrials(first.id, [completed("a", 1), waiting("b")]);
    const parent = { experimentId: first.id, adapters: [] };
    await storage.createExperiment(sketch("exp", { version: 2, parent }));
    await storage.createExperiment(sketch("other"));
  });
  expect((await runOrion(["db", "dump"], { folder: source })).code).toBe(0);
  file = join(source, "dump.jsonl");
  folder = temporaryFolder();
});

const all = ["exp-v1: 2", "exp-v2: 0", "other-v1: 0"];

it("fills an empty database, families and all, and a second dump is the same file", async () => {
  const { code, out } = await load();
  expect({ code, out }).toEqual({ code: 0, out: "3 experiments and 2 trials loaded\n" });
  expect(await titles()).toEqual(all);
  expect((await runOrion(["db", "dump"], { folder })).code).toBe(0);
  expect(readFileSync(join(folder, "dump.jsonl"), "utf8")).toBe(readFileSync(file, "utf8"));
});

it("takes one experiment out of the file", async () => {
  await load("-n", "exp");
  expect(await titles()).toEqual(["exp-v2: 0"]);
  await load("-n", "exp", "-v", "1");
  expect(await titles()).toEqual(["exp-v1: 2", "exp-v2: 0"]);
  const { code, err } = await load("-n", "nobody");
  expect(code).toBe(1);
  expect(err).toContain("It has exp-v1, exp-v2, other-v1.");
});

it.each([
  [["-n", "nobody"], 'There is no experiment "nobody" in "'],
  [["-n", "exp", "-v", "7"], 'There is no experiment "exp" with version 7 in "'],
  [["-v", "7"], 'There is no experiment with version 7 in "'],
])("%j names what the file does not have", async (words, message) => {
  expect((await load(...words)).err).toContain(message);
});

it("without a policy refuses what is there, and stores nothing of the rest", async () => {
  await load("-n", "exp", "-v", "1");
  const { code, err } = await load();
  expect(code).toBe(1);
  expect(err).toContain("The database has exp-v1 already. Nothing was stored.");
  expect(await titles()).toEqual(["exp-v1: 2"]);
});

it.each([
  ["ignore", ["exp-v1: 3", "exp-v2: 0", "other-v1: 0"]],
  ["overwrite", all],
  ["bump", ["exp-v1: 3", "exp-v2: 0", "exp-v3: 2", "other-v1: 0"]],
  ["merge", ["exp-v1: 3", "exp-v2: 0", "other-v1: 0"]],
])("%s settles what is there, and loads the rest", async (policy, expected) => {
  await load("-n", "exp", "-v", "1");
  await seed(folder, async (storage) => {
    const { id } = (await storage.getExperiment("exp"))!;
    await storage.insertTrials(id, [completed("c", 3)]);
  });
  expect((await load("-r", policy)).code).toBe(0);
  expect(await titles()).toEqual(expected);
  const family = await seed(folder, async (storage) => (await storage.getExperiment("exp", 2))?.parent);
  expect(family).toBeDefined();
});

it("refuses an unknown policy, a missing file and half a file, without making a database", async () => {
  expect(await load("-r", "foo")).toMatchObject({ code: 2, err: expect.stringContaining('no policy "foo"') });
  const half = join(temporaryFolder(), "half.jsonl");
  copyFileSync(file, half);
  truncateSync(half, 1000);
  file = half;
  expect((await load()).err).toContain("cut off");
  file = "nowhere.jsonl";
  expect((await load()).err).toMatch(
    /^Error: .* cannot be read: there is no such file or folder\.\nName a file that `orion db dump` wrote/,
  );
  expect(existsSync(join(folder, "orion.sqlite"))).toBe(false);
});

it("warns of workers whose experiment is replaced", async () => {
  await load();
  await seed(folder, async (storage) => {
    const { id } = (await storage.getExperiment("exp", 2))!;
    await storage.reserveTrial(id, { worker: "elsewhere:7:1:2:3:4", leaseMs: 60_000 });
  });
  expect((await load("-r", "overwrite")).err).toMatch(/^Warning: 1 worker at work here \(process 7 on elsewhere\)/);
});

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { trialRoot } from "../../../src/worker/trial-directory/trial-root.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, runOrion, seed, sketch, waiting } from "../fake-terminal.js";

let folder: string;
const rm = (words: readonly string[], input = "") => runOrion(["db", "rm", ...words], { folder, input });
const left = () =>
  seed(folder, async (storage) => {
    const records = await storage.listExperiments();
    const counts = await Promise.all(records.map(async ({ id }) => (await storage.listTrials(id)).length));
    return records.map(({ name, version }, at) => `${name}-v${version}: ${counts[at]}`);
  });

beforeEach(async () => {
  folder = temporaryFolder();
  await seed(folder, async (storage) => {
    const first = await storage.createExperiment(sketch("exp"));
    await storage.insertTrials(first.id, [completed("a", 1), completed("b", 2), waiting("c")]);
    const parent = { experimentId: first.id, adapters: [] };
    const second = await storage.createExperiment(sketch("exp", { version: 2, parent }));
    await storage.insertTrials(second.id, [waiting("d")]);
    await storage.createExperiment(sketch("other"));
  });
});

const all = ["exp-v1: 3", "exp-v2: 1", "other-v1: 0"];

describe("the question", () => {
  it("shows what would go, and is answered by the name", async () => {
    const { code, out } = await rm(["exp", "-v", "1"], "exp\n");
    expect(code).toBe(0);
    expect(out).toBe(
      " exp-v1┐\n       └exp-v2\n\nAll of these experiments will be deleted, with all their trials.\n" +
        "To proceed, type again the name of the experiment: 4 trials deleted\n2 experiments deleted\n",
    );
    expect(await left()).toEqual(["other-v1: 0"]);
  });

  it.each(["ex\n", "y\n", "\n", ""])("answered by %j changes nothing", async (input) => {
    const { code, out, err } = await rm(["exp"], input);
    expect(code).toBe(1);
    expect(err).toBe("Confirmation failed, aborting operation.\n");
    expect(out).not.toContain("deleted\n");
    expect(await left()).toEqual(all);
  });

  it("is not asked with --force", async () => {
    const { code, out } = await rm(["other", "--force"]);
    expect(code).toBe(0);
    expect(out).toMatch(/experiment: FORCED\n0 trials deleted\n1 experiment deleted\n$/);
  });
});

it("removes the newest version when none is given, and never its parent", async () => {
  await rm(["exp", "-f"]);
  expect(await left()).toEqual(["exp-v1: 3", "other-v1: 0"]);
});

it("removes trials of a status and keeps the experiments", async () => {
  const { out } = await rm(["exp", "-v", "1", "--status", "new", "-f"]);
  expect(out).toMatch(/\n2 trials deleted\n$/);
  expect(await left()).toEqual(["exp-v1: 2", "exp-v2: 0", "other-v1: 0"]);
  expect((await rm(["exp", "-v", "1", "-s", "*", "-f"])).out).toMatch(/\n2 trials deleted\n$/);
  expect(await left()).toEqual(["exp-v1: 0", "exp-v2: 0", "other-v1: 0"]);
});

it.each([
  [["nobody", "-f"], '"nobody"', 1],
  [["exp", "-v", "3", "-f"], "with version 3", 1],
  [["exp", "--status", "foo", "-f"], '"foo"', 2],
])("refuses %j and changes nothing", async (words, culprit, expected) => {
  const { code, err } = await rm(words);
  expect(code).toBe(expected);
  expect(err).toContain(culprit);
  expect(await left()).toEqual(all);
});

it("warns of workers that are at work", async () => {
  await seed(folder, async (storage) => {
    const { id } = (await storage.getExperiment("exp", 2))!;
    await storage.reserveTrial(id, { worker: "elsewhere:7:1:2:3:4", leaseMs: 60_000 });
  });
  expect((await rm(["exp"])).err).toMatch(/^Warning: 1 worker at work here \(process 7 on elsewhere\)/);
  expect((await rm(["exp", "-s", "completed"])).err).not.toContain("Warning");
});

it("keeps what the trials have left, for copies of the experiment, and says where it is", async () => {
  const workingDir = join(folder, "mine");
  mkdirSync(workingDir);
  const record = await seed(folder, (storage) => storage.createExperiment(sketch("dirs", { workingDir })));
  const { temporaryFolder: root } = trialRoot({ cacheDirectory: join(folder, ".cache/orion"), record });
  mkdirSync(join(root, "trial"), { recursive: true });
  expect((await rm(["dirs", "-s", "broken", "-f"])).out).toMatch(/\n0 trials deleted\n$/);
  await seed(folder, (storage) => storage.insertTrials(record.id, [waiting("e")]));
  expect((await rm(["dirs", "-s", "new", "-f"])).out).toMatch(
    new RegExp(`What their trials left is still there; each has a directory named by its id:\\n  ${root}\\n$`),
  );
  const { code, out } = await rm(["dirs"], "dirs\n");
  expect(code).toBe(0);
  expect(out).toContain(`What their trials left is still there; remove it when no copy of them goes on elsewhere:\n`);
  expect(out).toMatch(new RegExp(`:\\n  ${root}\\n$`));
  expect([root, workingDir].map((path) => existsSync(path))).toEqual([true, true]);
});

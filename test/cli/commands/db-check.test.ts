import { beforeEach, expect, it } from "vitest";
import { openExperiment } from "../../../src/experiment/experiment.js";
import { openDatabase } from "../../../src/storage/sqlite.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion, seed, sketch, urlIn } from "../fake-terminal.js";

let folder: string;
const check = (...words: string[]) => runOrion(["db", "check", ...words], { folder });

beforeEach(async () => {
  folder = temporaryFolder();
  await seed(folder, async (storage) => {
    for (const name of ["one", "two"]) {
      const experiment = await openExperiment(storage, await storage.createExperiment(sketch(name, { maxTrials: 2 })));
      for (;;) {
        const next = await experiment.nextTrial({ worker: "w", leaseMs: 60_000 });
        if (next.kind !== "trial") break;
        await storage.finishTrial(next.trial, [{ name: "o", type: "objective", value: 1 }]);
      }
    }
  });
});

it("says of each experiment that nothing was found, and ends well", async () => {
  const { code, out } = await check();
  expect({ code, out }).toEqual({
    code: 0,
    out:
      "one-v1: 2 trials, nothing found\n  2 suggestions recomputed, the same\n" +
      "two-v1: 2 trials, nothing found\n  2 suggestions recomputed, the same\n",
  });
  expect((await check("-n", "two", "--quick")).out).toBe("two-v1: 2 trials, nothing found\n");
});

it("ends with 1 and names the trial when somebody edited the database", async () => {
  const path = urlIn(folder).slice("sqlite:".length);
  const database = await openDatabase(path, path);
  database.exec('update trials set params = \'{"/x":0.25,"/kind":"a"}\' where experiment = 2 and number = 1');
  database.close();
  const { code, out } = await check();
  expect(code).toBe(1);
  expect(out).toContain("one-v1: 2 trials, nothing found\n");
  expect(out).toMatch(/two-v1: 2 trials, 2 findings\n.*\n {2}trial 1 has the id .* not that of its parameters/);
  const json = await check("-n", "two", "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out).experiments[0].findings).toMatchObject([
    { rule: "identities", trial: 1 },
    { rule: "suggestions", trial: 1 },
  ]);
});

it("finds nothing where there is nothing, and refuses a name that is not there", async () => {
  folder = temporaryFolder();
  expect(await check()).toMatchObject({ code: 0, out: "No experiment found\n" });
  expect((await check("-n", "nobody")).code).toBe(1);
});

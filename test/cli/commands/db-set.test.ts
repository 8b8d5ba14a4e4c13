import { beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, idOf, runOrion, seed, sketch, waiting } from "../fake-terminal.js";

let folder: string;
const set = (words: readonly string[], input = "") => runOrion(["db", "set", ...words], { folder, input });
const statuses = () =>
  seed(folder, async (storage) => {
    const records = await storage.listExperiments();
    const trials = await Promise.all(records.map(({ id }) => storage.listTrials(id)));
    return trials.map((list) => list.map(({ id, status }) => `${id[0]} ${status}`).join(", "));
  });

beforeEach(async () => {
  folder = temporaryFolder();
  await seed(folder, async (storage) => {
    const first = await storage.createExperiment(sketch("exp"));
    await storage.insertTrials(first.id, [completed("a", 1), waiting("b")]);
    const parent = { experimentId: first.id, adapters: [] };
    const second = await storage.createExperiment(sketch("exp", { version: 2, parent }));
    await storage.insertTrials(second.id, [waiting("b")]);
  });
});

const before = ["a completed, b new", "b new"];

it("changes trials of a status, those of descendants too, once the name is typed", async () => {
  const { code, out } = await set(["exp", "status=new", "status=suspended", "-v", "1"], "exp\n");
  expect(code).toBe(0);
  expect(out).toBe(
    " exp-v1┐\n       └exp-v2\n\nTrials of these experiments that match status=new will get the status suspended.\n" +
      "To proceed, type again the name of the experiment: 2 trials modified\n",
  );
  expect(await statuses()).toEqual(["a completed, b suspended", "b suspended"]);
});

it("changes one trial by its id, or its beginning, in the chosen version only", async () => {
  const { out } = await set(["exp", `id=${idOf("b")}`, "status=broken", "-v", "1", "-f"]);
  expect(out).toMatch(/FORCED\n1 trial modified\n$/);
  expect(await statuses()).toEqual(["a completed, b broken", "b new"]);
  await set(["exp", "id=bbb", "status=interrupted", "-f"]);
  expect(await statuses()).toEqual(["a completed, b broken", "b interrupted"]);
});

it("changes all trials", async () => {
  expect((await set(["exp", "*", "status=interrupted", "-v", "1", "-f"])).out).toMatch(/3 trials modified/);
});

it("changes nothing when the name is not typed", async () => {
  const { code, err } = await set(["exp", "status=new", "status=broken"], "no\n");
  expect(code).toBe(1);
  expect(err).toBe("Confirmation failed, aborting operation.\n");
  expect(await statuses()).toEqual(before);
});

it.each([
  [["foo=1", "status=new"], 'Invalid query attribute "foo"', "id=ID"],
  [["status=new", "foo=1"], 'Invalid update attribute "foo"', "status=S"],
  [["status=new", "id=1"], 'Invalid update attribute "id"', "status=S"],
  [["status=completed", "status=foo"], 'no status "foo"', "new, reserved, suspended, completed, interrupted, broken"],
  [["status=foo", "status=new"], 'no status "foo"', "interrupted"],
  [["new", "status=new"], '"new" is not of the form', "status=S"],
  [["id=cc", "status=new"], 'no trial "cc" in exp-v2', "--all"],
  [["status=new", "status=completed"], `completed without a result, e.g. ${idOf("b")}`, "status=interrupted"],
])("refuses %j, says what is possible, and changes nothing", async (words, message, remedy) => {
  const { code, out, err } = await set(["exp", ...words, "-f"]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(message);
  expect(err).toContain(remedy);
  expect(await statuses()).toEqual(before);
});

it("lets a trial with results be completed again", async () => {
  await set(["exp", `id=${idOf("a")}`, "status=broken", "-v", "1", "-f"]);
  expect((await set(["exp", `id=${idOf("a")}`, "status=completed", "-v", "1", "-f"])).code).toBe(0);
  expect(await statuses()).toEqual(before);
});

it("warns of workers that hold one of the trials, and not otherwise", async () => {
  await seed(folder, async (storage) => {
    const { id } = (await storage.getExperiment("exp", 2))!;
    await storage.reserveTrial(id, { worker: "elsewhere:7:1:2:3:4", leaseMs: 60_000 });
  });
  expect((await set(["exp", "id=b", "status=new", "-f"])).err).toContain("process 7 on elsewhere");
  expect((await set(["exp", "status=completed", "status=broken", "-f"])).err).toBe("");
});

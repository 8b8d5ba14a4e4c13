import { describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import type { Definition } from "../../src/storage/storage.js";
import { type Desk, ledgerScript, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";

/** Change what is stored of the experiment "a", as another version of orion may have done. */
async function redefine(desk: Desk, change: (definition: Definition) => Definition) {
  await using storage = await openStorage(desk.storage);
  const record = (await storage.getExperiment("a"))!;
  await storage.changeExperiment(record.id, { definition: change(record.definition) });
}

describe("orion hunt -n NAME, of an experiment that is stored", () => {
  it("ends with an error when its stopping rule is unknown here", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    await desk.orion("hunt", "-n", "a", "--init-only", "./ok.sh", prior);
    await redefine(desk, (definition) => ({ ...definition, stopping: { name: "magic", options: {} } }));
    const hunt = desk.start(["hunt", "-n", "a"]);
    const isEnded = await Promise.race([hunt.ended, new Promise((resolve) => setTimeout(resolve, 20_000, undefined))]);
    hunt.child.kill("SIGKILL");
    expect(isEnded).toMatchObject({ code: 1, err: expect.stringContaining('There is no stopping rule "magic"') });
  }, 30_000);
});

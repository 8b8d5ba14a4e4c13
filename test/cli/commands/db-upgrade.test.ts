import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { makeOldDatabase } from "../../storage/old-database.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion, seed, sketch } from "../fake-terminal.js";

let folder: string;
const upgrade = (words: readonly string[] = [], input = "") => runOrion(["db", "upgrade", ...words], { folder, input });

beforeEach(() => {
  folder = temporaryFolder();
});

it("says when there is nothing to do", async () => {
  await seed(folder, (storage) => storage.createExperiment(sketch("exp")));
  expect(await upgrade()).toMatchObject({ code: 0, out: expect.stringMatching(/^There is nothing to do: sqlite:/) });
});

it("does not make a database", async () => {
  await upgrade();
  expect(existsSync(join(folder, "orion.sqlite"))).toBe(false);
});

it("refuses what no upgrade can mend", async () => {
  writeFileSync(join(folder, "orion.sqlite"), "this is no database, only a longer text ".repeat(99));
  const { code, err } = await upgrade(["-f"]);
  expect(code).toBe(1);
  expect(err).toContain("not an SQLite database");
});

describe("an older database", () => {
  beforeEach(async () => {
    await makeOldDatabase(join(folder, "orion.sqlite"), 1);
  });

  const isUsable = async () => (await runOrion(["list"], { folder })).code === 0;

  it("is upgraded after a yes", async () => {
    const { code, out } = await upgrade([], "y\n");
    expect(code).toBe(0);
    expect(out).toMatch(/older version.*Do you wish to proceed\? \(y\/N\) sqlite:.* was upgraded/s);
    expect(await isUsable()).toBe(true);
  });

  it("is upgraded without a question by --force", async () => {
    expect((await upgrade(["--force"])).out).not.toContain("proceed");
    expect(await isUsable()).toBe(true);
  });

  it("is left alone otherwise", async () => {
    expect(await upgrade([], "\n")).toMatchObject({ code: 1, err: "Nothing was changed.\n" });
    expect(await isUsable()).toBe(false);
  });
});

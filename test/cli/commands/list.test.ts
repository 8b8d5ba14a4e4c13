import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { completed, runOrion, seed, sketch } from "../fake-terminal.js";

let folder: string;
const list = (...words: string[]) => runOrion(["list", ...words], { folder });

beforeEach(() => {
  folder = temporaryFolder();
});

describe("an empty database", () => {
  it("is no error, and the place that was looked at is named", async () => {
    expect(await list()).toEqual({
      code: 0,
      out: "No experiment found\n",
      err: expect.stringContaining(`sqlite:${folder}/orion.sqlite`),
    });
  });

  it("is not made by looking", async () => {
    await list();
    expect(existsSync(join(folder, "orion.sqlite"))).toBe(false);
  });

  it("is an empty list of JSON", async () => {
    expect(await list("--json")).toEqual({ code: 0, out: "[]\n", err: "" });
  });
});

describe("a database that cannot be reached", () => {
  it.each([[["list"]], [["status"]], [["db", "check"]], [["info", "-n", "demo"]], [["db", "rm", "demo"]]])(
    "is not called empty by %j",
    async (words) => {
      // Like a folder that is another user's, whose owner this test may be.
      symlinkSync("orion.sqlite", join(folder, "orion.sqlite"));
      const { code, out, err } = await runOrion(words, { folder });
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/The database .*orion\.sqlite cannot be opened/);
    },
  );
});

describe("a family", () => {
  beforeEach(() =>
    seed(folder, async (storage) => {
      const root = await storage.createExperiment(sketch("root"));
      const below = { parent: { experimentId: root.id, adapters: [] } };
      const alpha = await storage.createExperiment(sketch("alpha", below));
      await storage.createExperiment(sketch("beta", below));
      const next = { version: 2, parent: { experimentId: alpha.id, adapters: [] } };
      await storage.createExperiment(sketch("alpha", next));
      await storage.createExperiment(sketch("solo"));
    }),
  );

  it("is drawn as a tree", async () => {
    expect(await list()).toEqual({
      code: 0,
      out: ["        ┌beta-v1", " root-v1┤", "        └alpha-v1┐", "                 └alpha-v2", " solo-v1", ""].join(
        "\n",
      ),
      err: "",
    });
  });

  it("is drawn from the named experiment on", async () => {
    expect((await list("-n", "alpha")).out).toBe(" alpha-v1┐\n         └alpha-v2\n");
    expect((await list("-n", "alpha", "-v", "2")).out).toBe(" alpha-v2\n");
    expect((await list("-n", "nobody")).out).toBe("No experiment found\n");
  });

  it("is not called absent where only that version, or one of that user, is", async () => {
    expect((await list("-n", "alpha", "-v", "3")).err).toMatch(/^There is no experiment "alpha" with version 3\.\n/);
    expect((await list("-n", "solo", "-u", "eve", "--json")).err).toBe(
      'There is no experiment "solo" of user "eve".\n',
    );
    expect((await list("-v", "9", "--json")).err).toBe("There is no experiment with version 9.\n");
    expect((await list("-u", "eve\n", "--json")).err).toBe('There is no experiment of user "eve\\n".\n');
  });

  it("is listed in JSON, each with its parent", async () => {
    expect(JSON.parse((await list("--json")).out)).toEqual([
      { name: "root", version: 1, parent: null },
      { name: "alpha", version: 1, parent: { name: "root", version: 1 } },
      { name: "alpha", version: 2, parent: { name: "alpha", version: 1 } },
      { name: "beta", version: 1, parent: { name: "root", version: 1 } },
      { name: "solo", version: 1, parent: null },
    ]);
  });

  it("of somebody else is not listed", async () => {
    expect((await list("-u", "bob")).out).toBe("No experiment found\n");
    expect((await list("-u", "ada", "-n", "solo")).out).toBe(" solo-v1\n");
  });

  it("still shows what descends from a removed version", async () => {
    await seed(folder, async (storage) => {
      const alpha = await storage.getExperiment("alpha", 1);
      await storage.removeExperiments([alpha!.id]);
    });
    expect((await list("-n", "alpha")).out).toBe(" alpha-v2\n");
  });
});

it("escapes control characters of names, as every command does for people", async () => {
  const name = "esc\x1b[31mred\nline";
  const results = [{ name: "lo\x1bss", type: "objective" as const, value: 1 }];
  await seed(folder, async (storage) => {
    const { id } = await storage.createExperiment(sketch(name));
    await storage.insertTrials(id, [{ ...completed("a", 1), results }]);
  });
  const runs = [["list"], ["status"], ["status", "--all"], ["info", "-n", name], ["db", "check"], ["db", "rm", name]];
  for (const words of [...runs, ["info", "-n", name, "--trial", "9"], ["info", "-n", `${name}?`]]) {
    const { out, err } = await runOrion(words, { folder });
    expect(out + err).toContain("esc\\x1b[31mred\\nline");
    expect(out + err).not.toMatch(/[\x00-\x09\x0b-\x1f]|red\n/);
  }
  expect((await runOrion(["status"], { folder })).out).toContain("min lo\\x1bss");
  expect(JSON.parse((await list("--json")).out)).toMatchObject([{ name }]);
});

it("takes the name of an experiment as it is shown, where it has to be typed again", async () => {
  await seed(folder, (storage) => storage.createExperiment(sketch("two\nlines")));
  const { code } = await runOrion(["db", "rm", "two\nlines"], { folder, input: "two\\nlines\n" });
  expect(code).toBe(0);
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import inline from "../../src/executors/inline.js";
import { executorAliases, executors, resolveExecutor } from "../../src/executors/registry.js";

describe("the registry of executors", () => {
  it("knows every file of the folder that exports an executor", () => {
    const folder = new URL("../../src/executors/", import.meta.url);
    const plugins = readdirSync(folder).filter((file) =>
      readFileSync(new URL(file, folder), "utf8").includes("satisfies ExecutorModule"),
    );
    expect(plugins.map((file) => file.replace(/\.ts$/, ""))).toEqual(Object.keys(executors));
  });

  it("takes the names that users know from elsewhere, in any case", async () => {
    for (const name of ["inline", "Joblib", "PoolExecutor", ...Object.keys(executorAliases)])
      expect(await resolveExecutor(name)).toBe(inline);
  });

  it("hands back an executor of the user's own", async () => {
    const mine = { summary: "Mine.", open: inline.open };
    expect(await resolveExecutor(mine)).toBe(mine);
  });

  it("refuses another name with those that exist", async () => {
    await expect(resolveExecutor("slurm")).rejects.toMatchObject({
      code: "UNKNOWN_NAME",
      remedy: "Known names: inline.",
    });
  });
});

import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { algorithmAliases, algorithms, defaultAlgorithm } from "../../src/algorithms/registry.js";

const folder = new URL("../../src/algorithms/", import.meta.url);

describe("the registry of algorithms", () => {
  it("has every file of the folder that is a plug-in, under the name of the file", async () => {
    const files = await readdir(folder, { recursive: true });
    const sources = files.map(String).filter((file) => file.endsWith(".ts"));
    const plugins: string[] = [];
    for (const file of sources) {
      const module: object = await import(new URL(file, folder).href);
      if ("default" in module) plugins.push(file);
    }
    // `gp/gp.ts` and `gp.ts` both are `gp`.
    const names = plugins.map((file) => file.replace(/^.*\//, "").replace(/\.ts$/, ""));
    expect(names.sort()).toEqual(Object.keys(algorithms).sort());
  });

  it("loads under each name what has a summary and a paper", async () => {
    for (const [name, load] of Object.entries(algorithms)) {
      const { default: algorithm } = await load();
      expect(algorithm.summary, name).toMatch(/\w.*\.$/);
      expect(algorithm.paper, name).toContain("https://");
    }
  });

  it("has only aliases of algorithms that exist, and a default that exists", () => {
    for (const name of [...Object.values(algorithmAliases), defaultAlgorithm]) {
      expect(Object.keys(algorithms)).toContain(name);
    }
  });
});

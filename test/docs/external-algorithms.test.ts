import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/external-algorithms.md"), "utf8");
const example = /```js\n([\s\S]*?)```/.exec(page)![1]!;

/** A project that has the library installed. */
function openProject() {
  const desk = openDesk(temporaryFolder());
  mkdirSync(join(desk.folder, "node_modules"));
  symlinkSync(root, join(desk.folder, "node_modules/orion-hpo"));
  desk.script("train.sh", `#!/bin/sh\necho '[{"name":"o","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"\n`);
  const hunt = (algorithm: string) =>
    desk.orion(
      "hunt",
      "-n",
      "mine",
      "--exp-max-trials",
      3,
      "--algorithm",
      algorithm,
      "./train.sh",
      "--lr~uniform(0, 1)",
    );
  return { desk, hunt };
}

describe("the algorithm of the page", () => {
  test("makes the trials of a hunt as a file, with its options", async () => {
    const { desk, hunt } = openProject();
    const name = desk.file("my-algorithm.mjs", example);
    expect(await hunt(`${name}:step=0.2`)).toMatchObject({ code: 0 });
    const [experiment] = await desk.json("status", "-n", "mine");
    expect(experiment.trials.completed).toBe(3);
    const { algorithm } = await desk.json("info", "-n", "mine");
    expect(algorithm).toEqual({ [name]: { seed: null, step: 0.2 } });
  });

  test("makes them as a package", async () => {
    const { desk, hunt } = openProject();
    desk.file("node_modules/my-package/package.json", '{ "name": "my-package", "type": "module", "main": "index.js" }');
    desk.file("node_modules/my-package/index.js", example);
    expect(await hunt("my-package")).toMatchObject({ code: 0 });
  });

  test("is asked for by name when the file exports something else", async () => {
    const { desk, hunt } = openProject();
    const { code, err } = await hunt(desk.file("three.mjs", "export default 3"));
    expect(code).toBe(2);
    expect(err).toContain("is not an algorithm: it exports a number");
  });
});

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { openDesk, until } from "../orion.js";

const root = resolve(import.meta.dirname, "../..");

test("V8 takes what the build has compiled", () => {
  const program = `
    const { openParts } = require("./dist/cli/parts.js");
    const parts = openParts(require.resolve("./dist/cli/parts/orion.js"));
    process.argv = ["node", "orion", "--help"];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = () => true;
    process.on("exit", () => write([...parts.scripts.values()].map((part) => part.cachedDataRejected).join()));
    parts.run();`;
  const rejected = execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" });
  expect(rejected).toMatch(/^false(,false)+$/);
});

test("a hunt goes on when its program is removed, and says how it ended", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orion-parts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { folder: work, env, script, file } = openDesk(folder);
  const copy = join(folder, "copy");
  for (const name of ["dist", "package.json"]) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

  const path = script("s.sh", "#!/bin/sh\n: > started\nuntil [ -e go ]; do sleep 0.05; done\nexit 3\n");
  const words = ["hunt", "-n", "long", "--exp-max-broken", "3", path, "-x~uniform(0, 1)"];
  const hunt = spawn(process.execPath, [join(copy, "dist/cli/main.js"), ...words], { cwd: work, env });
  const said = text(hunt.stderr);
  await until(() => existsSync(join(work, "started")));
  rmSync(join(copy, "dist/cli"), { recursive: true });
  file("go", "");
  expect(await once(hunt, "exit")).toEqual([3, null]);
  expect(await said).toContain("3 of its trials are broken");
});

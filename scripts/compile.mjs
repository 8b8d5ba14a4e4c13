// Compiles the command line for this Node, as `src/cli/main.ts` wants it: a hunt is run first, so that what a hunt needs
// is in it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Script } from "node:vm";

const filename = resolve("dist/cli/orion.js");
const source = readFileSync(filename, "utf8");
if (/[^\p{ASCII}]/u.test(source)) throw new Error(`${filename} is not ASCII, but src/cli/main.ts reads it as such.`);
const script = new Script(source, { filename });
const folder = mkdtempSync(join(tmpdir(), "orion-build-"));
process.on("exit", () => {
  writeFileSync(filename.replace(/js$/, "v8"), script.createCachedData());
  rmSync(folder, { recursive: true, force: true });
});
// Nobody's configuration, and no database.
process.env = { PATH: process.env.PATH, HOME: folder };
process.chdir(folder);
const hunt = ["--debug", "hunt", "-n", "compile", "--exp-max-trials", "3", "--objective-pattern", "-x (.+)"];
process.argv = [process.execPath, filename, ...hunt, "echo", "-x~uniform(0, 1)"];
script.runInThisContext()(createRequire(filename), filename);

// Compiles the parts of the command line for this Node, as `src/cli/parts.ts` wants them: what most users do is done
// first, so that what they need is in it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Script } from "node:vm";

const { compiledFile, openParts } = createRequire(import.meta.url)("../dist/cli/parts.js");
const program = resolve("dist/cli/parts/orion.js");
const files = readdirSync(dirname(program)).flatMap((name) =>
  name.endsWith(".js") ? [resolve(dirname(program), name)] : [],
);
for (const file of files) {
  if (/[^\p{ASCII}]/u.test(readFileSync(file, "utf8")))
    throw new Error(`${file} is not ASCII, but src/cli/parts.ts reads it as such.`);
}

const folder = mkdtempSync(join(tmpdir(), "orion-build-"));
// Nobody's configuration, and no database.
process.env = { PATH: process.env.PATH, HOME: folder };
process.chdir(folder);
const hunt = ["hunt", "-n", "compile", "--exp-max-trials", "3", "--objective-pattern", "-x (.+)"];
const todo = [["--help"], ["--debug", ...hunt, "echo", "-x~uniform(0, 1)"], ["--debug", "status"]];
const parts = openParts(program);
process.on("beforeExit", () => {
  const words = process.exitCode ? undefined : todo.shift();
  if (words === undefined) return;
  process.argv = [process.execPath, program, ...words];
  parts.run();
});
process.on("exit", (exitCode) => {
  rmSync(folder, { recursive: true, force: true });
  if (exitCode !== 0) return; // the build fails with it
  for (const file of files) {
    const script = parts.scripts.get(file) ?? new Script(readFileSync(file, "latin1"), { filename: file });
    writeFileSync(compiledFile(file), script.createCachedData());
  }
});

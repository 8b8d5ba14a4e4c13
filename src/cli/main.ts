#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, Script } from "node:vm";

// Starts the program of `orion.ts` with what the build has compiled of it: half of what `orion --help` takes is V8 reading
// a megabyte of source. Code that another V8 or other flags have compiled is refused by V8, which then compiles anew.
const filename = join(__dirname, "orion.js");
const program = new Script(readFileSync(filename, "latin1"), {
  filename,
  cachedData: readFileSync(join(__dirname, "orion.v8")),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
program.runInThisContext()(require, filename);

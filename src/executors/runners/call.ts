// `node call.js CALL OUTCOME`: one call on any machine, read from one file, its outcome written to another.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";

const [callPath, outcomePath] = process.argv.slice(2) as [string, string];
const abort = new AbortController();
// A function that does not listen is killed after its grace.
process.on("SIGTERM", () => abort.abort());
// A promise that never settles is a function that hangs, also where nothing else keeps the process.
setInterval(() => {}, 2 ** 30);
const outcome = encodeOutcome(await callHere(decodeCall(readFileSync(callPath, "utf8")), abort.signal));
writeFileSync(`${outcomePath}.part`, outcome);
renameSync(`${outcomePath}.part`, outcomePath);
process.exit(0);

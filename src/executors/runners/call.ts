// `node call.js CALL OUTCOME [REPORTS STOP]`: one call on any machine, read from one file, its outcome written to
// another; its reports are appended to a third, and the fourth appears when a stopping rule has given it up.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { abortReason } from "../call-context.js";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";

const [callPath, outcomePath, reportPath, stopPath] = process.argv.slice(2) as [string, string, string?, string?];
const abort = new AbortController();
const stop = () => {
  const isEarly = stopPath !== undefined && existsSync(stopPath);
  abort.abort(abortReason(isEarly ? readFileSync(stopPath, "utf8").trim() : undefined));
};
const onReport = async (step: number, value: number) => {
  if (reportPath !== undefined) appendFileSync(reportPath, `${step} ${value}\n`);
  await turn(); // nobody answers; a signal may come in
};
// A function that does not listen is killed after its grace.
process.on("SIGTERM", stop);
// A promise that never settles is a function that hangs, also where nothing else keeps the process.
setInterval(() => {}, 2 ** 30);
const call = decodeCall(readFileSync(callPath, "utf8"));
const outcome = encodeOutcome(await callHere(call, { signal: abort.signal, onReport }));
writeFileSync(`${outcomePath}.part`, outcome);
renameSync(`${outcomePath}.part`, outcomePath);
process.exit(0);

// `node call.js CALL OUTCOME`: one call on any machine, read from one file, its outcome written to another. Its reports
// are appended to the file $ORION_REPORT_PATH, and $ORION_STOP_PATH appears when a stopping rule has given it up.
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { openStopWord } from "../call-context.js";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";

const [callPath, outcomePath] = process.argv.slice(2) as [string, string];
const { ORION_REPORT_PATH: reportPath, ORION_STOP_PATH: stopPath } = process.env;
const stop = openStopWord();
const obey = () => {
  const isEarly = stopPath !== undefined && existsSync(stopPath);
  stop.say(isEarly ? readFileSync(stopPath, "utf8").trim() : undefined);
};
const onReport = async (step: number, value: number) => {
  if (reportPath !== undefined) appendFileSync(reportPath, `${step} ${value}\n`);
  await turn(); // nobody answers; a signal may come in
};
// A function that does not listen is killed after its grace.
process.on("SIGTERM", obey);
// A promise that never settles is a function that hangs, also where nothing else keeps the process.
setInterval(() => {}, 2 ** 30);
// Of an earlier run, before the cluster put the job back into its queue.
rmSync(outcomePath, { force: true });
const call = decodeCall(readFileSync(callPath, "utf8"));
const outcome = encodeOutcome(await callHere(call, { stop, onReport }));
writeFileSync(`${outcomePath}.part`, outcome);
renameSync(`${outcomePath}.part`, outcomePath);
process.exit(0);

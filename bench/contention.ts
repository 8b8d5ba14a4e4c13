// Many hunt processes on one SQLite file: trials that sleep 50 ms, against the ideal and against `xargs -P`.
//
// All workers are up before the clock starts: the first trial of each waits until every worker has one.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openStorage } from "../src/storage/registry.js";
import { finished, openLaboratory, orion, printTable, run, start } from "./laboratory.js";

const trials = Number(process.argv[2] ?? 1600);
const counts = (process.argv[3] ?? "1,4,16,32").split(",").map(Number);
const sleepSeconds = 0.05;
const script = `#!/bin/sh
[ -e go ] || { : > "ready/$$"; while [ ! -e go ]; do sleep 0.02; done; }
sleep ${sleepSeconds}
echo '[{"name":"loss","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"
`;

const rows: string[][] = [];
for (const processes of counts) {
  using lab = openLaboratory();
  const path = lab.script("s.sh", script);
  const env = { ...lab.env, ORION_RESULTS_PATH: join(lab.folder, "out/results.json") };
  await run(["mkdir", "ready"], lab);
  const words = [
    "node",
    orion,
    "hunt",
    "-n",
    "c",
    "--algorithm",
    "random",
    "--exp-max-trials",
    `${trials}`,
    path,
    "-x~uniform(0, 1)",
  ];
  const hunts = Array.from({ length: processes }, () => finished(start(words, lab)));
  while (readdirSync(join(lab.folder, "ready")).length < processes) await pause(20);
  const begun = Date.now();
  writeFileSync(join(lab.folder, "go"), "");
  const ends = await Promise.all(hunts);
  const failed = ends.find(({ code }) => code !== 0);
  if (failed !== undefined || !existsSync(join(lab.folder, "go"))) throw new Error(failed?.output);

  await using storage = await openStorage(lab.storage);
  const experiment = (await storage.getExperiment("c"))!;
  const { counts: done, lastEnd } = await storage.summarize(experiment.id);
  if (done.completed !== trials) throw new Error(`${done.completed} trials completed, not ${trials}`);
  const rate = trials / ((lastEnd! - begun) / 1000);

  const numbers = Array.from({ length: trials }, (_, index) => `-x ${index}`).join("\n");
  const loop = await run(["xargs", "-P", `${processes}`, "-L", "1", path], { folder: lab.folder, env }, numbers);
  const bare = trials / loop.seconds;
  const limit = processes / sleepSeconds;
  const ideal = Math.min(limit, bare);
  const complaints = ends.filter(({ output }) => /error|warning|locked|retry|again/i.test(output)).length;
  rows.push([
    String(processes),
    `${rate.toFixed(0)}/s`,
    `${limit.toFixed(0)}/s`,
    `${bare.toFixed(0)}/s`,
    (rate / limit).toFixed(2),
    (rate / ideal).toFixed(2),
    String(done.completed),
    String(complaints),
  ]);
}
printTable(
  `Contention (${trials} trials that sleep 50 ms, \`orion hunt\` processes on one SQLite file)`,
  ["processes", "orion", "N / 50 ms", "`xargs -P N`", "of N / 50 ms", "of the ideal", "completed", "complaints"],
  rows,
);

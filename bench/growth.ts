// One reserve + suggest + finish with 100 … 100 000 trials in the database, how long a new worker takes to read them all,
// and the memory of a worker on the largest. The second argument is `sqlite` or `postgres`: a durable server of its own.
import { readFileSync } from "node:fs";
import { openExperiment } from "../src/experiment/experiment.js";
import { followHistory } from "../src/experiment/history.js";
import { parseSpace } from "../src/space/parse-space.js";
import { openStorage } from "../src/storage/registry.js";
import { trialId } from "../src/trial/trial-id.js";
import { startPostgres } from "../test/storage/postgres-server.js";
import { finished, median, openLaboratory, orion, printTable, start } from "./laboratory.js";

const sizes = (process.argv[2] ?? "100,1000,10000,100000").split(",").map(Number);
const turns = 300;

const kind = process.argv[3] ?? "sqlite";
await using server = kind === "postgres" ? await startPostgres({ isDurable: true }) : undefined;
using lab = openLaboratory(await server?.createDatabase());
await using storage = await openStorage(lab.storage);
const script = lab.script(
  "s.sh",
  `#!/bin/sh\necho '[{"name":"o","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"\n`,
);
await finished(
  start(
    [
      "node",
      orion,
      "hunt",
      "-n",
      "g",
      "--algorithm",
      "random",
      "--init-only",
      script,
      "-x~uniform(0, 1, precision=15)",
    ],
    lab,
  ),
);
const record = (await storage.getExperiment("g"))!;
const experiment = await openExperiment(storage, record);
const space = parseSpace(record.definition.space);

const rows: string[][] = [];
const times: number[] = [];
let filled = 0;
for (const size of sizes) {
  for (; filled < size; filled += 100) {
    const batch = Array.from({ length: 100 }, (_, index) => {
      const params = { "/x": (filled + index + 0.5) / 1e6 };
      const objective = { name: "o", type: "objective" as const, value: Math.sin(filled + index) };
      return { id: trialId(space, params), params, workingDir: "", results: [objective] };
    });
    await storage.insertTrials(record.id, batch);
  }
  const catchUp = await timed(async () => {
    await using newcomer = await openStorage(lab.storage);
    await followHistory({ storage: newcomer, experimentId: record.id, direction: "minimize" })();
  });
  const samples: number[] = [];
  const own = process.cpuUsage();
  const served = server?.cpuMs() ?? 0;
  for (let turn = 0; turn < turns; turn++) {
    const began = performance.now();
    const next = await experiment.nextTrial({ worker: "bench", leaseMs: 60_000 });
    if (next.kind !== "trial") throw new Error(next.kind);
    await storage.finishTrial(next.trial, [{ name: "o", type: "objective", value: turn }]);
    samples.push(performance.now() - began);
  }
  times.push(median(samples));
  const { user, system } = process.cpuUsage(own);
  const cpu = (user + system) / 1000 / turns;
  const serverCpu = server === undefined ? [] : [`${((server.cpuMs() - served) / turns).toFixed(2)} ms`];
  rows.push([
    String(size),
    `${median(samples).toFixed(3)} ms`,
    (median(samples) / times[0]!).toFixed(2),
    `${cpu.toFixed(2)} ms`,
    ...serverCpu,
    `${catchUp.toFixed(0)} ms`,
  ]);
}
printTable(
  `Growth on ${kind} (median of ${turns})`,
  [
    "trials in the database",
    "reserve + suggest + finish",
    "ratio to the first",
    "CPU of the worker",
    ...(server === undefined ? [] : ["CPU of the server"]),
    "a new worker reads all",
  ],
  rows,
);

const limit = String(filled + turns * sizes.length + 200);
const hunt = start(["node", orion, "hunt", "-n", "g", "--exp-max-trials", limit], lab);
let peakKiB = 0;
const watch = setInterval(() => {
  try {
    peakKiB = Math.max(
      peakKiB,
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${hunt.pid}/status`, "utf8"))?.[1] ?? 0),
    );
  } catch {
    // it has ended
  }
}, 10);
const { code, output } = await finished(hunt);
clearInterval(watch);
if (code !== 0) throw new Error(output);
console.log(
  `\nA worker that completes 200 trials on top of ${filled}: ${(peakKiB / 1024).toFixed(0)} MiB at its peak.`,
);

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

// One reserve + suggest + finish with 100 … 100 000 trials in the database, and the memory of a worker on the largest.
import { readFileSync } from "node:fs";
import { openExperiment } from "../src/experiment/experiment.js";
import { parseSpace } from "../src/space/parse-space.js";
import { openStorage } from "../src/storage/registry.js";
import { trialId } from "../src/trial/trial-id.js";
import { finished, median, openLaboratory, orion, printTable, start } from "./laboratory.js";

const sizes = (process.argv[2] ?? "100,1000,10000,100000").split(",").map(Number);
const turns = 300;

using lab = openLaboratory();
await using storage = await openStorage(lab.storage);
const script = lab.script(
  "s.sh",
  `#!/bin/sh\necho '[{"name":"o","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"\n`,
);
await finished(start(["node", orion, "hunt", "-n", "g", "--init-only", script, "-x~uniform(0, 1, precision=15)"], lab));
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
  const samples: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const began = performance.now();
    const next = await experiment.nextTrial({ worker: "bench", leaseMs: 60_000 });
    if (next.kind !== "trial") throw new Error(next.kind);
    await storage.finishTrial(next.trial, [{ name: "o", type: "objective", value: turn }]);
    samples.push(performance.now() - began);
  }
  times.push(median(samples));
  rows.push([String(size), `${median(samples).toFixed(3)} ms`, (median(samples) / times[0]!).toFixed(2)]);
}
printTable(
  `Growth (median of ${turns})`,
  ["trials in the database", "reserve + suggest + finish", "ratio to the first"],
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

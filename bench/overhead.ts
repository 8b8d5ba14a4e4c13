// What a trial costs: a hunt over a script that only writes its result, against `xargs -P` over the same script.
import { join } from "node:path";
import { median, openLaboratory, orion, printTable, run } from "./laboratory.js";

const trials = Number(process.argv[2] ?? 500);
const rounds = Number(process.argv[3] ?? 5);
/** One that costs nothing: what is measured is the worker. `auto` shows what the default adds. */
const algorithm = process.argv[4] ?? "random";
const scripts = {
  "sh (dash)": "#!/bin/sh\n",
  bash: "#!/usr/bin/env bash\n",
};
const result = `[{"name":"loss","type":"objective","value":1}]`;

const rows: string[][] = [];
for (const [shell, first] of Object.entries(scripts)) {
  for (const workers of [1, 2, 4]) {
    const bare: number[] = [];
    const hunts: number[] = [];
    for (let round = 0; round < rounds; round++) {
      using lab = openLaboratory();
      const script = lab.script("s.sh", `${first}echo '${result}' > "$ORION_RESULTS_PATH"\n`);
      const env = { ...lab.env, ORION_RESULTS_PATH: join(lab.folder, "out/results.json") };
      const numbers = Array.from({ length: trials }, (_, index) => `-x ${index}`).join("\n");
      const loop = await run(["xargs", "-P", String(workers), "-L", "1", script], { folder: lab.folder, env }, numbers);
      const hunt = await run(
        [
          "node",
          orion,
          "hunt",
          "-n",
          "o",
          "--algorithm",
          algorithm,
          "--exp-max-trials",
          `${trials}`,
          "--n-workers",
          `${workers}`,
          script,
          "-x~uniform(0, 1)",
        ],
        lab,
      );
      if (loop.code !== 0 || hunt.code !== 0) throw new Error(loop.output + hunt.output);
      bare.push(loop.seconds);
      hunts.push(hunt.seconds);
    }
    rows.push([
      shell,
      String(workers),
      `${median(bare).toFixed(2)} s`,
      `${median(hunts).toFixed(2)} s`,
      median(hunts.map((seconds, round) => seconds / bare[round]!)).toFixed(2),
      `${((1000 * (median(hunts) - median(bare))) / trials).toFixed(2)} ms`,
    ]);
  }
}
printTable(
  `Overhead (${trials} trials of ${algorithm}, start-up included, median of ${rounds} pairs)`,
  ["script", "`--n-workers`", "`xargs -P`", "`orion hunt`", "ratio", "more per trial"],
  rows,
);

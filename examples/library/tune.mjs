#!/usr/bin/env node
// Finds settings of zlib that make a file small. Start it in several terminals, and they share the work.
import { fileURLToPath } from "node:url";
import { choices, createExperiment, formatCsv, uniform } from "orion-hpo";

const file = process.argv[2] ?? fileURLToPath(new URL("../iris-python/iris.csv", import.meta.url));

const experiment = await createExperiment({
  name: "zlib",
  space: {
    level: uniform(1, 9, { discrete: true }),
    memory: uniform(1, 9, { discrete: true }),
    window: "uniform(9, 15, discrete=True)",
    strategy: choices(["default", "filtered", "huffman only", "rle", "fixed"]),
  },
  algorithm: { sobol: { seed: 1 } },
  maxTrials: 40,
});

try {
  const count = await experiment.workon(new URL("./objective.mjs", import.meta.url), {
    constants: { file },
    onError: ({ trial, reason }) => console.error(`trial ${trial.number}: ${reason}`),
  });
  const { best, trialsCompleted } = await experiment.stats();
  const rows = await experiment.toRows();
  console.log(formatCsv(rows.slice(0, 5), ["number", "objective", "level", "memory", "window", "strategy"]));
  console.log(`${count} trials here, ${trialsCompleted} in all. The best: ${best.objective} bytes with`, best.params);
} finally {
  await experiment.close();
}

// What a suggestion costs: processor time of one, by dimensions and length of the history, beside Optuna where it is
// installed. The history grows by a trial between any two suggestions, as in a hunt with one worker. Some suggestions are
// made before those that count: who has a history of a thousand trials has made many, and the engine has compiled its code.
import { parseArgs } from "node:util";
import { resolveAlgorithm } from "../src/algorithms/resolve-algorithm.js";
import { samplePrior } from "../src/algorithms/sample-prior.js";
import { suggestTrial } from "../src/algorithms/suggest-trial.js";
import { parseAlgorithm } from "../src/cli/hunt/parse-algorithm.js";
import { keyedRng } from "../src/math/rng.js";
import type { Params, Space } from "../src/space/dimension.js";
import { parseSpace } from "../src/space/parse-space.js";
import { inventTrial } from "../src/testing/invent-trial.js";
import { trialId } from "../src/trial/trial-id.js";
import { describeMachine, median, printTable } from "./laboratory.js";
import { findOptuna, runOptuna } from "./optuna.js";

const { values: words } = parseArgs({
  options: {
    algorithm: { type: "string", short: "a", multiple: true, default: ["random", "sobol"] },
    peer: { type: "string", multiple: true, default: ["tpe", "cma", "gp"] },
    dimensions: { type: "string", default: "10,40" },
    history: { type: "string", default: "100,250,1000,10000" },
    /** Suggestions that are measured in each cell; the median is printed. */
    rounds: { type: "string", default: "15" },
    /** Suggestions before them, for three seconds at most. */
    "warm-up": { type: "string", default: "200" },
    /** Seconds after which a cell is given up. */
    limit: { type: "string", default: "20" },
  },
});

const rounds = Number(words.rounds);
const warmUp = Number(words["warm-up"]);
const warmUpMs = 3000;
const limitMs = 1000 * Number(words.limit);
const sizes = words.history.split(",").map(Number);
const optuna = findOptuna();
const peers = optuna === undefined ? [] : words.peer.filter((peer) => optuna.samplers.includes(peer));

const rows: string[][] = [];
for (const dimensions of words.dimensions.split(",").map(Number)) {
  const texts = Object.fromEntries(
    Array.from({ length: dimensions }, (_, i) => [`x${String(i).padStart(2, "0")}`, "uniform(-5, 5)"]),
  );
  for (const name of words.algorithm) {
    const cells = [];
    for (const size of sizes) cells.push(await measure({ name, space: parseSpace(texts), size }));
    rows.push([name, String(dimensions), ...cells]);
  }
  for (const sampler of peers) {
    const cells = [];
    for (const history of sizes) {
      const run = { python: optuna!.python, sampler, seed: 1, trials: rounds + 2, history, space: texts };
      const { times } = await runOptuna({ ...run, objective: square });
      cells.push(show({ warm: median(times.slice(2)), cold: times[0]! }));
    }
    rows.push([`optuna-${sampler} ${optuna!.version}`, String(dimensions), ...cells]);
  }
}
console.log(describeMachine());
console.log(
  optuna === undefined
    ? "Optuna is not installed here."
    : `Optuna ${optuna.version} has here: ${optuna.samplers.join(", ")}.`,
);
printTable(
  `Processor milliseconds per suggestion (median of ${rounds}; in brackets the first one, with an empty cache)`,
  ["algorithm", "dimensions", ...sizes.map((size) => `${size} trials`)],
  rows,
);

interface Measurement {
  readonly name: string;
  readonly space: Space;
  readonly size: number;
}

async function measure({ name, space, size }: Measurement): Promise<string> {
  const { algorithm, options } = await resolveAlgorithm(parseAlgorithm(name), space);
  const history = Array.from({ length: size }, (_, i) => finished(space, i + 1));
  const cache = new Map<string, unknown>();
  const suggest = async (): Promise<number> => {
    const trialNumber = history.length + 1;
    const maxTrials = Number.POSITIVE_INFINITY;
    const request = { space, options, seed: "1", trialNumber, attempt: 0, maxTrials, pending: [], cache };
    const seen = [...history];
    const before = process.cpuUsage();
    await suggestTrial(algorithm, { ...request, history: seen }); // one that asks another program answers later
    const { user, system } = process.cpuUsage(before);
    history.push(finished(space, trialNumber));
    return (user + system) / 1000;
  };
  const began = performance.now();
  const since = () => performance.now() - began;
  const cold = await suggest();
  for (let count = 0; count < warmUp && since() < warmUpMs; count++) await suggest();
  const times: number[] = [];
  while (times.length < rounds && since() < warmUpMs + limitMs) times.push(await suggest());
  return show({ warm: times.length > 1 ? median(times) : Number.NaN, cold });
}

function finished(space: Space, number: number) {
  const params = samplePrior(space, keyedRng("bench", number));
  const id = trialId(space, params);
  return inventTrial({ number, id, params, status: "completed", objective: square(params), finishedRevision: number });
}

function square(params: Params): number {
  return Object.values(params).reduce<number>((sum, x) => sum + (x as number) ** 2, 0);
}

function show({ warm, cold }: { warm: number; cold: number }): string {
  return `${Number.isNaN(warm) ? "given up" : warm.toPrecision(2)} (${cold.toPrecision(2)})`;
}

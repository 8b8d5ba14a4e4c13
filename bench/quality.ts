// How good the results are: simple regret after 50, 100 and 200 trials, beside the peers' figures. Results are appended
// to a file, so that the bench can be stopped, goes on with what is missing, and several algorithms share one file.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { regretAfter } from "../src/benchmarks/assessments/study-row.js";
import { loadProblem } from "../src/benchmarks/load-problem.js";
import { trueValue } from "../src/benchmarks/problem.js";
import { openProcessPool, type StudyPool } from "../src/benchmarks/study-pool.js";
import { parseAlgorithm } from "../src/cli/hunt/parse-algorithm.js";
import { keyedRng } from "../src/math/rng.js";
import { describeMachine, printTable } from "./laboratory.js";
import { findOptuna, type Optuna, runOptuna } from "./optuna.js";
import { budgets, openResults, type QualityResult } from "./quality-results.js";
import {
  baselineProblems,
  type Cell,
  cellsOf,
  geometricMean,
  judge,
  judgeParallel,
  publishedCells,
  shareOf,
} from "./quality-table.js";

const longest = budgets.at(-1)!;

const { values: words } = parseArgs({
  options: {
    /** `tpe`, `tpe:gamma=0.1`; several times. */
    algorithm: { type: "string", short: "a", multiple: true, default: ["random", "sobol"] },
    /** `baseline`, `bbob`, or the name of a problem; several times. */
    problem: { type: "string", short: "p", multiple: true, default: ["baseline", "bbob"] },
    /** Optuna's samplers to run beside on problems without published figures; `none` for none. */
    peer: { type: "string", multiple: true, default: ["tpe", "cma", "gp"] },
    seeds: { type: "string", default: "20" },
    /** Fewer make it shorter; the table then ends there. */
    trials: { type: "string", default: String(longest) },
    workers: { type: "string", default: "1" },
    processes: { type: "string", default: "2" },
    results: { type: "string", default: join(import.meta.dirname, "results/quality.jsonl") },
    /** Drop the results of this algorithm first: its code has changed. */
    redo: { type: "string", multiple: true, default: [] },
  },
});

interface Job {
  readonly algorithm: string;
  /** As in the table; of the BBOB functions each seed has an instance of its own. */
  readonly problem: string;
  readonly seed: number;
  readonly workers: number;
}

const trials = Number(words.trials);
const asked = budgets.filter((budget) => budget <= trials);
if (asked.length === 0) throw new Error(`--trials ${words.trials}: the budgets are ${budgets.join(", ")}`);
const file = openResults(words.results, words.redo);
const problems = words.problem.flatMap((name) => {
  if (name === "baseline") return Object.values(baselineProblems);
  if (name === "bbob") return Array.from({ length: 24 }, (_, i) => `bbob-f${i + 1}-5d`);
  return [name];
});
const workerCounts = words.workers.split(",").map(Number);
const seeds = Array.from({ length: Number(words.seeds) }, (_, i) => i + 1);
const optuna = findOptuna();
const peers = optuna === undefined ? [] : words.peer.filter((peer) => optuna.samplers.includes(peer));

await using pool = openProcessPool({
  entry: join(import.meta.dirname, "../src/benchmarks/study-process.ts"),
  size: Number(words.processes),
});
const jobs: Job[] = seeds.flatMap((seed) =>
  problems.flatMap((problem) => [
    ...words.algorithm.flatMap((algorithm) => workerCounts.map((workers) => ({ algorithm, problem, seed, workers }))),
    // where there are published figures, they are of one worker
    ...(!Object.values(baselineProblems).includes(problem) || workerCounts.some((workers) => workers > 1)
      ? peers.flatMap((p) => workerCounts.map((workers) => ({ algorithm: `optuna-${p}`, problem, seed, workers })))
      : []),
  ]),
);
await runAll(jobs.filter((job) => !file.has(job, asked.at(-1)!)));
print(cellsOf(file.results.filter(({ seed }) => seed <= seeds.length)));

async function runAll(missing: readonly Job[]): Promise<void> {
  const queue = [...missing];
  let done = 0;
  const lane = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      file.add({
        ...job,
        regret: await (job.algorithm.startsWith("optuna-") ? runPeer(job, optuna!) : runOwn(job, pool)),
      });
      if (++done % 100 === 0) console.error(`${done}/${missing.length} runs`);
    }
  };
  await Promise.all(Array.from({ length: pool.size }, lane));
}

function instanceOf({ problem, seed }: Job): string {
  return problem.replace(/^bbob-[^+]*/, (name) => `${name}-i${seed}`); // noise, if any, stands at the end
}

async function runOwn(job: Job, { run }: StudyPool): Promise<QualityResult["regret"]> {
  const { seed: repetition, workers, algorithm } = job;
  const result = await run({
    problem: instanceOf(job),
    algorithm: parseAlgorithm(algorithm),
    repetition,
    trials,
    workers,
  });
  const row = { ...result, problem: job.problem, algorithm, workers, repetition };
  return Object.fromEntries(asked.map((budget) => [budget, regretAfter(row, budget)]));
}

async function runPeer(job: Job, { python }: Optuna): Promise<QualityResult["regret"]> {
  const problem = await loadProblem(instanceOf(job));
  const truths = new Map<number, number>(); // by what was observed: noise does not come twice
  const { values } = await runOptuna({
    python,
    sampler: job.algorithm.slice("optuna-".length),
    seed: job.seed,
    trials,
    workers: job.workers,
    space: problem.space,
    objective: (params) => {
      const observed = problem.evaluate(params, keyedRng(String(job.seed), "noise", truths.size));
      truths.set(observed, trueValue(problem, params));
      return observed;
    },
  });
  const best = (budget: number) => values.slice(0, budget).reduce((least, value) => Math.min(least, value));
  return Object.fromEntries(asked.map((budget) => [budget, truths.get(best(budget))! - problem.minimum!]));
}

function print(cells: readonly Cell[]): void {
  console.log(describeMachine());
  console.log(
    optuna === undefined
      ? "Optuna is not installed here: no peer was run."
      : `Optuna ${optuna.version}, run beside where there are no published figures: ${peers.join(", ") || "nothing"}.`,
  );
  const ofPeers = cells.filter(({ algorithm, workers }) => algorithm.startsWith("optuna-") && workers === 1);
  const rivals = [...publishedCells(), ...ofPeers];
  for (const algorithm of words.algorithm) {
    const verdicts = judge(cells, rivals, algorithm).filter(
      ({ cell }) => problems.includes(cell.problem) && cell.budget <= trials,
    );
    printTable(
      `${algorithm}: simple regret, median [quartiles] of ${seeds.length} seeds`,
      ["problem", "trials", algorithm, "best peer", "ratio", "named peer", "ratio"],
      verdicts.map(({ cell, best, named, toBest, toNamed }) => [
        cell.problem,
        String(cell.budget),
        spread(cell),
        best === undefined ? "–" : `${best.algorithm} ${best.median.toPrecision(3)}`,
        toBest?.toPrecision(3) ?? "–",
        named === undefined ? "–" : `${named.algorithm} ${named.median.toPrecision(3)}`,
        toNamed?.toPrecision(3) ?? "–",
      ]),
    );
    console.log(
      `\nTo the best peer: ${shareOf(
        verdicts.map(({ toBest }) => toBest),
        1,
      )}.`,
    );
    console.log(
      `To the named peer: ${shareOf(
        verdicts.map(({ toNamed }) => toNamed),
        1,
      )}.`,
    );
  }
  for (const algorithm of [...words.algorithm, ...peers.map((peer) => `optuna-${peer}`)])
    printParallel(cells, algorithm);
}

function printParallel(cells: readonly Cell[], algorithm: string): void {
  const verdicts = judgeParallel(cells, algorithm).filter(
    ({ cell }) => problems.includes(cell.problem) && workerCounts.includes(cell.workers) && cell.budget <= trials,
  );
  if (verdicts.length === 0) return;
  printTable(
    `${algorithm}: with simulated workers, against one worker at equal trials`,
    ["problem", "trials", "workers", "regret", "with one", "ratio"],
    verdicts.map(({ cell, alone, toAlone }) => [
      cell.problem,
      String(cell.budget),
      String(cell.workers),
      spread(cell),
      alone === undefined ? "–" : spread(alone),
      toAlone?.toPrecision(3) ?? "–",
    ]),
  );
  console.log(
    `\nTo one worker: ${shareOf(
      verdicts.map(({ toAlone }) => toAlone),
      1.3,
    )}; their geometric mean is ${geometricMean(verdicts.map(({ toAlone }) => toAlone)).toPrecision(3)}.`,
  );
}

function spread({ lower, median, upper }: Cell): string {
  return `${median.toPrecision(3)} [${lower.toPrecision(2)}, ${upper.toPrecision(2)}]`;
}

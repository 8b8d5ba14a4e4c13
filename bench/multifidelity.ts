// How much sooner multi-fidelity algorithms come to what random search has at its end: simulated workers on learning
// curves and on real small trainings. Runs are appended to a file, so that the bench goes on with what is missing.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadProblem } from "../src/benchmarks/load-problem.js";
import { describeMachine, printTable } from "./laboratory.js";
import { type FidelityRun, problemFor, runOurs, timeFor } from "./multifidelity-run.js";
import { drawProgress, openFidelityResults, tableHeader, tableOf, targetOf } from "./multifidelity-table.js";
import { findOptuna } from "./optuna.js";
import { pruners, runPruned } from "./optuna-prune.js";

const { values: words } = parseArgs({
  options: {
    algorithm: {
      type: "string",
      short: "a",
      multiple: true,
      default: ["asha", "hyperband", "bohb", "dehb", "evolutiones", "mofa", "auto"],
    },
    problem: {
      type: "string",
      short: "p",
      multiple: true,
      default: ["learning-curve-e81", "small-network", "logistic-regression"],
    },
    /** Of Optuna, where it is installed; `none` for none. */
    peer: { type: "string", multiple: true, default: Object.keys(pruners) },
    workers: { type: "string", default: "1,8,64" },
    /** Each has an instance of the curves of its own. */
    seeds: { type: "string", default: "20" },
    /** A run ends with so many trials. */
    trials: { type: "string", default: "8000" },
    results: { type: "string", default: join(import.meta.dirname, "results/multifidelity.jsonl") },
    /** Drop the results of this algorithm first: its code has changed. */
    redo: { type: "string", multiple: true, default: [] },
    /** Runs end when they have what random search has at its end; those of more than 8 workers do anyway. */
    "until-reached": { type: "boolean", default: false },
    /** Run nothing, and print what there is. */
    "only-print": { type: "boolean", default: false },
    /** Draw the curves as SVG into this folder. */
    plots: { type: "string" },
  },
});
/** With more workers than this the rest of a run would take hours. */
const mostFollowed = 8;
const file = openFidelityResults(words.results, words.redo);
const optuna = findOptuna();
const peers = words.peer.filter((peer) => optuna !== undefined && Object.hasOwn(pruners, peer));
const seeds = Array.from({ length: Number(words.seeds) }, (_, index) => index + 1);
const workerCounts = words.workers.split(",").map(Number);

if (!words["only-print"]) {
  for (const problem of words.problem) for (const workers of workerCounts) await compare(problem, workers);
}
console.log(describeMachine(), optuna === undefined ? "" : `Optuna ${optuna.version}`);
for (const problem of words.problem) {
  const results = file.results.filter((result) => result.problem === problem && result.seed <= seeds.length);
  printTable(`${problem} (medians of ${seeds.length} seeds; time in full trainings)`, tableHeader, tableOf(results));
  if (words.plots === undefined) continue;
  for (const workers of workerCounts) {
    const some = results.filter((result) => result.workers === workers);
    writeFileSync(join(words.plots, `${problem}-${workers}.svg`), drawProgress(problem, workers, some));
  }
}

async function compare(problem: string, workers: number): Promise<void> {
  for (const seed of seeds) await runMissing({ algorithm: "random", problem, workers, seed });
  const known = file.results.filter((result) => result.problem === problem && result.workers === workers);
  const regret = words["until-reached"] || workers > mostFollowed ? targetOf(known) : undefined;
  // seed by seed, so that a bench that is stopped half way has asked everybody equally often
  for (const seed of seeds) {
    for (const algorithm of [...words.algorithm, ...peers])
      await runMissing({ algorithm, problem, workers, seed }, regret);
  }
}

async function runMissing(run: FidelityRun, regret?: number): Promise<void> {
  if (file.has(run)) return;
  const problem = await loadProblem(problemFor(run));
  const limits = {
    time: timeFor(run.workers),
    trials: Number(words.trials),
    ...(regret === undefined ? {} : { regret }),
  };
  const isPeer = Object.hasOwn(pruners, run.algorithm);
  file.add(isPeer ? await runPruned(optuna!.python, run, problem, limits) : await runOurs(run, problem, limits));
}

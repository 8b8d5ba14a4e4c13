// How much sooner multi-fidelity algorithms come to what random search has at its end: simulated workers on learning
// curves, time in units of one full training. Trials start from nothing, as if there were no checkpoints.
import { parseArgs } from "node:util";
import { loadProblem } from "../src/benchmarks/load-problem.js";
import { type Problem, trueValue } from "../src/benchmarks/problem.js";
import { processorMs } from "../src/benchmarks/processor-time.js";
import { runVirtually, type VirtualOutcome, type VirtualTrial } from "../src/benchmarks/virtual-clock.js";
import { parseAlgorithm } from "../src/cli/hunt/parse-algorithm.js";
import { median, printTable } from "./laboratory.js";

const { values: words } = parseArgs({
  options: {
    algorithm: { type: "string", short: "a", multiple: true, default: ["asha", "hyperband"] },
    problem: {
      type: "string",
      short: "p",
      multiple: true,
      default: ["learning-curve-e81-i1", "learning-curve-e81-i2", "learning-curve-e81-i3"],
    },
    workers: { type: "string", default: "1,8,64" },
    seeds: { type: "string", default: "20" },
    /** Full trainings of random search for each worker. */
    trainings: { type: "string", default: "32" },
  },
});
const seeds = Array.from({ length: Number(words.seeds) }, (_, index) => `${index + 1}`);

const rows: string[][] = [];
for (const name of words.problem) {
  const problem = await loadProblem(name);
  for (const workers of words.workers.split(",").map(Number)) {
    const trainings = Math.max(Number(words.trainings), 4 * workers);
    const run = (algorithm: string, seed: string, maxTrials: number) =>
      runVirtually({ problem, algorithm: parseAlgorithm(algorithm), seed, maxTrials, workers, now: processorMs });
    const random = await Promise.all(seeds.map((seed) => run("random", seed, trainings)));
    const target = median(random.map(({ trials }) => regretAt(problem, trials)));
    const randomTime = median(random.map(endOf));
    for (const algorithm of words.algorithm) {
      const outcomes = await Promise.all(seeds.map((seed) => run(algorithm, seed, trainings * 24)));
      const times = outcomes.map(({ trials }) => timeToReach(problem, trials, target));
      const reached = times.filter((time) => time < Number.POSITIVE_INFINITY).length;
      rows.push([
        name,
        algorithm,
        String(workers),
        target.toPrecision(2),
        randomTime.toFixed(1),
        median(times).toFixed(1),
        (randomTime / median(times)).toFixed(1),
        `${reached} of ${seeds.length}`,
        `${(100 * median(outcomes.map((outcome) => utilisation(outcome, workers)))).toFixed(0)} %`,
      ]);
    }
  }
}
printTable(
  `Multi-fidelity (${seeds.length} seeds, medians; time in full trainings)`,
  ["problem", "algorithm", "workers", "regret", "random", "time", "times sooner", "reached", "busy"],
  rows,
);

function endOf({ trials }: VirtualOutcome): number {
  return trials.at(-1)!.endTime;
}

/** What is known best after these trials is judged by its true value after a full training. */
function regretAt(problem: Problem, trials: readonly VirtualTrial[]): number {
  const incumbents = walkIncumbents(problem, trials);
  return incumbents.at(-1)!.regret;
}

function timeToReach(problem: Problem, trials: readonly VirtualTrial[], target: number): number {
  return walkIncumbents(problem, trials).find(({ regret }) => regret <= target)?.time ?? Number.POSITIVE_INFINITY;
}

/** The best one at the highest fidelity so far, each time it changes. */
function walkIncumbents(problem: Problem, trials: readonly VirtualTrial[]): { time: number; regret: number }[] {
  const found: { time: number; regret: number }[] = [];
  let [highest, best] = [0, Number.POSITIVE_INFINITY];
  for (const { params, objective, endTime } of trials) {
    const fidelity = params.epochs as number;
    if (objective === undefined || fidelity < highest || (fidelity === highest && objective >= best)) continue;
    [highest, best] = [fidelity, objective];
    found.push({ time: endTime, regret: trueValue(problem, params) - problem.minimum! });
  }
  return found;
}

/** Share of the workers' time until the last trial began in which they were at work. */
function utilisation({ trials }: VirtualOutcome, workers: number): number {
  const until = Math.max(...trials.map(({ startTime }) => startTime));
  const busy = trials.reduce((sum, { startTime, endTime }) => sum + Math.min(endTime, until) - startTime, 0);
  return until === 0 ? 1 : busy / (until * workers);
}

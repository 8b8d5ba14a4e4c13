import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { drawLineChart } from "../src/plots/line-chart.js";
import { median } from "./laboratory.js";
import { type FidelityResult, type FidelityRun, timeFor } from "./multifidelity-run.js";

interface FidelityFile {
  readonly results: readonly FidelityResult[];
  has(run: FidelityRun): boolean;
  add(result: FidelityResult): void;
}

/** A file of results, one per line. @param redo - Algorithms whose old results are dropped. */
export function openFidelityResults(path: string, redo: readonly string[]): FidelityFile {
  mkdirSync(dirname(path), { recursive: true });
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  const all = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as FidelityResult);
  const results = all.filter(({ algorithm }) => !redo.includes(algorithm));
  if (results.length < all.length) {
    writeFileSync(path, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
  }
  const keyOf = ({ algorithm, problem, workers, seed }: FidelityRun) =>
    JSON.stringify([algorithm, problem, workers, seed]);
  const known = new Set(results.map(keyOf));
  return {
    results,
    has: (run) => known.has(keyOf(run)),
    add: (result) => {
      results.push(result);
      known.add(keyOf(result));
      appendFileSync(path, `${JSON.stringify(result)}\n`);
    },
  };
}

/** Parts of its time after which random search is compared with. */
const shares = [0.25, 0.5, 1];

export const tableHeader = [
  "workers",
  "algorithm",
  "regret at the end",
  "times sooner than random after a quarter of its time",
  "after half",
  "after all",
  "reached",
  "workers busy",
  "ms per suggestion",
];

/** One row for each number of workers and algorithm; of one problem. */
export function tableOf(results: readonly FidelityResult[]): string[][] {
  const counts = [...new Set(results.map(({ workers }) => workers))].sort((a, b) => a - b);
  return counts.flatMap((workers) => {
    const some = results.filter((result) => result.workers === workers);
    const targets = shares.map((share) => ({ time: share * timeFor(workers), regret: targetOf(some, share) }));
    return [...new Set(some.map(({ algorithm }) => algorithm))].map((algorithm) => {
      const own = some.filter((result) => result.algorithm === algorithm);
      const isRandom = algorithm === "random";
      return [
        String(workers),
        `\`${algorithm}\``,
        own.some(isCut) ? "–" : median(own.map(lastRegret)).toPrecision(3),
        ...targets.map(({ time, regret }) => {
          if (isRandom) return `regret ${regret.toPrecision(3)}`;
          const reached = median(own.map((result) => timeToReach(result, regret)));
          return Number.isFinite(reached) ? (time / reached).toFixed(1) : "not reached";
        }),
        isRandom ? "" : `${own.filter((result) => isReached(result, targets.at(-1)!.regret)).length} of ${own.length}`,
        `${(100 * median(own.map(({ busy }) => busy))).toFixed(0)} %`,
        workers > 1 ? "–" : median(own.map(({ suggestMs }) => suggestMs)).toPrecision(2),
      ];
    });
  });
}

function isReached(result: FidelityResult, regret: number): boolean {
  return Number.isFinite(timeToReach(result, regret));
}

/** True for a run that ended before its time. */
function isCut({ time, workers }: FidelityResult): boolean {
  return time < timeFor(workers);
}

/** The median of the regrets that random search has after a part of its time. */
export function targetOf(results: readonly FidelityResult[], share = 1): number {
  const random = results.filter(({ algorithm }) => algorithm === "random");
  return median(random.map((run) => regretAt(run, share * timeFor(run.workers))));
}

function lastRegret({ incumbents }: FidelityResult): number {
  return incumbents.at(-1)?.[1] ?? Number.POSITIVE_INFINITY;
}

function timeToReach({ incumbents }: FidelityResult, target: number): number {
  return incumbents.find(([, regret]) => regret <= target)?.[0] ?? Number.POSITIVE_INFINITY;
}

/** The median regret over time, one line per algorithm; without those whose runs were ended in the first half. */
export function drawProgress(problem: string, workers: number, results: readonly FidelityResult[]): string {
  const steps = 60;
  const end = timeFor(workers);
  const times = Array.from({ length: steps }, (_, step) => ((step + 1) * end) / steps);
  const algorithms = [...new Set(results.map(({ algorithm }) => algorithm))].filter((algorithm) =>
    results.every((result) => result.algorithm !== algorithm || result.time >= end / 2),
  );
  return drawLineChart({
    title: `${problem}, ${workers === 1 ? "one worker" : `${workers} workers`}`,
    xLabel: "time, in full trainings",
    yLabel: "regret of the best full training",
    isLog: true,
    series: algorithms.map((label) => {
      const own = results.filter(({ algorithm }) => algorithm === label);
      // runs that ended before, by their number of trials, say nothing of later times
      const shown = times.filter((time) => own.every((result) => result.time >= time * 0.999));
      return { label, points: shown.map((time) => ({ x: time, y: median(own.map((run) => regretAt(run, time))) })) };
    }),
  });
}

function regretAt({ incumbents }: FidelityResult, time: number): number {
  return incumbents.findLast(([when]) => when <= time)?.[1] ?? Number.POSITIVE_INFINITY;
}

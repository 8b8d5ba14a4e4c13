import { drawLineChart } from "./line-chart.js";

/** One point of one curve; several rows of one algorithm make its line. */
export interface CurveRow {
  readonly algorithm: string;
  readonly trials: number;
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** Regret over trials, one line per algorithm: the median, and a band from quartile to quartile; by powers of ten. */
export function drawRegretChart(title: string, rows: readonly CurveRow[]): string {
  return drawLineChart({
    title,
    xLabel: "completed trials",
    yLabel: "simple regret (median, quartiles)",
    isLog: rows.some(({ median }) => median > 0),
    series: byAlgorithm(rows, ({ trials, median, lower, upper }) => ({ x: trials, y: median, lower, upper })),
  });
}

/** Average rank over trials, one line per algorithm; 1 is the best. */
export function drawRankChart(
  title: string,
  rows: readonly { readonly algorithm: string; readonly trials: number; readonly rank: number }[],
): string {
  return drawLineChart({
    title,
    xLabel: "completed trials",
    yLabel: "average rank (1 is the best)",
    series: byAlgorithm(rows, ({ trials, rank }) => ({ x: trials, y: rank })),
  });
}

/** Regret over the number of workers at equal trials, one line per algorithm. */
export function drawParallelChart(
  title: string,
  rows: readonly (Omit<CurveRow, "trials"> & { readonly workers: number })[],
): string {
  return drawLineChart({
    title,
    xLabel: "workers",
    yLabel: "simple regret (median, quartiles)",
    isLog: rows.some(({ median }) => median > 0),
    series: byAlgorithm(rows, ({ workers, median, lower, upper }) => ({ x: workers, y: median, lower, upper })),
  });
}

function byAlgorithm<Row extends { readonly algorithm: string }, Point>(
  rows: readonly Row[],
  pointOf: (row: Row) => Point,
): { label: string; points: Point[] }[] {
  const lines = new Map<string, Point[]>();
  for (const row of rows) lines.set(row.algorithm, [...(lines.get(row.algorithm) ?? []), pointOf(row)]);
  return [...lines].map(([label, points]) => ({ label, points }));
}

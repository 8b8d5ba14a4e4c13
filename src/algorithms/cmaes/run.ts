import { keyedRng, type Rng } from "../../math/rng.js";
import { type CategoryOdds, learnOdds, startOdds } from "./categories.js";
import { deviationAt, type Gaussian, type Start, startGaussian, update } from "./gaussian.js";
import { keepMargin, withinCell } from "./margin.js";
import { type Cell, categoryAt, type SearchModel } from "./search-model.js";
import { type Strategy, strategyFor } from "./strategy.js";

/** One descent from a start to where nothing moves any more. */
export interface Run {
  readonly strategy: Strategy;
  /** `undefined` where all dimensions are categorical. */
  readonly gaussian: Gaussian | undefined;
  readonly odds: CategoryOdds;
  /** Best objective of each generation; Infinity where none was finite. */
  readonly bests: number[];
  /** Worst finite objective of the first generation minus its best, finite. */
  firstSpread: number;
  /** Lowest objective of the run, and the generation that found it. */
  best: number;
  bestGeneration: number;
}

export interface RunStart extends Start {
  readonly populationSize: number;
  readonly odds?: CategoryOdds;
}

export function startRun(model: SearchModel, { populationSize, odds, ...start }: RunStart): Run {
  const n = model.numeric.length;
  const gaussian = n === 0 ? undefined : startGaussian(start);
  if (gaussian !== undefined) keepMargin(gaussian, model, populationSize);
  return {
    strategy: strategyFor(Math.max(1, n), populationSize),
    gaussian,
    odds: odds ?? startOdds(model),
    bests: [],
    firstSpread: 0,
    best: Number.POSITIVE_INFINITY,
    bestGeneration: 0,
  };
}

/** A finished trial that takes part in an update. */
export interface Result {
  /** Shape (d), in the unit cube. */
  readonly point: Float64Array;
  /** Infinity when there is none that is finite. */
  readonly objective: number;
  /** Drawn from the distribution that is updated, not from an older one or by somebody else. */
  readonly isFresh: boolean;
  /** Keys what has to be drawn for the trial. */
  readonly id: string;
}

/** Update the distribution by one generation of results. */
export function learn(
  run: Run,
  model: SearchModel,
  { results, seed }: { results: readonly Result[]; seed: string },
): void {
  const { gaussian, strategy, odds } = run;
  const ranked = results.toSorted((a, b) => a.objective - b.objective || 0);
  const best = ranked[0]!.objective;
  run.bests.push(best);
  const worst = ranked.findLast(({ objective }) => objective < Number.POSITIVE_INFINITY)?.objective ?? best;
  // The difference of ±1e308 overflows, and beside infinity everything is flat.
  if (run.bests.length === 1 && best < worst) run.firstSpread = Math.min(worst - best, Number.MAX_VALUE);
  if (best < run.best) [run.best, run.bestGeneration] = [best, run.bests.length];
  // A generation in which all are equal tells nothing.
  if (best === ranked.at(-1)!.objective) return;
  const weights = sharedWeights(ranked, strategy.weights);
  if (gaussian !== undefined) {
    const n = model.numeric.length;
    const points = new Float64Array(ranked.length * n);
    const longest = new Float64Array(ranked.length);
    for (const [row, result] of ranked.entries()) {
      points.set(gaussianPoint(result, { gaussian, model, seed }), row * n);
      longest[row] = result.isFresh ? Number.POSITIVE_INFINITY : Math.sqrt(n) + (2 * n) / (n + 2);
    }
    // A bad point of an older distribution lies where this one came from: no reason to shrink in that direction.
    const used = weights.map((weight, row) => (ranked[row]!.isFresh ? weight : Math.max(0, weight)));
    update(gaussian, { points, weights: used, longest }, strategy);
    keepMargin(gaussian, model, strategy.populationSize);
  }
  const chosen = model.categorical.map((coordinate) =>
    Int32Array.from(ranked, ({ point }) => categoryAt(coordinate, point[coordinate.coordinate]!)),
  );
  learnOdds(odds, { chosen, weights, rate: categoryRate });
}

/** η of `learnOdds`. */
const categoryRate = 0.2;

/** Equal objectives share the weights of their ranks, so that the order in which they came says nothing. */
function sharedWeights(ranked: readonly Result[], weights: Float64Array): Float64Array {
  const shared = Float64Array.from(weights);
  for (let start = 0; start < ranked.length; ) {
    let end = start + 1;
    let sum = weights[start]!;
    while (end < ranked.length && ranked[end]!.objective === ranked[start]!.objective) sum += weights[end++]!;
    shared.fill(sum / (end - start), start, end);
    start = end;
  }
  return shared;
}

function gaussianPoint(
  { point, id }: Result,
  { gaussian, model, seed }: { gaussian: Gaussian; model: SearchModel; seed: string },
): Float64Array {
  let rng: Rng | undefined;
  return Float64Array.from(model.numeric, (at, position) => {
    const coordinate = point[at]!;
    const cell = cellOfPoint(model, { coordinate, position });
    if (cell === undefined) return coordinate;
    rng ??= keyedRng(seed, "within the cell", id);
    const mean = gaussian.mean[position]!;
    return withinCell(cell, { mean, deviation: deviationAt(gaussian, position), u: rng.next() });
  });
}

/** What a coordinate of a trial may have been before it was rounded or clipped; `undefined` if neither was done. */
function cellOfPoint(
  { integers, lowest, highest }: SearchModel,
  { coordinate, position }: { readonly coordinate: number; readonly position: number },
): Cell | undefined {
  const cellAt = integers.get(position);
  if (cellAt !== undefined) return cellAt(coordinate);
  const [low, high] = [lowest[position]!, highest[position]!];
  if (coordinate <= low) return { start: Number.NEGATIVE_INFINITY, end: low };
  return coordinate >= high ? { start: high, end: Number.POSITIVE_INFINITY } : undefined;
}

import { normalCdf, normalQuantile } from "../../math/normal.js";
import { deviationAt, type Gaussian } from "./gaussian.js";
import type { Cell, SearchModel } from "./search-model.js";

/**
 * Keep each integer coordinate from freezing: a sample leaves the cell of the mean with probability α = 1/(λ n) at least.
 *
 * Without it the step size would go on shrinking inside one cell, where all points are the same, and no other integer
 * would ever be tried again. Moves the mean inside its cell and stretches the coordinate, as little as is needed.
 *
 * @param populationSize - λ.
 * @see Hamano et al. 2022, "CMA-ES with Margin", §4, https://arxiv.org/abs/2205.13482
 */
export function keepMargin(gaussian: Gaussian, { integers }: SearchModel, populationSize: number): void {
  const { n, mean, stretch } = gaussian;
  const alpha = 1 / (populationSize * n);
  for (const [position, cellAt] of integers) {
    const { start, end } = cellAt(mean[position]!);
    const [isFirst, isLast] = [start === Number.NEGATIVE_INFINITY, end === Number.POSITIVE_INFINITY];
    if (isFirst && isLast) continue; // there is one integer
    const deviation = deviationAt(gaussian, position);
    if (isFirst || isLast) {
      // At an end of the range there is one way out.
      const farthest = -normalQuantile(alpha) * deviation;
      mean[position] = isFirst
        ? Math.max(mean[position]!, end - farthest)
        : Math.min(mean[position]!, start + farthest);
      continue;
    }
    const below = normalCdf((start - mean[position]!) / deviation);
    const above = normalCdf((mean[position]! - end) / deviation);
    if (below >= alpha / 2 && above >= alpha / 2) continue;
    const [p, q] = [Math.max(below, alpha / 2), Math.max(above, alpha / 2)];
    const middle = 1 - below - above;
    const excess = (1 - p - q - middle) / (p + q + middle - 1.5 * alpha); // eqs. 16, 17
    const [toStart, toEnd] = [p + excess * (p - alpha / 2), q + excess * (q - alpha / 2)].map(
      (side) => -normalQuantile(side),
    );
    // The mean and the deviation that put the ends of the cell at these quantiles.
    mean[position] = (start * toEnd! + end * toStart!) / (toStart! + toEnd!);
    stretch[position]! *= (end - start) / (toStart! + toEnd!) / deviation;
  }
}

/**
 * Where in a cell a sample of N(mean, deviation²) would lie: the share `u` of the cell's probability lies before it.
 *
 * A trial keeps its value only, so an integer is known to its cell, and a coordinate that was clipped to the end of its
 * range to all that lies beyond. The end of the cell in their place would count as a shorter step than was made, and the
 * step size would collapse; the middle as a longer one.
 */
export function withinCell(
  { start, end }: Cell,
  { mean, deviation, u }: { readonly mean: number; readonly deviation: number; readonly u: number },
): number {
  // Probabilities near 1 lose their digits, so what lies above the mean is mirrored.
  if (start > mean) return 2 * mean - withinCell(mirrored(start, end, mean), { mean, deviation, u });
  const before = normalCdf((start - mean) / deviation);
  const probability = before + u * (normalCdf((end - mean) / deviation) - before);
  const nearest = Math.min(end, Math.max(start, mean));
  if (!(probability > 0 && probability < 1)) return nearest;
  return Math.min(end, Math.max(start, mean + deviation * normalQuantile(probability)));
}

function mirrored(start: number, end: number, mean: number): Cell {
  return { start: 2 * mean - end, end: 2 * mean - start };
}

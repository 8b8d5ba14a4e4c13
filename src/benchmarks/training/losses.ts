/** The loss of a certain wrong answer, and of a training that fell apart: −ln 2⁻⁵². */
const worstLoss = 52 * Math.LN2;

/** −ln p, in [0, 36.04]: finite for any p, NaN included. */
export function logLoss(probability: number): number {
  return probability > 0 ? Math.min(-Math.log(Math.min(probability, 1)), worstLoss) : worstLoss;
}

/** Turn scores into probabilities in place. */
export function softmax(scores: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY;
  for (const score of scores) top = Math.max(top, score);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp(scores[i]! - top);
    sum += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
}

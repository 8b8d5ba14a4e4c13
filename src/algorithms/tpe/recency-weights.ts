/**
 * Weights of kernels in order of arrival: 1 for the last `fullCount`, and for older ones a ramp from 1/n up to 1.
 *
 * Recent trials tell more of where the search is now. (Oríon meant the same, but laid the ramp along the values of a
 * parameter.)
 *
 * @returns Shape (n).
 * @see Bergstra et al. 2013, "Making a Science of Model Search", https://proceedings.mlr.press/v28/bergstra13.html
 */
export function recencyWeights(count: number, fullCount: number): Float64Array {
  const weights = new Float64Array(count).fill(1);
  const rampCount = Math.max(count - fullCount, 0);
  for (let i = 0; i < rampCount; i++) weights[i] = 1 / count + ((1 - 1 / count) * i) / rampCount;
  return weights;
}

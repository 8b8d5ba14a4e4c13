/**
 * The uniform numbers from which the suite draws its instances: Park and Miller's generator with a shuffle table of 32.
 *
 * Part of the suite's definition: another generator would make other instances than the published ones.
 *
 * @param seed - 0 counts as 1.
 * @returns Shape (count), in (0, 1).
 * @see Hansen, Finck, Ros & Auger 2009, "Real-Parameter Black-Box Optimization Benchmarking 2009: Noiseless Functions
 *   Definitions", INRIA RR-6829, https://inria.hal.science/inria-00362633
 */
export function uniforms(count: number, seed: number): Float64Array {
  let state = Math.max(1, Math.abs(seed));
  const step = () => {
    const quotient = Math.floor(state / 127773);
    state = 16807 * (state - quotient * 127773) - 2836 * quotient;
    if (state < 0) state += 2147483647;
    return state;
  };
  const table = new Float64Array(32);
  for (let i = 39; i >= 0; i--) {
    const value = step();
    if (i < 32) table[i] = value;
  }
  let drawn = table[0]!;
  return Float64Array.from({ length: count }, () => {
    const place = Math.floor(drawn / 67108865);
    const next = step();
    drawn = table[place]!;
    table[place] = next;
    return drawn === 0 ? 1e-99 : drawn / 2147483647;
  });
}

/** Standard normal numbers by Box and Muller: the first half of `2 count` uniforms are radii, the rest angles. */
export function normals(count: number, seed: number): Float64Array {
  const u = uniforms(2 * count, seed);
  return Float64Array.from({ length: count }, (_, i) => {
    const value = Math.sqrt(-2 * Math.log(u[i]!)) * Math.cos(2 * Math.PI * u[count + i]!);
    return value === 0 ? 1e-99 : value;
  });
}

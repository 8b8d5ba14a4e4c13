import { joeKuoNumbers } from "./joe-kuo-numbers.js";
import { keyedRng } from "./rng.js";

/** As many dimensions as there are direction numbers for. */
export const maxSobolDimensions = 256;

/**
 * Sobol points with nested uniform (Owen) scrambling, by index.
 *
 * Each block of 2ᵏ points that starts at a multiple of 2ᵏ stays the net that it was: one point in each of the 2ᵏ equal
 * slices of every coordinate, and in each elementary rectangle of the first two. Scrambled, every point is uniform by
 * itself and the power of regular patterns over the first few points is gone. The scrambling is done by a hash instead
 * of a tree of random bits, so any point costs O(dimensions) and nothing is stored.
 *
 * @param dimensions - 1 … `maxSobolDimensions`. The first coordinates do not depend on how many there are.
 * @param key - Keys the scrambling, as in `keyedRng`.
 * @returns The point of an index 0 … 2³² − 1: coordinates in (0, 1), the ends excluded, 32 bits each.
 * @throws {RangeError} for other dimensions or indices.
 * @see Burley 2020, "Practical Hash-based Owen Scrambling", https://jcgt.org/published/0009/04/01/
 */
export function scrambledSobol(
  dimensions: number,
  ...key: readonly (string | number)[]
): (index: number) => Float64Array {
  const rng = keyedRng("sobol", ...key);
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionsOf(dimension));
  const seeds = directions.map(() => rng.below(2 ** 32));
  return (index) =>
    Float64Array.from(directions, (numbers, dimension) => {
      const bits = scramble(combine(numbers, index), seeds[dimension]!);
      return (bits + 0.5) * 2 ** -32; // the middle of its cell, so that no prior is asked for its infinite end
    });
}

/**
 * One coordinate of the plain Sobol sequence as a fraction of 2³².
 *
 * Points come in the order of their index, not in that of its Gray code; the blocks of 2ᵏ points are the same sets.
 *
 * @param index - 0 … 2³² − 1.
 * @param dimension - 0 … `maxSobolDimensions` − 1.
 * @throws {RangeError} for anything else.
 * @see Bratley & Fox 1988, "Algorithm 659", https://doi.org/10.1145/42288.214372
 */
export function sobolBits(index: number, dimension: number): number {
  return combine(directionsOf(dimension), index);
}

function combine(directions: Uint32Array, index: number): number {
  if (!(Number.isInteger(index) && index >= 0 && index < 2 ** 32)) throw new RangeError(`Sobol index ${index}.`);
  let bits = 0;
  for (let rest = index, i = 0; rest !== 0; rest >>>= 1, i++) if (rest & 1) bits ^= directions[i]!;
  return bits >>> 0;
}

const known: (Uint32Array | undefined)[] = [];

/** v₁ … v₃₂ of a dimension as fractions of 2³². */
function directionsOf(dimension: number): Uint32Array {
  if (!(Number.isInteger(dimension) && dimension >= 0 && dimension < maxSobolDimensions)) {
    throw new RangeError(`Sobol dimension ${dimension}: there are ${maxSobolDimensions}.`);
  }
  known[dimension] ??= dimension === 0 ? vanDerCorput() : expand(tableLine(dimension));
  return known[dimension];
}

function vanDerCorput(): Uint32Array {
  return Uint32Array.from({ length: 32 }, (_, i) => 2 ** (31 - i));
}

let table: readonly string[] | undefined;

/** The polynomial, then m₁ … m_s. */
function tableLine(dimension: number): readonly number[] {
  table ??= joeKuoNumbers.split("\n");
  return table[dimension - 1]!.split(" ").map(Number);
}

/** The recurrence of Joe & Kuo, eq. 2.3, on v_i = m_i / 2^i. */
function expand([polynomial, ...initial]: readonly number[]): Uint32Array {
  const degree = initial.length;
  const directions = new Uint32Array(32);
  for (let i = 0; i < 32; i++) {
    if (i < degree) {
      directions[i] = initial[i]! << (31 - i);
      continue;
    }
    const oldest = directions[i - degree]!;
    let next = oldest ^ (oldest >>> degree);
    for (let k = 1; k < degree; k++) if ((polynomial! >>> (degree - k)) & 1) next ^= directions[i - k]!;
    directions[i] = next;
  }
  return directions;
}

/** Flip each bit by a hash of the bits above it: with the bits reversed, arithmetic carries only upwards. */
function scramble(bits: number, seed: number): number {
  return reverse(nestedHash(reverse(bits), seed));
}

/**
 * A permutation in which each bit depends on the seed and the bits below it only (Laine & Karras 2011), with the
 * constants of Vegdahl 2021, https://psychopath.io/post/2021_01_30_building_a_better_lk_hash.
 */
function nestedHash(bits: number, seed: number): number {
  let x = bits;
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + seed) | 0;
  x = Math.imul(x, (seed >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return x;
}

function reverse(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}

/**
 * A stream of random numbers that depends on its key alone: no state to store, and no two workers on one stream.
 */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in 0 … n − 1, without bias; 1 ≤ n ≤ 2⁵³. @throws {RangeError} for any other n. */
  below(n: number): number;
}

/**
 * The stream that belongs to a key, e.g. `keyedRng(seed, "order")` or `keyedRng(seed, trialNumber, attempt)`.
 *
 * The key is hashed to 128 bits which are the state of xoshiro128**; so neighbouring keys give unrelated streams, and
 * making one costs a few microseconds. Only 32-bit integer arithmetic is used: the numbers are the same everywhere.
 *
 * @param key - Parts in order. `("ab", "c")`, `("a", "bc")` and `("abc")` are three keys, and so are `1` and `"1"`.
 */
export function keyedRng(...key: readonly (string | number)[]): Rng {
  const draw = xoshiro128(hash128(keyText(key)));
  return { next: () => unit(draw), below: (n) => below(draw, n) };
}

/**
 * xoshiro128** 1.1: uniform 32-bit integers with period 2¹²⁸ − 1.
 *
 * @param state - Four 32-bit integers; four zeros, which the generator would never leave, stand for 1, 0, 0, 0.
 * @see Blackman & Vigna 2021, "Scrambled Linear Pseudorandom Number Generators", https://prng.di.unimi.it/
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  if ((a | b | c | d) === 0) a = 1; // the generator never leaves zero
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

function unit(draw: () => number): number {
  const high = draw() >>> 5; // 27 bits
  const low = draw() >>> 6; // 26 bits
  return (high * 2 ** 26 + low) * 2 ** -53;
}

function below(draw: () => number, n: number): number {
  if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 53)) throw new RangeError(`below(${n}): n must be in 1 … 2^53.`);
  const range = n <= 2 ** 32 ? 2 ** 32 : 2 ** 53;
  // Values past the last whole multiple of n would favour small remainders.
  const limit = range - (range % n);
  for (;;) {
    const value = range === 2 ** 32 ? draw() : unit(draw) * range;
    if (value < limit) return value % n;
  }
}

/** Different keys have different texts: strings carry their length, and no number contains a comma. */
function keyText(key: readonly (string | number)[]): string {
  let text = "";
  for (const part of key) text += typeof part === "number" ? `n${part},` : `s${part.length}:${part},`;
  return text;
}

/**
 * MurmurHash3 x86_128 with seed 0 of the text in UTF-16, little-endian, padded with zeros to whole blocks of 16 bytes.
 *
 * @returns Four signed 32-bit integers.
 * @see Appleby, https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function hash128(text: string): [number, number, number, number] {
  const blockCount = Math.ceil(text.length / 8);
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  for (let block = 0; block < blockCount; block++) {
    const at = block * 8;
    h1 ^= Math.imul(rotate(Math.imul(wordAt(text, at), c1), 15), c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(wordAt(text, at + 2), c2), 16), c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(wordAt(text, at + 4), c3), 17), c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(wordAt(text, at + 6), c4), 18), c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  return finish([h1, h2, h3, h4], blockCount * 16);
}

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/** Two UTF-16 units; past the end they are zero. */
function wordAt(text: string, at: number): number {
  // charCodeAt is NaN past the end, and NaN counts as 0 in integer arithmetic.
  return text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
}

type Lanes = readonly [number, number, number, number];

function finish([a, b, c, d]: Lanes, byteCount: number): [number, number, number, number] {
  const [e, f, g, h] = addAcross([a ^ byteCount, b ^ byteCount, c ^ byteCount, d ^ byteCount]);
  return addAcross([avalanche(e), avalanche(f), avalanche(g), avalanche(h)]);
}

function addAcross([a, b, c, d]: Lanes): [number, number, number, number] {
  const sum = (a + b + c + d) | 0;
  return [sum, (b + sum) | 0, (c + sum) | 0, (d + sum) | 0];
}

function avalanche(lane: number): number {
  let mixed = lane;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function rotate(word: number, turn: number): number {
  return (word << turn) | (word >>> (32 - turn));
}

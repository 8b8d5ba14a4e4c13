import { keyedRng } from "../../math/rng.js";
import { gaussian } from "../noise.js";
import type { Dataset } from "./dataset.js";

/**
 * Pictures of the ten digits, 8 × 8, made from a font: shifted, thinned, smeared and with noise. They are about as hard
 * to tell apart as scanned ones, and need no file.
 *
 * @param count - How many; the digits take turns.
 */
export function digitPictures(count: number, seed: number): Dataset {
  const features = new Float64Array(64 * count);
  const labels = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    labels[row] = row % 10;
    drawDigit(features.subarray(64 * row, 64 * (row + 1)), { digit: row % 10, seed, row });
  }
  return { features, labels, size: 64, classCount: 10 };
}

function drawDigit(picture: Float64Array, { digit, seed, row }: { digit: number; seed: number; row: number }): void {
  const rng = keyedRng("digits", seed, row);
  const [right, down] = [rng.below(4), rng.below(2)];
  const strokes = font[digit]!;
  for (let y = 0; y < 7; y++) {
    for (let x = 0; x < 5; x++) {
      const isInk = strokes[y]![x] === "#" && rng.next() > 0.12;
      if (isInk) ink(picture, { x: x + right, y: y + down, slant: rng.next() });
    }
  }
  for (let i = 0; i < 64; i++) picture[i] = picture[i]! + 0.25 * gaussian(rng);
}

/** A dot and its smear to the right. */
function ink(picture: Float64Array, { x, y, slant }: { x: number; y: number; slant: number }): void {
  picture[8 * y + x] = 1;
  if (x < 7) picture[8 * y + x + 1] = Math.max(picture[8 * y + x + 1]!, 0.6 * slant);
}

const font = [
  [".###.", "#...#", "#...#", "#...#", "#...#", "#...#", ".###."],
  ["..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."],
  [".###.", "#...#", "....#", "..##.", ".#...", "#....", "#####"],
  [".###.", "#...#", "....#", "..##.", "....#", "#...#", ".###."],
  ["...#.", "..##.", ".#.#.", "#..#.", "#####", "...#.", "...#."],
  ["#####", "#....", "####.", "....#", "....#", "#...#", ".###."],
  [".###.", "#....", "#....", "####.", "#...#", "#...#", ".###."],
  ["#####", "....#", "...#.", "...#.", "..#..", "..#..", "..#.."],
  [".###.", "#...#", "#...#", ".###.", "#...#", "#...#", ".###."],
  [".###.", "#...#", "#...#", ".####", "....#", "....#", ".###."],
] as const;

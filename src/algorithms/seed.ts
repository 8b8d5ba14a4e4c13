import { UsageError } from "../errors.js";

/**
 * The text that keys all randomness of an experiment, from the option `seed`: `1`, `"1"` and `[1]` are the same.
 *
 * @param seed - A whole number, a text, a list of whole numbers, or `null` for one that is to be drawn.
 * @returns `undefined` for `null`, when the caller has to draw a seed.
 * @throws {UsageError} for anything else.
 */
export function seedText(seed: unknown): string | undefined {
  if (seed === null || seed === undefined) return undefined;
  if (typeof seed === "string" && seed !== "") return seed;
  const numbers: readonly unknown[] = Array.isArray(seed) ? seed : [seed];
  if (numbers.length > 0 && numbers.every(Number.isSafeInteger)) return numbers.join(",");
  throw new UsageError(
    `seed is ${JSON.stringify(seed)}.`,
    "Give a whole number, a text, a list of whole numbers, or null.",
  );
}

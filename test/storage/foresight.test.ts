import { expect, test } from "vitest";
import { createForesight } from "../../src/storage/postgres/foresight.js";
import type { Suggested } from "../../src/storage/storage.js";

const suggest = (number: number) => ({ id: `${number}`, params: { "/x": number } }) as unknown as Suggested;

/** What is sent after these numbers came next, in turn. */
function openGuesses() {
  const foresight = createForesight();
  return {
    learn: (upcoming: number, kind = "trial") => foresight.learn(1, { kind, upcoming }),
    numbers: () => {
      const guesses = foresight.suggestions(1, suggest, (one) => one);
      return guesses === undefined ? undefined : Object.keys(guesses).map(Number);
    },
  };
}

test("nothing is guessed before anything is known, and alone only the next number is", () => {
  const { learn, numbers } = openGuesses();
  expect(numbers()).toEqual([]);
  learn(1, "suggest");
  expect(numbers()).toContain(1);
  for (const next of [2, 3, 4]) learn(next);
  expect(numbers()).toEqual([4]);
});

test("the guesses reach as far as the numbers move between two calls", () => {
  const { learn, numbers } = openGuesses();
  for (const next of [1, 5, 9, 13]) learn(next);
  expect(numbers()).toEqual([13, 14, 15, 16, 17, 18]);
});

test("among many others nothing is guessed, and again when they have left", () => {
  const { learn, numbers } = openGuesses();
  for (const next of [1, 65, 129]) learn(next);
  expect(numbers()).toBeUndefined();
  for (let next = 130; next < 150; next++) learn(next);
  expect(numbers()).toEqual([149]);
});

import { expect, it } from "vitest";
import { progressOf } from "../../../src/algorithms/auto/progress.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";

/** After results of which the median is 1 and the best 0. */
function sinceBetter(...later: readonly number[]): number {
  const objectives = [1, 1, 1, 1, 1, 0, ...later];
  const history = objectives.map((objective, i) =>
    inventTrial({ number: i + 1, id: String(i), params: { "/x": i }, status: "completed", objective }),
  );
  return progressOf({ history, cache: new Map() }).sinceBetter;
}

it.each<[string, readonly number[], number]>([
  ["a new best", [0.5, 0.5, -0.1], 0],
  ["results that are no better", [0.5, 0.5, 0], 3],
  ["a gain that is small beside what the median is behind", [0.5, -1e-5], 2],
  ["one that is not so small", [0.5, -1e-3], 0],
  ["small gains that add up", [-0.5e-4, -0.9e-4, -1.3e-4], 0],
  ["results that are no numbers", [Number.NaN, Number.NEGATIVE_INFINITY], 2],
])("%s", (_, later, expected) => {
  expect(sinceBetter(...later)).toBe(expected);
});

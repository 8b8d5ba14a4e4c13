import { expect, it } from "vitest";
import type { Suggestion } from "../../../src/algorithms/algorithm.js";
import { suggestFresh } from "../../../src/algorithms/auto/fresh-start.js";
import { keyedRng } from "../../../src/math/rng.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import type { Facts } from "../../../src/trial/trial.js";

const space = parseSpace({ "/x": "uniform(0, 1)" });
const trialsWith = (facts: Facts, status: "completed" | "reserved") =>
  Array.from({ length: 10 }, (_, i) => {
    const params = { "/x": i / 10 };
    return inventTrial({
      number: i + 1,
      id: `${i}`,
      params,
      facts,
      status,
      objective: status === "completed" ? 1 : undefined,
    });
  });

/** How many trials the model is shown; `undefined` while there are too few to ask it. */
function shown(facts: Facts, status: "completed" | "reserved" = "completed"): number | undefined {
  let count: number | undefined;
  const trials = trialsWith(facts, status);
  const [history, pending] = status === "completed" ? [trials, []] : [[], trials];
  const rest = { options: {}, seed: "1", attempt: 0, maxTrials: 99, cache: new Map() };
  suggestFresh({ space, trialNumber: 11, history, pending, rng: keyedRng("fresh"), ...rest }, 1, (view): Suggestion => {
    count = view.history.length + view.pending.length;
    return { kind: "done" };
  });
  return count;
}

it("sees its own trials of the round, and no others that count rounds", () => {
  for (const status of ["completed", "reserved"] as const) {
    expect(shown({ auto: "fresh", round: 1 }, status)).toBe(10);
    expect(shown({ auto: "fresh", round: 2 }, status)).toBeUndefined();
    expect(shown({ auto: "gp" }, status)).toBeUndefined();
    expect(shown({ round: 1, row: 3 }, status)).toBeUndefined(); // of mofa, before the algorithm was changed
  }
});

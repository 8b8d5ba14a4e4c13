import { type Algorithm, defineAlgorithm } from "../../src/algorithms/algorithm.js";
import { remember } from "../../src/algorithms/remember.js";
import { enumerable } from "../../src/space/cardinality.js";
import { fromUnit, toUnit, unitSize } from "../../src/space/unit-cube.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import type { Trial } from "../../src/trial/trial.js";

/** About the simplest algorithm that learns: a step away from the best point so far, or a random point. */
const hillClimbing = defineAlgorithm({
  summary: "For tests.",
  paper: "https://example.org",
  requires: {},
  defaults: { step: 0.1 },
  basis: "history",
  suggest: ({ space, history, pending, trialNumber, attempt, rng, options, cache }) => {
    if (new Set([...history, ...pending].map(({ id }) => id)).size >= enumerable(space)) return { kind: "done" };
    const best = remember(cache, { name: `best of ${history.length}`, make: () => bestOf(history) });
    const uniform = Float64Array.from({ length: unitSize(space) }, () => rng.next());
    if (best === undefined || trialNumber % 4 === 0 || attempt > 0)
      return { kind: "params", params: fromUnit(space, uniform) };
    const near = toUnit(space, best.params).map((x, i) => x + options.step * (uniform[i]! - 0.5));
    return { kind: "params", params: fromUnit(space, near) };
  },
});

/** The same with a fidelity, which it leaves at its highest. */
const costlyClimbing: Algorithm = { ...hillClimbing, requires: { fidelity: true } };

function bestOf(history: readonly Trial[]): Trial | undefined {
  const finite = history.filter(({ objective }) => Number.isFinite(objective));
  return finite.toSorted((a, b) => a.objective! - b.objective! || a.number - b.number)[0];
}

algorithmContract("hill climbing", hillClimbing, { options: { step: 0.2 } });

algorithmContract("costly climbing", costlyClimbing, {
  exempt: [{ promise: "solves Branin at least as well as random search", reason: "to see an exemption at work" }],
});

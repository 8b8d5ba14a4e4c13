import { describe, expect, it } from "vitest";
import { type Algorithm, defineAlgorithm } from "../../src/algorithms/algorithm.js";
import { remember } from "../../src/algorithms/remember.js";
import { suggestAtOnce } from "../../src/algorithms/suggest-trial.js";
import { enumerable } from "../../src/space/cardinality.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { fromUnit, toUnit, unitSize } from "../../src/space/unit-cube.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { bowl, finiteTexts } from "../../src/testing/sample-problems.js";
import { simulate, simulateLater } from "../../src/testing/simulate.js";
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

/** The same, as a program that has to be asked: it answers later, and holds something that must be let go. */
const distantClimbing: Algorithm = {
  ...hillClimbing,
  suggest: async (context) => {
    remember(context.cache, { name: "line", make: openLine });
    await Promise.resolve();
    return hillClimbing.suggest(context);
  },
};

let openLines = 0;

function openLine(): Disposable {
  openLines++;
  return {
    [Symbol.dispose]: () => {
      openLines--;
    },
  };
}

function bestOf(history: readonly Trial[]): Trial | undefined {
  const finite = history.filter(({ objective }) => Number.isFinite(objective));
  return finite.toSorted((a, b) => a.objective! - b.objective! || a.number - b.number)[0];
}

algorithmContract("hill climbing", hillClimbing, { options: { step: 0.2 } });

algorithmContract("distant climbing", distantClimbing);

describe("an algorithm that answers later", () => {
  const space = parseSpace(finiteTexts);

  it("is let go of at the end", async () => {
    expect(openLines).toBe(0); // of all that the contract opened
    for (const dropCaches of [true, false]) {
      await simulateLater({ algorithm: distantClimbing, space, maxTrials: 5, workers: 2, dropCaches, objective: bowl });
      expect(openLines).toBe(0);
    }
  });

  it("cannot be simulated by who does not wait", () => {
    expect(() => simulate({ algorithm: distantClimbing, space, maxTrials: 5, objective: bowl })).toThrow(TypeError);
  });

  it("cannot fill a slot while it is made", () => {
    const request = {
      space,
      options: {},
      seed: "1",
      trialNumber: 1,
      attempt: 0,
      maxTrials: 5,
      history: [],
      pending: [],
    };
    const hasty = { ...distantClimbing, basis: "index" as const };
    expect(() => suggestAtOnce(hasty, { ...request, cache: new Map() })).toThrow(TypeError);
  });
});

algorithmContract("costly climbing", costlyClimbing, {
  exempt: [{ promise: "solves Branin at least as well as random search", reason: "to see an exemption at work" }],
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newConfiguration } from "../../src/algorithms/multi-fidelity/new-configuration.js";
import { randomOrder } from "../../src/algorithms/random-order.js";
import { suggestUntried } from "../../src/algorithms/untried.js";
import { keyedRng } from "../../src/math/rng.js";
import type { Params } from "../../src/space/dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { inventTrial } from "../../src/testing/invent-trial.js";
import type { Trial } from "../../src/trial/trial.js";
import { trialId } from "../../src/trial/trial-id.js";

const texts = { "/a": "uniform(1, 6, discrete=True)", "/b": "choices(['x', 'y'])" };
const space = parseSpace(texts);
const withRungs = parseSpace({ ...texts, "/epochs": "fidelity(1, 9, base=3)" });
const seed = "1";

type Search = (
  history: readonly Trial[],
  context: { readonly pending: readonly Trial[]; readonly attempt: number; readonly cache: Map<string, unknown> },
) => Params | undefined;

const untried: Search = (history, context) => {
  const suggestion = suggestUntried({ space, seed, rng: keyedRng("none"), history, ...context }, []);
  return suggestion.kind === "params" ? suggestion.params : undefined;
};
const configuration: Search = (history, context) =>
  newConfiguration({ space: withRungs, seed, rng: keyedRng("none"), history, ...context });

/** A list of which each point that somebody looks at is counted. */
function counting(of: typeof space) {
  const cache = new Map<string, unknown>();
  const { size, pointAt } = randomOrder({ space: of, seed, cache })!;
  let looks = 0;
  const order = cache.get("random order") as Uint32Array;
  const counted = new Proxy(order, {
    get: (target, key) => {
      if (/^\d+$/.test(String(key))) looks++;
      return Reflect.get(target, key, target);
    },
  });
  cache.set("random order", counted);
  return { cache, points: Array.from({ length: size }, (_, index) => pointAt(index)), looks: () => looks };
}

const trialAt = (of: typeof space, params: Params, number: number): Trial =>
  inventTrial({ number, id: trialId(of, params), params, status: "completed", objective: 0 });

describe.each([
  ["an untried point", space, untried],
  ["a new configuration", withRungs, configuration],
])("the search for %s in a list", (_, of, search) => {
  it("finds the same whatever was asked before, of this history and of others", () => {
    const { points } = counting(of);
    const histories = fc.array(fc.uniqueArray(fc.nat(points.length - 1)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(histories, fc.uniqueArray(fc.nat(points.length - 1)), fc.nat(30), (all, underWay, attempt) => {
        const cache = new Map<string, unknown>();
        const pending = underWay.map((index, at) => trialAt(of, points[index]!, 100 + at));
        for (const indices of all) {
          const history = indices.map((index, at) => trialAt(of, points[index]!, at + 1));
          // step by step, as a worker sees it
          for (let end = 1; end <= history.length; end++) search(history.slice(0, end), { pending, attempt: 0, cache });
          const isFree = (index: number) => !indices.includes(index) && !underWay.includes(index);
          const order = [...points.keys()].map((step) => (step + (search === untried ? attempt : 0)) % points.length);
          expect(search(history, { pending, attempt, cache })).toEqual(points[order.find(isFree) ?? -1]);
        }
      }),
    );
  });

  it("does not begin at the first point each time", () => {
    const { cache, points, looks } = counting(of);
    const before = looks();
    const history: Trial[] = [];
    for (const [index, params] of points.entries()) {
      expect(search([...history], { pending: [], attempt: 0, cache })).toEqual(params);
      history.push(trialAt(of, params, index + 1));
    }
    expect(search(history, { pending: [], attempt: 0, cache })).toBe(undefined);
    expect(looks() - before).toBeLessThan(4 * points.length);
  });
});

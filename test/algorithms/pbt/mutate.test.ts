import { expect, it } from "vitest";
import { type Mutation, mutateElements } from "../../../src/algorithms/pbt/mutate.js";
import { keyedRng } from "../../../src/math/rng.js";
import { parseSpace } from "../../../src/space/parse-space.js";

it("keeps numbers without bounds finite, and integers exact", () => {
  const space = parseSpace({ "/i": "normal(0, 1e17, discrete=True)", "/x": "normal(0, 1e308)" });
  const grow: Mutation = { rng: keyedRng("1"), real: (value) => value * 3, integer: (value) => value * 3 };
  const largest = { "/i": Number.MAX_SAFE_INTEGER, "/x": Number.MAX_VALUE };
  expect(mutateElements(space, { "/i": 2 ** 52, "/x": 1e308 }, grow)).toEqual(largest);
  const smallest = { "/i": -Number.MAX_SAFE_INTEGER, "/x": -Number.MAX_VALUE };
  expect(mutateElements(space, { "/i": -(2 ** 52), "/x": -1e308 }, grow)).toEqual(smallest);
});

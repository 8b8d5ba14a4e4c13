import { expect, it } from "vitest";
import { axesOf, middleOfShare, shareAround } from "../../../src/algorithms/tpe/axes.js";
import { parseSpace } from "../../../src/space/parse-space.js";

it("keeps a bounded number of the cells of an integer, and finds the same again", () => {
  const [axis] = axesOf(parseSpace({ "/n": "loguniform(1, 1000000, discrete=True)" }));
  if (axis?.kind !== "cells") throw new Error("an integer has cells");
  const middles = Array.from({ length: 20_000 }, (_, i) => middleOfShare(axis, (i + 0.5) / 20_000));
  const shares = middles.map((middle) => shareAround(axis, middle));
  expect(new Set(middles).size).toBeGreaterThan(10_000);
  expect(axis.known.size).toBeLessThan(6000);
  expect(middles.map((middle) => shareAround(axis, middle))).toEqual(shares);
});

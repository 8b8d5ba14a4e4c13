import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDimension } from "../../src/space/parse-dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { printDimension, printSpace } from "../../src/space/print-dimension.js";
import { anyDimension } from "./arbitrary-dimension.js";

test.each([
  ["uniform(-50, 50)", "uniform(-50, 50)"],
  ["loguniform(1e-5,1.0)", "loguniform(1e-05, 1)"],
  ["uniform(1, 6, discrete=True)", "uniform(1, 6, discrete=True)"],
  ['choices(["sgd", "adam", 3])', "choices(['sgd', 'adam', 3])"],
  ["choices([3.0, 'a', True, None])", "choices([3.0, 'a', True, None])"],
  ["choices('a', (1, 2))", "choices(['a', (1, 2)])"],
  ["gaussian(10, 0.001)", "normal(10, 0.001)"],
  ["uniform(0, 100, precision=2)", "uniform(0, 100, precision=2)"],
  ["uniform(0, 100, precision=None)", "uniform(0, 100, precision=None)"],
  ["uniform(0, 1, shape=2)", "uniform(0, 1, shape=2)"],
  ["uniform(0, 1, shape=(2,))", "uniform(0, 1, shape=2)"],
  ["uniform(0, 1, shape=(2,3))", "uniform(0, 1, shape=(2, 3))"],
  ["fidelity(1, 9, base=3)", "fidelity(1, 9, base=3)"],
  ["fidelity(1, 16)", "fidelity(1, 16)"],
  ["choices({'a': 0.333333, 'b': 0.333333, 'c': 0.333334})", "choices({'a': 0.333333, 'b': 0.333333, 'c': 0.333334})"],
  ["choices(['a', 'b'], default_value=\"b\")", "choices(['a', 'b'], default_value='b')"],
  ["normal(0, 1, high=2, low=-1)", "normal(0, 1, low=-1, high=2)"],
  [
    "uniform(0, 9, discrete=True, precision=2, default_value=[1.0, 2], shape=2, low=1)",
    "uniform(0, 9, low=1, shape=2, default_value=[1, 2], precision=2, discrete=True)",
  ],
  ["uniform(-0.0, 1e16)", "uniform(0, 1e+16)"],
])("%s is printed as %s", (written, canonical) => {
  expect(printDimension(parseDimension("x", written))).toBe(canonical);
});

test("what is printed is read as the very same dimension", () => {
  fc.assert(
    fc.property(anyDimension, (dimension) => {
      expect(parseDimension("x", printDimension(dimension))).toEqual(dimension);
    }),
    { numRuns: 1000 },
  );
});

test("a space is printed by name in its order", () => {
  const space = parseSpace({ "/b": "uniform(0, 1)", "/a": "+choices([1, 2])" });
  expect(Object.entries(printSpace(space))).toEqual([
    ["/a", "choices([1, 2])"],
    ["/b", "uniform(0, 1)"],
  ]);
});

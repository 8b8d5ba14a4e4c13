import fc from "fast-check";
import { expect, test } from "vitest";
import { cardinality, dimensionCardinality, enumerable, pointAt, priorWeight } from "../../src/space/cardinality.js";
import { encodeJson } from "../../src/space/odd-floats.js";
import { parseDimension } from "../../src/space/parse-dimension.js";
import { buildSpace, parseSpace } from "../../src/space/parse-space.js";
import { fromUnit, unitSize } from "../../src/space/unit-cube.js";
import { checkParams } from "../../src/space/values.js";
import { categoricalDimension, integerDimension } from "./arbitrary-dimension.js";

const of = (prior: string) => dimensionCardinality(parseDimension("x", prior));

test.each([
  ["loguniform(1e-5, 1)", 45001],
  ["loguniform(1e-5, 1, precision=2)", 451],
  ["loguniform(1e-5, 1, precision=2, shape=2)", 451 ** 2],
  ["loguniform(1, 10, precision=1)", 10],
  ["loguniform(1.5, 3.5, precision=1)", 4], // 1.5, 2, 3, 3.5
  ["loguniform(1.4, 3.6, precision=1)", 4], // 1.4, 2, 3, 3.6
  ["loguniform(1.4, 3.4, precision=1)", 4], // 1.4, 2, 3, 3.4
  ["loguniform(1e-5, 1, precision=None)", Infinity],
  ["uniform(0, 1, precision=1)", Infinity],
  ["normal(0, 1)", Infinity],
  ["uniform(1, 6, discrete=True)", 6],
  ["uniform(0.5, 2.5, discrete=True, shape=(2, 3))", 4 ** 6],
  ["normal(0, 1, discrete=True)", Infinity],
  ["normal(0, 1, discrete=True, low=-2, high=2)", 5],
  ["choices(['a', 'b', 'c'])", 3],
  ["choices(['a', 'b', 'c'], shape=2)", 9],
  ["fidelity(1, 9)", 1],
])("%s has %d values", (prior, count) => {
  expect(of(prior)).toBe(count);
});

test("a loguniform with a precision gives exactly as many values as it counts", () => {
  for (const prior of [
    "loguniform(0.15, 3.6, precision=1)",
    "loguniform(0.0123, 0.0987, precision=2)",
    "loguniform(0.996, 1.03, precision=2)",
  ]) {
    const space = parseSpace({ x: prior });
    const values = new Set(Array.from({ length: 20_001 }, (_, i) => fromUnit(space, [i / 20_000]).x));
    expect(values.size, prior).toBe(cardinality(space));
  }
});

test("a space has the product of its dimensions, and is infinite with one real", () => {
  const priors = { a: "choices([1, 2])", b: "uniform(0, 2, discrete=True)", f: "fidelity(1, 9)" };
  expect(cardinality(parseSpace(priors))).toBe(6);
  expect(enumerable(parseSpace(priors))).toBe(6);
  expect(cardinality(parseSpace({ ...priors, c: "uniform(0, 1)" }))).toBe(Infinity);
  expect(enumerable(parseSpace({ ...priors, c: "loguniform(1, 2)" }))).toBe(Infinity);
});

test("points are listed with the last element fastest, and fidelities at their highest", () => {
  const space = parseSpace({ a: "choices(['u', 'v'])", b: "fidelity(1, 9)", c: "uniform(4, 6, discrete=True)" });
  expect(Array.from({ length: enumerable(space) }, (_, index) => pointAt(space, index))).toEqual(
    ["u", "v"].flatMap((a) => [4, 5, 6].map((c) => ({ a, b: 9, c }))),
  );
  expect(pointAt(parseSpace({ v: "uniform(0, 9, discrete=True, shape=(2, 2))" }), 1234).v).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("every index is another point inside the space, and the weights sum to 1", () => {
  const dimensions = fc.oneof(integerDimension, categoricalDimension);
  fc.assert(
    fc.property(dimensions, (dimension) => {
      const space = buildSpace([dimension]);
      const count = enumerable(space);
      fc.pre(count <= 500);
      const points = Array.from({ length: count }, (_, index) => pointAt(space, index));
      for (const point of points) expect(checkParams(space, point)).toEqual(point);
      expect(new Set(points.map((point) => encodeJson(point))).size).toBe(count);
      const total = points.reduce((sum, _, index) => sum + priorWeight(space, index), 0);
      expect(total).toBeCloseTo(1, 9);
    }),
  );
});

test("a weight is the share of the unit cube that gives the point", () => {
  const space = parseSpace({
    c: "choices({'a': 0.2, 'b': 0.5, 'c': 0.3})",
    i: "loguniform(1, 4, discrete=True)",
    n: "normal(0, 1, discrete=True, low=-1, high=1)",
  });
  const steps = 60;
  const counts = new Map<string, number>();
  for (let index = 0; index < steps ** unitSize(space); index++) {
    const point = [0, 1, 2].map((k) => ((Math.floor(index / steps ** k) % steps) + 0.5) / steps);
    const key = JSON.stringify(fromUnit(space, point));
    counts.set(key, (counts.get(key) ?? 0) + 1 / steps ** 3);
  }
  for (let index = 0; index < enumerable(space); index++) {
    const share = counts.get(JSON.stringify(pointAt(space, index))) ?? 0;
    expect(Math.abs(share - priorWeight(space, index))).toBeLessThan(0.012);
  }
});

test("an index outside of the space is refused", () => {
  const space = parseSpace({ a: "choices([1, 2])" });
  for (const index of [-1, 2, 0.5, NaN]) expect(() => pointAt(space, index)).toThrow(RangeError);
  expect(() => priorWeight(parseSpace({ a: "uniform(0, 1)" }), 0)).toThrow(RangeError);
});

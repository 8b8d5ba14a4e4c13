import fc from "fast-check";
import { expect, test } from "vitest";
import { cardinality } from "../../src/space/cardinality.js";
import type { Dimension, ParamValue } from "../../src/space/dimension.js";
import { listElements } from "../../src/space/elements.js";
import { buildSpace, parseSpace } from "../../src/space/parse-space.js";
import { type Requirements, type TransformedDimension, transformSpace } from "../../src/space/transform.js";
import { fromUnit, unitSize } from "../../src/space/unit-cube.js";
import { anyDimension } from "./arbitrary-dimension.js";

const ln = Math.log;

/** prior, requirements, [type, interval, cardinality], value there, value here */
const table: readonly (readonly [string, Requirements, unknown, ParamValue, ParamValue])[] = [
  ["uniform(0, 1)", {}, ["real", [0, 1], Infinity], 0.25, 0.25],
  ["uniform(0, 1)", { type: "numerical" }, ["real", [0, 1], Infinity], 0.25, 0.25],
  ["loguniform(1e-5, 1)", {}, ["real", [1e-5, 1], 45001], 0.25, 0.25],
  ["loguniform(1e-5, 1)", { dist: "linear" }, ["real", [ln(1e-5), 0], 45001], ln(0.25), 0.25],
  ["uniform(0.2, 9.5)", { type: "integer" }, ["integer", [0, 10], 11], 3, 3],
  ["uniform(1, 6, discrete=True)", {}, ["integer", [1, 6], 6], 3, 3],
  ["uniform(1, 6, discrete=True)", { type: "numerical" }, ["integer", [1, 6], 6], 3, 3],
  ["uniform(1, 6, discrete=True)", { dist: "linear" }, ["integer", [1, 6], 6], 3, 3],
  ["uniform(1, 6, discrete=True)", { type: "real" }, ["real", [1, 6], 6], 3, 3],
  ["loguniform(1, 6, discrete=True)", { type: "real" }, ["real", [1, 6], 6], 3, 3],
  ["loguniform(1, 6, discrete=True)", { dist: "linear" }, ["real", [0, ln(6)], 6], ln(3), 3],
  ["loguniform(1, 6, discrete=True)", { type: "integer", dist: "linear" }, ["real", [0, ln(6)], 6], ln(3), 3],
  ["loguniform(0.5, 6, discrete=True)", { dist: "linear" }, ["real", [ln(0.25), ln(6)], 7], ln(0.25), 0],
  ["choices(['a', 'b', 3])", {}, ["categorical", ["a", "b", 3], 3], 3, 3],
  ["choices(['a', 'b', 3])", { type: "integer" }, ["integer", [0, 2], 3], 2, 3],
  ["choices(['a', 'b', 3])", { type: "numerical" }, ["integer", [0, 2], 3], 1, "b"],
  ["choices(['a', 'b', 3])", { type: "real" }, ["real", [0, 1], 3], [0, 1, 0], "b"],
  ["choices(['a', 'b'])", { type: "real" }, ["real", [0, 1], 2], 1, "b"],
  ["choices(['a'])", { type: "real" }, ["real", [0, 1], 1], 0, "a"],
  ["fidelity(1, 9)", { type: "real", dist: "linear", shape: "flattened" }, ["fidelity", [1, 9], 1], 3, 3],
];

test.each(table)("%s with %j becomes what the table says", (prior, requirements, described, there, here) => {
  const transformed = transformSpace(parseSpace({ "/x": prior }), requirements);
  expect(transformed.dimensions.map(facts)).toEqual([described]);
  expect(transformed.forward({ x: here })).toEqual({ "/x": there });
  expect(transformed.backward({ "/x": there })).toEqual({ "/x": here });
});

function facts({ type, interval, cardinality }: TransformedDimension): unknown {
  return [type, interval, cardinality];
}

const anyRequirements: fc.Arbitrary<Requirements> = fc.record(
  {
    type: fc.constantFrom("real", "numerical"),
    dist: fc.constant("linear"),
    shape: fc.constant("flattened"),
  },
  { requiredKeys: [] },
);

/** A bound may have more digits than the precision, and so lie nearer to a value than exp(ln(v)) can tell. */
function isBesideBound(dimension: Dimension, value: ParamValue): boolean {
  if (dimension.type !== "real") return false;
  const isBeside = (bound: number, one: number) => one !== bound && Math.abs(one - bound) <= 1e-14 * Math.abs(bound);
  return listElements(value, dimension.shape.length).some(
    (one) => isBeside(dimension.low, one as number) || isBeside(dimension.high, one as number),
  );
}

test("the way there and back loses nothing unless reals become integers", () => {
  const points = anyDimension.chain((dimension) => {
    const size = unitSize(buildSpace([dimension]));
    return fc.tuple(
      fc.constant(dimension),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
    );
  });
  fc.assert(
    fc.property(points, anyRequirements, ([dimension, point], requirements) => {
      // exp(ln(v)) is exact only up to rounding, and ln of neighbours may be equal
      fc.pre(
        dimension.type !== "real" ||
          requirements.dist === undefined ||
          ((dimension.precision ?? 17) <= 12 && dimension.high - dimension.low > 1e-9 * dimension.high),
      );
      const space = buildSpace([dimension]);
      const params = fromUnit(space, point);
      fc.pre(requirements.dist === undefined || !isBesideBound(dimension, params[dimension.name]!));
      const transformed = transformSpace(space, requirements);
      const values = transformed.forward(params);
      expect(Object.keys(values)).toEqual(transformed.dimensions.map(({ name }) => name));
      expect(transformed.contains(values)).toBe(true);
      expect(transformed.backward(values)).toEqual(params);
      const product = transformed.dimensions.reduce((all, one) => all * one.cardinality, 1);
      expect(Math.log(product)).toBeCloseTo(Math.log(cardinality(space)), 9);
    }),
    { numRuns: 1000 },
  );
});

test("flattening names the elements, and the numbers of a category", () => {
  const space = parseSpace({
    a: "choices(['u', 'v', 'w'])",
    b: "uniform(0, 1, shape=(2, 2))",
    c: "choices(['u', 'v', 'w'], shape=2)",
  });
  const flat = transformSpace(space, { type: "real", shape: "flattened" });
  expect(flat.dimensions.map(({ name }) => name)).toEqual([
    "a[0]",
    "a[1]",
    "a[2]",
    "b[0,0]",
    "b[0,1]",
    "b[1,0]",
    "b[1,1]",
    "c[0,0]",
    "c[0,1]",
    "c[0,2]",
    "c[1,0]",
    "c[1,1]",
    "c[1,2]",
  ]);
  expect(flat.dimensions.every(({ shape }) => shape.length === 0)).toBe(true);
  const values = flat.forward({
    a: "v",
    b: [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
    c: ["w", "u"],
  });
  expect(Object.values(values)).toEqual([0, 1, 0, 0.1, 0.2, 0.3, 0.4, 0, 0, 1, 1, 0, 0]);
  const whole = transformSpace(space, { type: "real" });
  expect(whole.dimensions.map(({ shape }) => shape)).toEqual([[3], [2, 2], [2, 3]]);
  expect(
    whole.forward({
      a: "v",
      b: [
        [0, 0],
        [0, 0],
      ],
      c: ["w", "u"],
    }).c,
  ).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test("the way back accepts any real vector for a category", () => {
  const { backward } = transformSpace(parseSpace({ c: "choices(['u', 'v', 'w'])", d: "choices(['u', 'v'])" }), {
    type: "real",
  });
  expect(backward({ c: [-3, 0.2, 0.1], d: 0.51 })).toEqual({ c: "v", d: "v" });
  expect(backward({ c: [7, 7, 7], d: 0.5 })).toEqual({ c: "u", d: "u" });
});

test("the way back ends inside the bounds", () => {
  const space = parseSpace({ x: "loguniform(0.0012345, 3.21)", y: "uniform(0.4, 2.6)" });
  const linear = transformSpace(space, { dist: "linear" });
  expect(linear.backward({ x: ln(0.0012345), y: 9 })).toEqual({ x: 0.0012345, y: 2.6 });
  expect(linear.backward({ x: 99, y: 0.41237 })).toEqual({ x: 3.21, y: 0.4124 });
});

test("reals become the nearest integers, ties the even ones", () => {
  const { forward } = transformSpace(parseSpace({ x: "uniform(-9, 9)" }), { type: "integer" });
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, -2.6].map((x) => forward({ x }).x)).toEqual([0, 2, 2, 0, -2, 2, -3]);
});

test("a missing value is refused", () => {
  const { forward, backward } = transformSpace(parseSpace({ v: "uniform(0, 1, shape=2)" }), { shape: "flattened" });
  expect(() => forward({})).toThrow(TypeError);
  expect(() => backward({ "v[0]": 1 })).toThrow(TypeError);
});

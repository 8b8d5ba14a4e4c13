import fc from "fast-check";
import { expect, test } from "vitest";
import { normalCdf } from "../../src/math/normal.js";
import type { Dimension, RealDimension } from "../../src/space/dimension.js";
import { parseDimension } from "../../src/space/parse-dimension.js";
import { buildSpace, parseSpace } from "../../src/space/parse-space.js";
import { coordinateOf } from "../../src/space/prior-coordinate.js";
import { elementCoordinate, fromUnit, toUnit, unitSize } from "../../src/space/unit-cube.js";
import { checkParams, contains } from "../../src/space/values.js";
import { anyDimension, categoricalDimension, integerDimension, realDimension } from "./arbitrary-dimension.js";

/** The value of a scalar dimension at a coordinate. */
function at(prior: string, coordinate: number): unknown {
  return fromUnit(parseSpace({ x: prior }), [coordinate]).x;
}

/** Shares of the unit interval by value, on a fine grid. */
function shares(prior: string, steps = 20_000): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (let i = 0; i < steps; i++) {
    const value = at(prior, (i + 0.5) / steps);
    counts.set(value, (counts.get(value) ?? 0) + 1 / steps);
  }
  return counts;
}

const coordinate = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
  fc.constantFrom(0, 1, 1 - 2 ** -53, 2 ** -53, 5e-324, 0.5),
);

function pointOf(dimension: Dimension): fc.Arbitrary<number[]> {
  const size = unitSize(buildSpace([dimension]));
  return fc.array(coordinate, { minLength: size, maxLength: size });
}

test("every element but the fidelities has a coordinate, in the order of the space", () => {
  const space = parseSpace({
    "/v": "uniform(0, 1, shape=(2, 2))",
    "/f": "fidelity(1, 9)",
    "/c": "choices(['a', 'b'])",
    "/i": "uniform(0, 9, discrete=True, shape=2)",
  });
  expect(unitSize(space)).toBe(7);
  const params = fromUnit(space, [0.75, 0.05, 0.95, 0.1, 0.2, 0.3, 0.4]);
  expect(Object.entries(params)).toEqual([
    ["/c", "b"],
    ["/f", 9],
    ["/i", [0, 9]],
    [
      "/v",
      [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    ],
  ]);
  expect(Array.from(toUnit(space, params))).toEqual([0.75, 0.05, 0.95, 0.1, 0.2, 0.3, 0.4]);
});

test("every point gives parameters inside the space", () => {
  fc.assert(
    fc.property(
      anyDimension.chain((dimension) => fc.tuple(fc.constant(dimension), pointOf(dimension))),
      ([dimension, point]) => {
        const space = buildSpace([dimension]);
        expect(checkParams(space, fromUnit(space, point))).toEqual(fromUnit(space, point));
      },
    ),
    { numRuns: 2000 },
  );
});

test("what a point gives comes back from its coordinates", () => {
  const dimensions = fc.oneof(
    // without rounding, a value may differ in its last digits; far in the upper tail coordinates are too coarse
    realDimension.filter((dimension) => dimension.type === "real" && (dimension.precision ?? 17) <= 10),
    integerDimension,
    categoricalDimension,
  );
  fc.assert(
    fc.property(
      dimensions.chain((dimension) => fc.tuple(fc.constant(dimension), pointOf(dimension))),
      ([dimension, point]) => {
        const space = buildSpace([dimension]);
        const params = fromUnit(space, point);
        expect(fromUnit(space, toUnit(space, params))).toEqual(params);
      },
    ),
    { numRuns: 2000 },
  );
});

/** Of the coordinates near to the share of a real below an element the first that gives it back, else the share itself. */
function firstThatGives(dimension: RealDimension, element: number): number {
  const share = coordinateOf(dimension.prior, dimension, element);
  const near = [0, 1, -1, 2, -2].map((step) => share + step * 2 ** -53).filter((x) => x >= 0 && x <= 1);
  const space = buildSpace([dimension]);
  return near.find((x) => fromUnit(space, [x])[dimension.name] === element) ?? share;
}

test("the coordinate of a real is the first near its share that gives it back, also where it has more digits", () => {
  const reals = realDimension.map((dimension) => ({ ...dimension, shape: [] }) as RealDimension);
  fc.assert(
    fc.property(reals, coordinate, fc.integer({ min: -3, max: 3 }), (dimension, u, steps) => {
      const value = (fromUnit(buildSpace([dimension]), [u])[dimension.name] as number) * (1 + steps * 2 ** -52);
      const element = Math.min(Math.max(value, dimension.low), dimension.high);
      expect(elementCoordinate(dimension, element)).toBe(firstThatGives(dimension, element));
    }),
    { numRuns: 2000 },
  );
});

test("a value without rounding comes back almost exactly", () => {
  for (const prior of [
    "uniform(-3, 8, precision=None)",
    "loguniform(1e-8, 1e3, precision=None)",
    "normal(5, 2, precision=None)",
  ]) {
    const space = parseSpace({ x: prior });
    for (let u = 0.001; u < 1; u += 0.0017) {
      expect(toUnit(space, fromUnit(space, [u]))[0]).toBeCloseTo(u, 13);
    }
  }
});

test("the ends of the unit interval are the bounds themselves", () => {
  for (const prior of [
    "uniform(-3, 0.123456)",
    "loguniform(1.234567e-5, 7.654321)",
    "normal(0, 1, low=-0.123456, high=2)",
  ]) {
    const dimension = parseDimension("x", prior);
    if (dimension.type !== "real") throw new Error("not real");
    expect([at(prior, 0), at(prior, 1), at(prior, 1.0000001), at(prior, -1e-9)]).toEqual([
      dimension.low,
      dimension.high,
      dimension.high,
      dimension.low,
    ]);
  }
  expect(at("normal(0, 1)", 0)).toBeCloseTo(-8.21, 2);
  expect(at("normal(0, 1)", 1)).toBeCloseTo(8.21, 2);
});

test("values are rounded to their precision but stay inside", () => {
  expect(at("uniform(0, 1)", 1 / 3)).toBe(0.3333);
  expect(at("uniform(0, 1, precision=None)", 1 / 3)).toBe(1 / 3);
  expect(at("uniform(0, 100, precision=2)", 0.12345)).toBe(12);
  expect(at("uniform(0.33336, 0.3334, precision=2)", 0.5)).toBe(0.33336);
});

test("integers of a uniform are equally likely, both ends included", () => {
  const counts = shares("uniform(1, 6, discrete=True)");
  expect([...counts.keys()]).toEqual([1, 2, 3, 4, 5, 6]);
  for (const share of counts.values()) expect(share).toBeCloseTo(1 / 6, 3);
});

test("integers of a loguniform are as likely as their cell in ln", () => {
  const counts = shares("loguniform(1, 9, discrete=True)");
  expect([...counts.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const [k, share] of counts)
    expect(share).toBeCloseTo(Math.log(((k as number) + 1) / (k as number)) / Math.log(10), 3);
  expect([...shares("loguniform(0.5, 3, discrete=True)").keys()]).toEqual([0, 1, 2, 3]);
});

test("integers of a normal are the nearest ones, so that the mean stays", () => {
  const counts = shares("normal(3, 2, discrete=True)");
  expect(counts.get(3)).toBeCloseTo(normalCdf(0.25) - normalCdf(-0.25), 3);
  expect(counts.get(1)).toBeCloseTo(counts.get(5)!, 3);
});

test("categories take their probabilities, in order", () => {
  const counts = shares("choices({'a': 0.2, 'b': 0.5, 'c': 0.3})");
  expect([...counts.keys()]).toEqual(["a", "b", "c"]);
  for (const [category, share] of [
    ["a", 0.2],
    ["b", 0.5],
    ["c", 0.3],
  ] as const) {
    expect(counts.get(category)).toBeCloseTo(share, 3);
  }
});

// bounds, coordinate, and the quantile by bisection with 50 digits (mpmath)
test.each([
  ["low=-1, high=2", 0.1, -0.7046478210947452],
  ["low=-1, high=2", 0.5, 0.17116391801782477],
  ["low=-1, high=2", 0.9, 1.2557153641502152],
  ["low=5, high=6", 0.01, 5.001930735668297],
  ["low=5, high=6", 0.5, 5.131371763283919],
  ["low=5, high=6", 0.99, 5.77519338961656],
  ["low=-12, high=-10", 0.25, -10.13637059380162],
  ["low=-12, high=-10", 0.75, -10.028449055361556],
  ["low=30", 0.5, 30.02307046782731],
  ["low=40", 0.25, 40.007186920337574],
  ["high=-45", 0.3, -45.02673382515121],
  ["low=0.5, high=0.75", 0.3, 0.5711042680165734],
  ["low=-8, high=9", 0.9999, 3.7190164854557084],
] as const)("normal cut to %s at %d is %d", (bounds, u, value) => {
  const got = at(`normal(0, 1, ${bounds}, precision=None)`, u) as number;
  expect(Math.abs(got - value) / Math.abs(value)).toBeLessThan(1e-13);
  expect(toUnit(parseSpace({ x: `normal(0, 1, ${bounds}, precision=None)` }), { x: value })[0]).toBeCloseTo(u, 10);
});

test("a larger coordinate never gives a smaller value", () => {
  fc.assert(
    fc.property(realDimension, coordinate, coordinate, (dimension, u, v) => {
      const space = buildSpace([{ ...dimension, shape: [], defaultValue: undefined }]);
      const [low, high] = [fromUnit(space, [Math.min(u, v)]).x, fromUnit(space, [Math.max(u, v)]).x] as [
        number,
        number,
      ];
      expect(low).toBeLessThanOrEqual(high);
    }),
    { numRuns: 1000 },
  );
});

test("extreme bounds overflow nowhere", () => {
  expect(at("uniform(-1e308, 1e308)", 0.5)).toBe(0);
  expect(at("uniform(-1e308, 1e308)", 0.75)).toBe(5e307);
  expect(Number.isFinite(at("normal(1e308, 1e308)", 1))).toBe(true);
  expect(
    contains(
      parseDimension("x", "normal(0, 1e-10, low=1, high=2)"),
      at("normal(0, 1e-10, low=1, high=2)", 0.5) as number,
    ),
  ).toBe(true);
});

test.each([
  "normal(0, 1e18, low=-2, high=6, precision=None)",
  "normal(5e17, 1e18, low=-2, high=6, precision=None)",
  "normal(0, 1e308, low=-2, high=6, precision=None)",
  "normal(0, 1e18, low=-1, high=6, discrete=True)",
  "loguniform(9007199254740000, 9007199254740007, discrete=True)",
])("%s, which is flat between its bounds, is uniform there", (prior) => {
  const dimension = parseDimension("x", prior) as RealDimension;
  const { low } = dimension;
  const width = dimension.high - low + Number(prior.includes("discrete"));
  const space = buildSpace([dimension]);
  for (let eighth = 0; eighth < 8; eighth++) {
    const value = Math.floor(low + (eighth / 8) * width);
    const got = at(prior, eighth / 8) as number;
    expect(prior.includes("discrete") ? got : Math.floor(got)).toBe(value);
    expect(fromUnit(space, toUnit(space, { x: got }))).toEqual({ x: got });
  }
});

test("a value that is further out than a probability can say lies at an end", () => {
  const coordinateIn = (prior: string, x: number) => toUnit(parseSpace({ x: prior }), { x })[0];
  expect(coordinateIn("normal(0, 1)", -1e200)).toBe(0);
  expect(coordinateIn("normal(0, 1)", 1e200)).toBe(1);
  expect(coordinateIn("normal(0, 1e-200, low=-1, high=1)", -0.5)).toBe(0);
});

test("a point of the wrong length or with a NaN is refused", () => {
  const space = parseSpace({ x: "uniform(0, 1)" });
  expect(() => fromUnit(space, [])).toThrow(RangeError);
  expect(() => fromUnit(space, [NaN])).toThrow(RangeError);
  expect(() => toUnit(space, {})).toThrow(RangeError);
  expect(() => toUnit(parseSpace({ c: "choices(['a'])" }), { c: "b" })).toThrow(RangeError);
});

test("rounding gives no bound more than its share", () => {
  for (const prior of ["uniform(12345678, 12395999)", "loguniform(0.0123456, 0.0129999, precision=3)"]) {
    const inside = shares(prior);
    const { low, high } = parseDimension("x", prior) as Extract<Dimension, { type: "real" }>;
    expect(
      [low, high].filter((bound) => inside.has(bound)),
      prior,
    ).toEqual([]);
    expect([at(prior, 0), at(prior, 1)]).toEqual([low, high]);
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "../../src/errors.js";
import { parseDimension } from "../../src/space/parse-dimension.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { checkParams, contains, defaultOf, formatValue, getParam, parseValue } from "../../src/space/values.js";

const space = parseSpace({
  "/x": "uniform(-5, 5)",
  "/kind": "choices(['a', 'b', 3, '3', 0.001, True, None], default_value='b')",
  "/epochs": "fidelity(1, 9)",
  "/n": "uniform(1, 6, discrete=True, default_value=2)",
});

test("parameters are completed by defaults, in the order of the space and under its names", () => {
  expect(Object.entries(checkParams(space, { x: 3, "/kind": "a" }))).toEqual([
    ["/epochs", 9],
    ["/kind", "a"],
    ["/n", 2],
    ["/x", 3],
  ]);
});

test.each([
  [{ "/x": 300 }, "Value 300 is outside", '"/x"'],
  [{ "/x": Number.NaN }, "Value nan is outside", '"/x"'],
  [{ "/x": "1" }, "Value '1' is outside", '"/x"'],
  [{ "/x": [1] }, "Value [1] is outside", '"/x"'],
  [{ "/x": 1, z: 1 }, "There is no dimension", '"z"'],
  [{ "/kind": "a" }, "has no value and no default", '"/x"'],
  [{ "/x": 1, "/kind": "c" }, "Value 'c' is outside", '"/kind"'],
  [{ "/x": 1, "/n": 1.5 }, "Value 1.5 is outside", '"/n"'],
  [{ "/x": 1, "/epochs": 10 }, "Value 10 is outside", '"/epochs"'],
  [{ "/x": 1, x: 1 }, "has two values", '"x"'],
])("%j is refused by name", (params, message, culprit) => {
  expect(() => checkParams(space, params)).toThrow(UsageError);
  expect(() => checkParams(space, params)).toThrow(message);
  expect(() => checkParams(space, params)).toThrow(culprit);
});

test("bounds are inclusive, shapes must fit, integers must be whole", () => {
  const vector = parseDimension("v", "uniform(0, 1, shape=(2, 1))");
  expect(contains(vector, [[0], [1]])).toBe(true);
  for (const value of [0.5, [0, 1], [[0]], [[0], [1.1]], [[0], ["1"]]]) expect(contains(vector, value)).toBe(false);
  const integer = parseDimension("i", "uniform(0.5, 2.5, discrete=True)");
  expect([0, 3, 2].every((value) => contains(integer, value))).toBe(true);
  expect([-1, 4, 1.5, Infinity].some((value) => contains(integer, value))).toBe(false);
  expect(contains(parseDimension("c", "choices([[1, 2], None])"), [1, 2])).toBe(true);
});

test("the text of a category finds it, a number before a string of the same text", () => {
  const kind = space.dimensions[1]!;
  const texts = ["a", "'a'", "3", "'3'", "0.001", "1e-3", "True", "None"];
  expect(texts.map((text) => parseValue(kind, text))).toEqual(["a", "a", 3, "3", 0.001, 0.001, true, null]);
  expect(() => parseValue(kind, "c")).toThrow(/Value c is outside/);
});

test("numbers and lists are read, other words are refused", () => {
  expect(parseValue(space.dimensions[3]!, "-1.5")).toBe(-1.5);
  expect(parseValue(space.dimensions[3]!, "10**-1")).toBe(0.1);
  expect(parseValue(space.dimensions[2]!, "3.0")).toBe(3);
  expect(parseValue(parseDimension("v", "uniform(0, 1, shape=2)"), "[0.25, 0.5]")).toEqual([0.25, 0.5]);
  expect(parseValue(parseDimension("v", "choices(['a', 1], shape=2)"), "['a', 1]")).toEqual(["a", 1]);
  for (const [index, text] of [
    [3, "abc"],
    [3, "[1]"],
    [2, "1.5"],
    [3, "True"],
    [3, ""],
    [3, "nan"],
  ] as const) {
    expect(() => parseValue(space.dimensions[index]!, text)).toThrow(UsageError);
  }
});

test("a value is written as Python's str writes it", () => {
  const text = (prior: string, value: Parameters<typeof formatValue>[1]) =>
    formatValue(parseDimension("d", prior), value);
  expect(text("uniform(0, 5)", 1)).toBe("1.0");
  expect(text("uniform(0, 5, discrete=True)", 1)).toBe("1");
  expect(text("fidelity(1, 5)", 5)).toBe("5");
  expect(text("uniform(0, 5, shape=2)", [0.25, 1])).toBe("[0.25, 1.0]");
  expect(text("choices(['a b', 1.0])", "a b")).toBe("a b");
  expect(text("choices(['a b', 1.0])", 1)).toBe("1.0");
  expect(text("choices(['a', 1.0], shape=2)", ["a", 1])).toBe("['a', 1.0]");
  expect(text("choices([(1, 2), None])", [1, 2])).toBe("(1, 2)");
  expect(text("choices([[1.0, 2], None], shape=2)", [null, [1, 2]])).toBe("[None, [1.0, 2]]");
});

test("a real value read from its own text is the same", () => {
  const real = parseDimension("r", "normal(0, 1, precision=None)");
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseValue(real, formatValue(real, value))).toBe(value);
    }),
  );
});

test("a parameter is found with or without its slash", () => {
  expect(getParam({ "/lr": 1 }, "lr")).toBe(1);
  expect(getParam({ lr: 1 }, "/lr")).toBe(1);
  expect(getParam({ lr: 1 }, "x")).toBeUndefined();
  expect(getParam({}, "toString")).toBeUndefined();
});

test("the default of a fidelity is its highest", () => {
  expect(space.dimensions.map(defaultOf)).toEqual([9, "b", 2, undefined]);
});

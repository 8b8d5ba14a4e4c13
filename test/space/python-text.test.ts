import { expect, test } from "vitest";
import { numberText, pythonFloat, pythonInt, pythonRepr, pythonStr } from "../../src/space/python-text.js";

// right-hand sides printed by CPython 3.12
test.each([
  [1e-5, "1e-05"],
  [0.0001, "0.0001"],
  [0.25, "0.25"],
  [1, "1.0"],
  [-1.5, "-1.5"],
  [123456.789, "123456.789"],
  [1e15, "1000000000000000.0"],
  [1e16, "1e+16"],
  [1.2345678901234568e16, "1.2345678901234568e+16"],
  [123456789012345.6, "123456789012345.6"],
  [1e22, "1e+22"],
  [1e100, "1e+100"],
  [1.5e-7, "1.5e-07"],
  [5e-324, "5e-324"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
  [0, "0.0"],
  [-0, "-0.0"],
  [NaN, "nan"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
])("the float %d is written %s", (value, text) => {
  expect(pythonFloat(value)).toBe(text);
});

test("an int shows all its digits", () => {
  expect([3, -7, 2 ** 53, 1e22].map(pythonInt)).toEqual(["3", "-7", "9007199254740992", "10000000000000000000000"]);
});

test("a number of a prior drops .0 below 1e16", () => {
  expect([1, 0.5, 1e15, 1e16, -2, -Infinity, 1e-5].map(numberText)).toEqual([
    "1",
    "0.5",
    "1000000000000000",
    "1e+16",
    "-2",
    "-inf",
    "1e-05",
  ]);
});

test.each([
  ["a", "'a'"],
  ["it's", `"it's"`],
  [`both ' and "`, `'both \\' and "'`],
  ['say "x"', `'say "x"'`],
  ["a\\b\n\r\t", "'a\\\\b\\n\\r\\t'"],
  ["\0\x1f\x7f\xa0\xad", "'\\x00\\x1f\\x7f\\xa0\\xad'"],
  ["é中😀", "'é中😀'"],
  ["\u2028\u3000\ufeff\ue000", "'\\u2028\\u3000\\ufeff\\ue000'"],
  ["\ud800", "'\\ud800'"],
  ["\u{e0001}", "'\\U000e0001'"],
])("the string %j is quoted as %s", (value, text) => {
  expect(pythonRepr(value)).toBe(text);
});

test("lists, dicts and constants are written as Python does", () => {
  expect(pythonStr([0.25, 1], "float")).toBe("[0.25, 1.0]");
  expect(pythonStr([0.25, 1])).toBe("[0.25, 1]");
  expect(pythonStr(["a", null, true, false])).toBe("['a', None, True, False]");
  expect(pythonStr({ a: [1], b: {} })).toBe("{'a': [1], 'b': {}}");
  expect(pythonStr("a b")).toBe("a b");
});

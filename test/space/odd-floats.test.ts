import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson, encodeJson } from "../../src/space/odd-floats.js";

test("odd floats and large integers survive", () => {
  const value = { a: [NaN, Infinity, -Infinity, -0, 0], b: 2 ** 53, c: -(2 ** 53), d: 5e-324 };
  expect(decodeJson(encodeJson(value))).toEqual(value);
  expect(Object.is((decodeJson(encodeJson([-0])) as number[])[0], -0)).toBe(true);
});

test("an odd float is written as an object that names it", () => {
  expect(encodeJson({ a: NaN, b: -0 })).toBe('{"a":{"$number":"NaN"},"b":{"$number":"-0"}}');
});

test("a document that uses the key $number itself survives", () => {
  for (const value of [{ $number: "NaN" }, { $number: NaN }, { $$number: { $number: 1 } }, { $number: "x", b: 1 }]) {
    expect(decodeJson(encodeJson(value))).toEqual(value);
  }
});

test("ordinary values are standard JSON", () => {
  const value = { a: [1, 2.5, "x", null, true], b: { c: {} } };
  expect(encodeJson(value)).toBe(JSON.stringify(value));
});

test("an odd float that an object becomes, or that lies deep, is written as one too", () => {
  expect(encodeJson({ a: { toJSON: () => [NaN] } })).toBe('{"a":[{"$number":"NaN"}]}');
  let deep: unknown = -0;
  for (let depth = 0; depth < 100; depth++) deep = [deep];
  expect(decodeJson(encodeJson(deep))).toEqual(deep);
});

test("a key __proto__ stays an ordinary member", () => {
  const value = JSON.parse('{"__proto__": {"$number": 1}, "$number": 2}');
  expect(Object.keys(decodeJson(encodeJson(value)) as object)).toEqual(["__proto__", "$number"]);
});

test("what JSON cannot hold is refused", () => {
  expect(() => encodeJson(undefined)).toThrow(TypeError);
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle];
  expect(() => encodeJson(cycle)).toThrow(TypeError);
  expect(() => decodeJson("{")).toThrow(SyntaxError);
});

test("any document of numbers, strings and lists survives", () => {
  const key = fc.oneof(fc.string(), fc.constantFrom("$number", "$$number", "number", "__proto__"));
  const document = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double(),
      fc.constantFrom(NaN, -0, Infinity, "NaN", "-0", null, true),
      fc.string(),
      fc.array(tie("value")),
      fc.array(fc.tuple(key, tie("value"))).map((entries) => Object.fromEntries(entries)),
    ),
  })).value;
  fc.assert(
    fc.property(document, (value) => {
      expect(decodeJson(encodeJson(value))).toEqual(value);
    }),
  );
});

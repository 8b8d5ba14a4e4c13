import { describe, expect, it } from "vitest";
import { seedText } from "../../src/algorithms/seed.js";
import { UsageError } from "../../src/errors.js";

describe("seedText", () => {
  it.each([
    [null, undefined],
    [1, "1"],
    [-3, "-3"],
    ["1", "1"],
    ["any text", "any text"],
    [[1], "1"],
    [[1, 2, 3], "1,2,3"],
  ])("reads %j as %j", (seed, expected) => {
    expect(seedText(seed)).toBe(expected);
  });

  it.each([[1.5], [""], [[]], [["a"]], [true], [{}], [Number.NaN], [2 ** 60]])("refuses %j", (seed) => {
    expect(() => seedText(seed)).toThrow(UsageError);
  });
});

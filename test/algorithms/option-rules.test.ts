import { expect, it } from "vitest";
import {
  countFrom,
  numberFrom,
  type OptionRule,
  oneOf,
  orNull,
  positiveNumber,
  positiveUpTo,
  properShare,
  trueOrFalse,
  wholeNumber,
} from "../../src/algorithms/option-rules.js";

const { NaN: none, POSITIVE_INFINITY: infinity } = Number;

it.each<[string, OptionRule, readonly unknown[], readonly unknown[]]>([
  ["wholeNumber(2)", wholeNumber(2), [2, 3], [1, 2.5, "2", none, infinity, null]],
  ["wholeNumber(2, 4)", wholeNumber(2, 4), [2, 4], [1, 5]],
  ["countFrom(2)", countFrom(2), [2, 100_000], [1, 100_001, 2.5]],
  ["numberFrom(0, 1)", numberFrom(0, 1), [0, 0.5, 1], [-1e-9, 1.1, "1", none, null]],
  ["positiveNumber", positiveNumber, [1e-9, 7], [0, -1, "1", none, infinity]],
  ["positiveUpTo(2)", positiveUpTo(2), [1e-9, 2], [0, -1, 2.1, "1", none, infinity, null]],
  ["properShare", properShare, [1e-9, 0.5], [0, 1, -1, "half", none, null]],
  ["trueOrFalse", trueOrFalse, [true, false], [0, 1, "true", null]],
  ["oneOf(a, b)", oneOf(["a", "b"]), ["a", "b"], ["c", "A", 1, null, "length"]],
  ["orNull(oneOf(a))", orNull(oneOf(["a"])), ["a", null], ["b", undefined]],
])("%s accepts what it says, and nothing else", (_, [isRight], right, wrong) => {
  expect(right.filter((value) => !isRight(value))).toEqual([]);
  expect(wrong.filter((value) => isRight(value))).toEqual([]);
});

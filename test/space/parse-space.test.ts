import { expect, test } from "vitest";
import { UsageError } from "../../src/errors.js";
import { parseSpace } from "../../src/space/parse-space.js";

const names = (texts: Record<string, string>) => parseSpace(texts).dimensions.map(({ name }) => name);

test("dimensions stand in the order of code points", () => {
  const priors = Object.fromEntries(
    ["b", "a.b", "B", "/z", "a", "é", "\u{1f600}", "\uffee"].map((name) => [name, "uniform(0, 1)"]),
  );
  expect(names(priors)).toEqual(["/z", "B", "a", "a.b", "b", "é", "\uffee", "\u{1f600}"]);
});

test("what is removed or renamed is no dimension, what is added is one", () => {
  expect(names({ "/a": "+uniform(0, 1)", "/b": "-0.5", "/c": ">a" })).toEqual(["/a"]);
});

test("two names that differ by a leading slash only are refused", () => {
  expect(() => parseSpace({ "/x": "uniform(0, 1)", x: "uniform(0, 1)" })).toThrow(UsageError);
  expect(() => parseSpace({ "/x": "uniform(0, 1)", x: "uniform(0, 1)" })).toThrow(
    /"x" is defined twice, once as "\/x"/,
  );
});

test("a dimension has a name", () => {
  for (const name of ["", "/"]) expect(() => parseSpace({ [name]: "uniform(0, 1)" })).toThrow(/no name/);
});

test("an error names the dimension it is about", () => {
  expect(() => parseSpace({ "/x": "unifrom(0, 1)" })).toThrow('Dimension "/x": there is no prior "unifrom".');
});

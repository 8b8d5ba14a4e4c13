import { expect, test } from "vitest";
import { SpaceSyntaxError } from "../../src/errors.js";
import { requireResolution } from "../../src/space/require-resolution.js";

function refusal(prior: string): SpaceSyntaxError | undefined {
  try {
    requireResolution({ "/x": prior });
    return undefined;
  } catch (error) {
    if (error instanceof SpaceSyntaxError) return error;
    throw error;
  }
}

test.each([
  ["uniform(1000000, 1000010)", "one value between 1000000 and 1000010", "Write precision=9, or discrete=True"],
  ["uniform(20150, 20152)", "one value", "Write precision=8, or discrete=True"],
  ["uniform(12345678, 12345999)", "no value", "Write precision=9, or discrete=True"],
  ["uniform(0.12341, 0.12349)", "no value", "Write precision=8."],
  ["loguniform(1e6, 1000010)", "one value", "Write precision=9"],
  ["normal(1000000, 1, low=999998, high=1000002)", "one value", "Write precision=9"],
  ["uniform(1000, 2000, low=1001, high=1009)", "9 values", "Write precision=7"],
  ["uniform(1, 1 + 1e-15, shape=2)", "one value", "Write precision=None."],
])("%s is refused: %s, %s", (prior, values, remedy) => {
  const error = refusal(prior);
  expect(error?.message).toContain(`keeps 4 significant digits, which leaves ${values}`);
  expect(error?.remedy).toContain(remedy);
  expect(error).toMatchObject({ text: prior, position: 0 });
});

test("a precision that the user chose may be a grid, but not a single value", () => {
  expect(refusal("uniform(1, 2, precision=1)")).toBeUndefined();
  const prior = "uniform(1.1, 1.9, precision=1)";
  expect(refusal(prior)).toMatchObject({ position: prior.indexOf("precision"), remedy: "Write precision=5." });
});

test.each([
  "uniform(0, 1)",
  "uniform(0, 1e-9)",
  "uniform(-1, 1)",
  "uniform(1000, 1009)",
  "+uniform(1, 2)",
  "-",
  "normal(0, 1)",
  "normal(10, 0.001)",
  "normal(10, 0.001, low=10)",
  "loguniform(1e-5, 1)",
  "uniform(20150, 20152, precision=8)",
  "uniform(20150, 20152, precision=None)",
  "uniform(20150, 20152, discrete=True)",
  "choices([1, 2])",
  "fidelity(1, 2)",
])("%s has values enough", (prior) => {
  expect(refusal(prior)).toBeUndefined();
});

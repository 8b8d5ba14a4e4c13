import { describe, expect, it } from "vitest";
import { collectCurves } from "../../src/stopping/all-curves.js";
import { resolveRule } from "../../src/stopping/resolve-rule.js";
import type { Curve } from "../../src/stopping/stopping-rule.js";

const curve = (...values: readonly number[]): Curve => ({ steps: values.map((_, index) => index + 1), values });
const asOthers = (curves: readonly Curve[]) => {
  const all = collectCurves();
  for (const [index, { steps, values }] of curves.entries()) {
    for (const [at, step] of steps.entries()) all.add(index + 1, { step, value: values[at]! });
  }
  return all.othersOf(0);
};
const judge = async (
  name: string,
  options: Readonly<Record<string, unknown>>,
  { own, others = [], sign = 1 }: { own: Curve; others?: readonly Curve[]; sign?: 1 | -1 },
) => {
  const resolved = await resolveRule({ name, options });
  return resolved.rule.judge({ options: resolved.options, curve: own, others: asOthers(others), sign });
};

describe("median", () => {
  const others = [1, 2, 3, 4, 5].map((value) => curve(9, value));

  it("stops what is worse than the middle of those that came so far", async () => {
    expect(await judge("median", {}, { own: curve(9, 3.1), others })).toMatch(/best 50 % of 5 trials/);
    expect(await judge("median", {}, { own: curve(9, 3), others })).toBeUndefined();
    expect(await judge("median", {}, { own: curve(9, Number.NaN), others })).toBeDefined();
  });

  it("looks at the best value so far, and at others where they were then", async () => {
    expect(await judge("median", {}, { own: curve(2, 8), others })).toBeUndefined();
    const later = others.map(({ values }) => curve(...values, -100));
    expect(await judge("median", {}, { own: curve(9, 2.9), others: later })).toBeUndefined();
  });

  it("compares with values that are infinite, or so large that their difference is", async () => {
    const best = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 2, 3];
    const among = (values: readonly number[], own: number) =>
      judge("median", {}, { own: curve(own), others: values.map((value) => curve(value)) });
    expect(await among(best, Number.NEGATIVE_INFINITY)).toBeUndefined();
    expect(await among(best, 0)).toBeDefined();
    expect(await among([-1e308, -1e308, -1e308, 1e308, 1e308, 1e308], 5e307)).toBeDefined();
    const worst = [1, 2, 3, Number.NaN, Number.NaN, Number.NaN];
    expect(await among(worst, 1e300)).toBeUndefined();
    expect(await among([...best.slice(0, 3), ...worst.slice(3)], 0)).toBeUndefined();
  });

  it("waits for enough trials, and for the warm-up", async () => {
    expect(await judge("median", {}, { own: curve(9, 9, 9), others })).toBeUndefined(); // nobody came to step 3
    expect(await judge("median", { n_startup_trials: 6 }, { own: curve(9, 9), others })).toBeUndefined();
    expect(await judge("median", { n_warmup_steps: 3 }, { own: curve(9, 9), others })).toBeUndefined();
  });
});

describe("percentile", () => {
  it("lets the best share go on", async () => {
    const others = [1, 2, 3, 4, 5].map((value) => curve(value));
    expect(await judge("percentile", { percentile: 25 }, { own: curve(2), others })).toBeUndefined();
    expect(await judge("percentile", { percentile: 25 }, { own: curve(2.5), others })).toBeDefined();
    expect(await judge("percentile", { percentile: 100 }, { own: curve(5), others })).toBeUndefined();
  });
});

describe("asha", () => {
  const others = Array.from({ length: 8 }, (_, index) => curve(index, index, index));

  it("lets one in η go on at each rung, by the value with which it came there", async () => {
    const at = (value: number) => judge("asha", {}, { own: curve(0, 0, value), others });
    expect(await at(1.5)).toBeUndefined(); // third of nine
    expect(await at(2.5)).toMatch(/3 of 8 trials were better at step 3/);
  });

  it("judges nobody between the rungs, and lets the first ones go on", async () => {
    expect(await judge("asha", {}, { own: curve(0, 99), others })).toBeUndefined();
    expect(await judge("asha", {}, { own: curve(0, 0, 0, 99), others })).toBeUndefined();
    expect(await judge("asha", {}, { own: curve(0, 0, 99) })).toBeUndefined();
  });

  it("counts those that jumped over a rung", async () => {
    const jumped: Curve = { steps: [1, 5], values: [7, 0] };
    expect(await judge("asha", {}, { own: curve(0, 0, 1), others: [jumped] })).toBeDefined();
    const own: Curve = { steps: [1, 5], values: [7, 1] };
    expect(await judge("asha", {}, { own, others: [jumped] })).toMatch(/step 3/);
  });
});

describe("patience", () => {
  it("stops after so many reports without an improvement", async () => {
    expect(await judge("patience", { patience: 2 }, { own: curve(3, 2, 2) })).toBeUndefined();
    expect(await judge("patience", { patience: 2 }, { own: curve(3, 2, 2, 2) })).toMatch(/2 reports/);
    expect(await judge("patience", { patience: 2, min_delta: 1 }, { own: curve(3, 2.5, 2.1) })).toBeDefined();
    expect(await judge("patience", { patience: 2 }, { own: curve(Number.NaN, Number.NaN) })).toBeDefined();
  });
});

describe("threshold", () => {
  it("stops outside of its limits, in the user's own sign", async () => {
    expect(await judge("threshold", { upper: 10 }, { own: curve(10) })).toBeUndefined();
    expect(await judge("threshold", { upper: 10 }, { own: curve(11) })).toBe("its value 11 is above 10");
    expect(await judge("threshold", { lower: 0.5 }, { own: curve(-0.4), sign: -1 })).toBe("its value 0.4 is below 0.5");
    expect(await judge("threshold", { upper: 1 }, { own: curve(Number.NaN) })).toMatch(/not a number/);
  });
});

it.each([
  ["nothing", {}, /no stopping rule "nothing"/],
  ["median", { steps: 1 }, /no option "steps"/],
  ["median", { n_startup_trials: 0 }, /n_startup_trials is 0/],
  ["percentile", { percentile: 101 }, /percentile is 101/],
  ["asha", { reduction_factor: 1 }, /reduction_factor is 1/],
  ["patience", { patience: "x" }, /patience is "x"/],
  ["threshold", {}, /has no limit/],
])("refuses %s with %o", async (name, options, message) => {
  await expect(resolveRule({ name, options })).rejects.toThrow(message);
});

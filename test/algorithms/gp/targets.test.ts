import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TargetTransform, targetsOf as transformed } from "../../../src/algorithms/gp/targets.js";

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });

function targetsOf(objectives: Float64Array, transform: TargetTransform): Float64Array {
  return transformed(objectives, transform).values;
}

function moments(values: Float64Array): readonly [mean: number, variance: number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
}

describe.each(["plain", "softened", "power"] as const)("targets that are %s", (transform) => {
  it("has mean 0 and variance 1, and keeps the order", () => {
    fc.assert(
      fc.property(numbers, (list) => {
        fc.pre(new Set(list).size > 1);
        const targets = targetsOf(Float64Array.from(list), transform);
        const [mean, variance] = moments(targets);
        expect(mean).toBeCloseTo(0, 8);
        expect(variance).toBeCloseTo(1, 8);
        for (const [i, a] of list.entries()) {
          for (const [j, b] of list.entries()) if (a < b) expect(targets[i]).toBeLessThan(targets[j]!);
        }
      }),
    );
  });

  it("does not depend on scale and offset", () => {
    const plain = targetsOf(Float64Array.of(1, 2, 3, 5, 8, 13, 700), transform);
    const other = targetsOf(
      Float64Array.of(1, 2, 3, 5, 8, 13, 700).map((y) => 1e200 * y - 3e201),
      transform,
    );
    for (const [i, target] of plain.entries()) expect(other[i]).toBeCloseTo(target, 6);
  });

  it("takes what has no objective as the worst that has one", () => {
    const targets = targetsOf(Float64Array.of(3, Number.POSITIVE_INFINITY, 1, 7), transform);
    expect(targets[1]).toBe(targets[3]);
  });

  it.each([
    ["equal", [4, 4, 4]],
    ["one", [4]],
    ["unusable", [Infinity, Infinity]],
  ])("is 0 when all are %s", (_, list) => {
    expect([...targetsOf(Float64Array.from(list), transform)]).toEqual(list.map(() => 0));
  });

  it("is finite for any numbers", () => {
    for (const list of [
      [-1e308, 1e308],
      [5e-324, 0, 1],
      [1e-300, 2e-300, 1e300, -0],
      [1, 1, 1, 1, 1, 1e308],
    ]) {
      expect(targetsOf(Float64Array.from(list), transform).every(Number.isFinite)).toBe(true);
    }
  });

  it("tells by how much densities change", () => {
    const apart = [1, 1.7, 2, 3.1, 4, 8, 30, 1000].flatMap((objective) => [objective, objective * (1 + 1e-7)]);
    const { values, logSlope } = transformed(Float64Array.from(apart), transform);
    let expected = apart.length * Math.log(apart.at(-1)! - apart[0]!);
    for (let i = 0; i < apart.length; i += 2) {
      expected += 2 * Math.log((values[i + 1]! - values[i]!) / (apart[i + 1]! - apart[i]!));
    }
    expect(logSlope).toBeCloseTo(expected, 3);
  });
});

describe("targets after a power transform", () => {
  it("keeps the better ones apart beside huge ones", () => {
    const beside = (huge: number) => targetsOf(Float64Array.of(1, 2, 3, 4, 5, 6, 7, huge), "power");
    const [first, second] = beside(1e10);
    expect(second! - first!).toBeGreaterThan(0.05);
    const [one, two] = beside(1e308);
    expect(two! - one!).toBeGreaterThan(0.001);
  });
});

describe("targetsOf by ranks", () => {
  it("sees nothing but the order", () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const plain = targetsOf(Float64Array.from(list), "ranks");
        expect(
          targetsOf(
            Float64Array.from(list, (value) => value ** 3 - 1e9),
            "ranks",
          ),
        ).toEqual(plain);
      }),
    );
  });

  it("has mean 0 and variance 1, evenly about 0, and one target for equal objectives", () => {
    const targets = targetsOf(Float64Array.of(5, 1, 5, 1e300, -2, 6), "ranks");
    const [mean, variance] = moments(targets);
    expect(mean).toBeCloseTo(0, 12);
    expect(variance).toBeCloseTo(1, 12);
    expect(targets[0]).toBe(targets[2]);
    expect(targets[4]).toBeCloseTo(-targets[3]!, 12);
    expect(targets[0]).toBeCloseTo(0, 12);
    expect(targets[1]).toBeLessThan(targets[0]!);
  });

  it("takes what has no objective as the worst that has one, and is 0 when no others differ", () => {
    const targets = targetsOf(Float64Array.of(3, Number.POSITIVE_INFINITY, 1, 7), "ranks");
    expect(targets[1]).toBe(targets[3]);
    expect([...targetsOf(Float64Array.of(4, Number.POSITIVE_INFINITY, 4), "ranks")]).toEqual([0, 0, 0]);
  });
});

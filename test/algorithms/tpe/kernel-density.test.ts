import { describe, expect, it } from "vitest";
import { axesOf, middleOfShare } from "../../../src/algorithms/tpe/axes.js";
import { kernelDensity } from "../../../src/algorithms/tpe/kernel-density.js";
import { normalCdf, normalPdf } from "../../../src/math/normal.js";
import { keyedRng } from "../../../src/math/rng.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { toUnit } from "../../../src/space/unit-cube.js";

const priorWeight = 1;

describe("the density on reals", () => {
  const axes = axesOf(parseSpace({ "/x": "uniform(0, 1)", "/y": "loguniform(1e-5, 1)" }));
  const centers = Float64Array.of(0.1, 0.9, 0.3, 0.5, 0.95, 0.02);
  const weights = Float64Array.of(1, 0.5, 2);
  const bandwidths = Float64Array.of(0.1, 0.2);
  const density = kernelDensity({ axes, centers, weights, bandwidths, priorWeight });

  /** The definition, term by term. */
  const expected = (point: readonly number[]) => {
    let sum = priorWeight;
    for (let k = 0; k < 3; k++) {
      let product = weights[k]!;
      for (let j = 0; j < 2; j++) {
        const [mu, h] = [centers[k * 2 + j]!, bandwidths[j]!];
        const inside = normalCdf((1 - mu) / h) - normalCdf(-mu / h);
        product *= normalPdf((point[j]! - mu) / h) / h / inside;
      }
      sum += product;
    }
    return sum / (3.5 + priorWeight);
  };

  it("is a mixture of normals cut to [0, 1], and of the prior", () => {
    for (const point of [
      [0.1, 0.9],
      [0.5, 0.5],
      [0, 0],
      [1, 1],
      [0.31, 0.45],
    ]) {
      expect(density.logDensity(Float64Array.from(point))).toBeCloseTo(Math.log(expected(point)), 4);
    }
  });

  it("sums to 1", () => {
    let sum = 0;
    for (let i = 0; i < 200; i++) {
      for (let j = 0; j < 200; j++)
        sum += Math.exp(density.logDensity(Float64Array.of((i + 0.5) / 200, (j + 0.5) / 200)));
    }
    expect(sum / 200 ** 2).toBeCloseTo(1, 3);
  });

  it("is the one that samples are drawn from", () => {
    const rng = keyedRng("samples");
    const point = new Float64Array(2);
    let [below, mean] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      density.sample(rng, point);
      expect(point.every((x) => x >= 0 && x <= 1)).toBe(true);
      if (point[0]! < 0.5) below++;
      mean += point[1]! / 20_000;
    }
    let [belowExpected, meanExpected] = [0, 0];
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < 100; j++) {
        const [x, y] = [(i + 0.5) / 100, (j + 0.5) / 100] as const;
        const mass = expected([x, y]) / 1e4;
        if (x < 0.5) belowExpected += mass;
        meanExpected += y * mass;
      }
    }
    expect(Math.abs(below / 20_000 - belowExpected)).toBeLessThan(0.015);
    expect(Math.abs(mean - meanExpected)).toBeLessThan(0.01);
  });

  it("is that of the prior without kernels, and nowhere below its floor", () => {
    const none = new Float64Array(0);
    const empty = kernelDensity({ axes, centers: none, weights: none, bandwidths, priorWeight });
    expect(empty.logDensity(Float64Array.of(0.2, 0.7))).toBe(0);
    expect(density.logDensity(Float64Array.of(0.6, 0.99))).toBeGreaterThanOrEqual(density.logFloor);
  });

  it("keeps to numbers in hundreds of dimensions", () => {
    const size = 400;
    const wide = axesOf(parseSpace({ "/x": `uniform(0, 1, shape=${size})` }));
    const many = kernelDensity({
      axes: wide,
      centers: new Float64Array(size).fill(0.5),
      weights: Float64Array.of(1),
      bandwidths: new Float64Array(size).fill(0.003),
      priorWeight,
    });
    expect(many.logDensity(new Float64Array(size).fill(0.5))).toBeCloseTo(
      size * Math.log(normalPdf(0) / 0.003) - Math.LN2,
      6,
    );
    expect(many.logDensity(new Float64Array(size).fill(0.6))).toBeCloseTo(-Math.LN2, 12);
  });
});

describe("the density on values that can be counted", () => {
  const space = parseSpace({
    "/c": "choices({'a': 0.7, 'b': 0.2, 'c': 0.1})",
    "/k": "loguniform(1, 9, discrete=True)",
    "/n": "uniform(0, 200, discrete=True)",
  });
  const axes = axesOf(space);
  const pointOf = (c: string, k: number, n: number) => toUnit(space, { "/c": c, "/k": k, "/n": n });
  const centers = Float64Array.of(...pointOf("b", 2, 40), ...pointOf("a", 9, 0), ...pointOf("b", 5, 200));
  const bandwidths = Float64Array.of(1, 0.15, 0.03);
  const density = kernelDensity({ axes, centers, weights: Float64Array.of(1, 1, 0.3), bandwidths, priorWeight });
  const priors = { a: 0.7, b: 0.2, c: 0.1 } as const;

  it("gives all combinations together the probability 1", () => {
    let sum = 0;
    for (const [c, p] of Object.entries(priors)) {
      for (let k = 1; k <= 9; k++) {
        const width = Math.log((k + 1) / k) / Math.log(10);
        for (let n = 0; n <= 200; n++) sum += (Math.exp(density.logDensity(pointOf(c, k, n))) * p * width) / 201;
      }
    }
    expect(sum).toBeCloseTo(1, 4);
  });

  it("draws each as often as it says", () => {
    const rng = keyedRng("counts");
    const point = new Float64Array(3);
    const draws = 20_000;
    let [both, expected] = [0, 0];
    for (let i = 0; i < draws; i++) {
      density.sample(rng, point);
      expect(axes.map((axis, j) => middleOfShare(axis, point[j]!))).toEqual([...point]);
      // category b, which is [0.7, 0.9), and k = 2, which is [log 2, log 3)
      if (point[0]! > 0.7 && point[0]! < 0.9 && point[1]! > Math.log10(2) && point[1]! < Math.log10(3)) both++;
    }
    for (let n = 0; n <= 200; n++)
      expected += (Math.exp(density.logDensity(pointOf("b", 2, n))) * 0.2 * Math.log10(1.5)) / 201;
    expect(Math.abs(both / draws - expected)).toBeLessThan(0.012);
  });

  it("never forgets a category", () => {
    expect(Number.isFinite(density.logDensity(pointOf("c", 1, 100)))).toBe(true);
  });
});

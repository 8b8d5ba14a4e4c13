import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviationAt, startGaussian } from "../../../src/algorithms/cmaes/gaussian.js";
import { keepMargin, withinCell } from "../../../src/algorithms/cmaes/margin.js";
import { searchModelOf } from "../../../src/algorithms/cmaes/search-model.js";
import { normalCdf } from "../../../src/math/normal.js";
import { parseSpace } from "../../../src/space/parse-space.js";

const model = searchModelOf(parseSpace({ "/k": "uniform(0, 9, discrete=True)", "/x": "uniform(0, 1)" }));
const populationSize = 6;

/** After the margin was kept: the mean, the deviation, and the probability of another integer than the mean's. */
function withMargin(mean: number, stepSize: number) {
  const gaussian = startGaussian({ mean: Float64Array.of(mean, 0.5), stepSize });
  keepMargin(gaussian, model, populationSize);
  const [centre, deviation] = [gaussian.mean[0]!, deviationAt(gaussian, 0)];
  const { start, end } = model.integers.get(0)!(centre);
  const leaves = normalCdf((start - centre) / deviation) + normalCdf((centre - end) / deviation);
  return { centre, deviation, leaves, real: [gaussian.mean[1], deviationAt(gaussian, 1)] };
}

describe("keepMargin", () => {
  const alpha = 1 / (populationSize * 2);

  it("lets a sample leave the cell of the mean with probability 1/(λ n), however small the step", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
        (mean, step) => {
          const { centre, leaves, real } = withMargin(mean, step);
          expect(leaves).toBeGreaterThan(alpha - 1e-6);
          expect(Math.abs(centre - mean)).toBeLessThanOrEqual(0.1); // a cell
          expect(real).toEqual([0.5, step]);
        },
      ),
    );
  });

  it("changes nothing where a sample leaves it anyway", () => {
    expect(withMargin(0.55, 0.2)).toMatchObject({ centre: 0.55, deviation: 0.2 });
  });
});

describe("withinCell", () => {
  const gaussian = { mean: 0.3, deviation: 0.1 };

  it("gives the quantiles of the normal distribution between the ends of the cell", () => {
    for (const cell of [
      { start: 0.2, end: 0.35 },
      { start: 0.5, end: 0.6 },
      { start: -Infinity, end: 0 },
      { start: 1, end: Infinity },
    ]) {
      const at = (u: number) => withinCell(cell, { ...gaussian, u });
      for (const u of [0.01, 0.3, 0.5, 0.99]) expect(at(u) >= cell.start && at(u) <= cell.end).toBe(true);
      const share = (x: number) => normalCdf((x - gaussian.mean) / gaussian.deviation);
      const middle = (share(cell.start) + share(cell.end)) / 2;
      if (cell.end < 1) expect(share(at(0.5))).toBeCloseTo(middle, 9);
    }
  });

  it("gives the nearest end of a cell that the distribution never reaches", () => {
    expect(withinCell({ start: 0.9, end: 1 }, { mean: 0.1, deviation: 1e-6, u: 0.5 })).toBeCloseTo(0.9, 12);
    expect(withinCell({ start: 0, end: 0.05 }, { mean: 0.1, deviation: 1e-6, u: 0.5 })).toBeCloseTo(0.05, 12);
  });
});

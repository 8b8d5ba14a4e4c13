import { describe, expect, it } from "vitest";
import { explainedShare, leaveOneOut } from "../../../src/algorithms/gp/leave-one-out.js";
import { maternKernel } from "../../../src/algorithms/gp/matern.js";
import { appendPoints, emptyRegression, posteriorOf, solveTargets } from "../../../src/algorithms/gp/posterior.js";
import { keyedRng } from "../../../src/math/rng.js";

const kernel = maternKernel(Float64Array.of(Math.log(0.5), Math.log(0.5), 0), [false, false]);
const count = 30;
const rng = keyedRng("leave one out");
const points = Float64Array.from({ length: 2 * count }, () => rng.next());

function regressionWithout(left: number | undefined) {
  const regression = emptyRegression({ kernel, noise: 1e-3, size: 2 });
  const rows = Array.from({ length: count }, (_, i) => i).filter((i) => i !== left);
  const kept = Float64Array.from(rows.flatMap((i) => [points[2 * i]!, points[2 * i + 1]!]));
  appendPoints(regression, kept, rows.length);
  return regression;
}

function targetsFrom(f: (x: number, y: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => f(points[2 * i]!, points[2 * i + 1]!));
}

const smooth = targetsFrom((x, y) => Math.sin(3 * x) + y * y - 1);
const noise = targetsFrom(() => 2 * rng.next() - 1);

describe("leaving one out", () => {
  it("misses each target by as much as a regression that has not seen it", () => {
    const residuals = leaveOneOut(regressionWithout(undefined), smooth);
    for (let left = 0; left < count; left++) {
      const others = regressionWithout(left);
      const alpha = solveTargets(
        others,
        smooth.filter((_, i) => i !== left),
      );
      const moments = new Float64Array(8);
      posteriorOf(others, alpha).predictFour([points.subarray(2 * left, 2 * left + 2)], moments);
      expect(residuals[left]).toBeCloseTo(smooth[left]! - moments[0]!, 8);
    }
  });
});

describe("the share that a model explains", () => {
  it("is nearly all of a smooth function, and nothing of noise", () => {
    expect(explainedShare(regressionWithout(undefined), smooth)).toBeGreaterThan(0.9);
    expect(explainedShare(regressionWithout(undefined), noise)).toBeLessThan(0.1);
  });

  it("is small where only the bad ones are known", () => {
    const steep = targetsFrom((x, y) => (x > 0.5 ? 10 + x + y : 0)).map((target, i) =>
      target > 0 ? target : 0.3 * noise[i]!,
    );
    const regression = regressionWithout(undefined);
    const residuals = leaveOneOut(regression, steep);
    const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    expect(squares(residuals)).toBeLessThan(0.2 * squares(steep));
    expect(explainedShare(regression, steep)).toBeLessThan(0.1);
  });

  it("is 0 when no two targets differ", () => {
    expect(explainedShare(regressionWithout(undefined), new Float64Array(count))).toBe(0);
  });
});

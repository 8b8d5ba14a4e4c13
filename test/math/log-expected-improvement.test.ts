import { describe, expect, it } from "vitest";
import { logImprovement } from "../../src/math/log-expected-improvement.js";

/**
 * z, ln h(z) and Φ(z) / h(z) by mpmath 1.3 with 60 digits, rounded to doubles: from −30 on by `erfc`, below that by numerical
 * integration of h(−x) = φ(x) ∫ u e^(−ux − u²/2) du and Φ(−x) = φ(x) ∫ e^(−ux − u²/2) du over u > 0.
 */
const printed: readonly (readonly [z: number, value: number, slope: number])[] = [
  [-1e6, -500000000028.55, 1000000.000002],
  [-1e4, -50000019.33961931, 10000.000199999993],
  [-1000, -500014.73445209116, 1000.001999994],
  [-100, -5010.12957880025, 100.01999400419587],
  [-37.5, -711.2947484475127, 37.553220117980274],
  [-10, -55.55312203612235, 10.194383033412553],
  [-5, -16.74430116266099, 5.361816241288088],
  [-3.5, -9.746810037765387, 3.9778629562409455],
  [-3, -7.869686059603029, 3.5323375176251606],
  [-2.5, -6.212541645443513, 3.098423296791162],
  [-1, -2.4851210257126413, 1.9042712333296918],
  [-0.5, -1.6205162643873199, 1.5598731483480797],
  [0, -0.9189385332046728, 1.2533141373155003],
  [0.5, -0.3598276837450638, 0.9909227180041099],
  [1, 0.08002621884930694, 0.7766387252017393],
  [3, 1.0987396653277077, 0.3328409684517952],
  [20, 2.995732273553991, 0.05],
  [40, 3.6888794541139363, 0.025],
  [1000, 6.907755278982137, 0.001],
];

function improvementAt(z: number): readonly [value: number, slope: number] {
  const out = new Float64Array(2);
  logImprovement(z, out);
  return [out[0]!, out[1]!];
}

describe("the logarithm of the expected improvement", () => {
  it.each(printed)("agrees with printed values at z = %d", (z, value, slope) => {
    const [actual, actualSlope] = improvementAt(z);
    expect(Math.abs(actual - value)).toBeLessThanOrEqual(2e-15 * Math.max(1, Math.abs(value)));
    expect(Math.abs(actualSlope / slope - 1)).toBeLessThan(4e-15);
  });

  it("does not jump where its two forms meet", () => {
    const [below, slopeBelow] = improvementAt(-3);
    const [above, slopeAbove] = improvementAt(-3 + 2 ** -50);
    expect(above - below).toBeGreaterThan(0);
    expect(above - below).toBeLessThan(2e-14);
    expect(Math.abs(slopeAbove - slopeBelow)).toBeLessThan(2e-14);
  });

  it("rises with z, and its slope falls", () => {
    let [value, slope] = improvementAt(-1e6);
    for (let z = -1e6; z < 1e3; z += Math.max(0.05, Math.abs(z) / 50)) {
      const [next, nextSlope] = improvementAt(z + 0.05);
      expect(next).toBeGreaterThan(value);
      expect(nextSlope).toBeLessThanOrEqual(slope);
      [value, slope] = [next, nextSlope];
    }
  });
});

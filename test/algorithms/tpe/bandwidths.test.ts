import { describe, expect, it } from "vitest";
import { axesOf } from "../../../src/algorithms/tpe/axes.js";
import { bandwidthsOf } from "../../../src/algorithms/tpe/bandwidths.js";
import { parseSpace } from "../../../src/space/parse-space.js";

const axes = axesOf(parseSpace({ "/k": "uniform(1, 4, discrete=True)", "/x": "uniform(0, 1)" }));
const rule = { axes, factor: 1, priorWeight: 1, minimum: 0.01 };

describe("bandwidths", () => {
  it("are those of the prior without points", () => {
    expect(bandwidthsOf({ ...rule, centers: new Float64Array(0) })[1]).toBeCloseTo(Math.sqrt(1 / 12), 12);
  });

  it("follow Scott's rule with the prior as one more point", () => {
    const centers = Float64Array.of(0.125, 0.2, 0.125, 0.4, 0.125, 0.6);
    const spread = Math.sqrt((0.08 + 1 / 12) / 3);
    expect(bandwidthsOf({ ...rule, centers })[1]).toBeCloseTo(spread * 3 ** (-1 / 6), 12);
    expect(bandwidthsOf({ ...rule, centers, factor: 0.5 })[1]).toBeCloseTo(0.5 * spread * 3 ** (-1 / 6), 12);
  });

  it("fall with the evidence for a cluster, but not below the minimum nor a third of a cell", () => {
    const cluster = (count: number) => Float64Array.from({ length: 2 * count }, () => 0.5);
    const [few, many] = [cluster(4), cluster(16)].map((centers) => bandwidthsOf({ ...rule, centers })[1]!);
    expect(many! / few!).toBeCloseTo((1 / 2) * 4 ** (-1 / 6), 12);
    const [cells, real] = bandwidthsOf({ ...rule, centers: cluster(100_000) });
    expect([cells, real]).toEqual([0.25 / 3, 0.01]);
  });
});

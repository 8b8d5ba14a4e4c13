import { describe, expect, it } from "vitest";
import { drawLineChart } from "../../src/plots/line-chart.js";
import { drawRegretChart } from "../../src/plots/regret-chart.js";
import { linearScale, logScale } from "../../src/plots/scale.js";

describe("a linear scale", () => {
  it("has its ends at the ends, and round marks between", () => {
    const { toPixel, ticks } = linearScale({ domain: [0, 100], range: [80, 530] });
    expect([toPixel(0), toPixel(50), toPixel(100)]).toEqual([80, 305, 530]);
    expect(ticks).toEqual([0, 20, 40, 60, 80, 100]);
  });

  it("bears a domain of one value", () => {
    const { toPixel, ticks } = linearScale({ domain: [3, 3], range: [0, 10] });
    expect(toPixel(3)).toBe(0);
    expect(ticks.length).toBeGreaterThan(1);
  });
});

describe("a log scale", () => {
  it("goes from power to power, and puts what has no logarithm at the bottom", () => {
    const { toPixel, ticks } = logScale({ domain: [0.02, 40], range: [400, 0] });
    expect(ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual([0.01, 0.1, 1, 10, 100]);
    expect([toPixel(0.01), toPixel(1), toPixel(100), toPixel(0), toPixel(-1)]).toEqual([400, 200, 0, 400, 400]);
  });

  it("has no more than nine marks", () => {
    expect(logScale({ domain: [1e-30, 1], range: [0, 1] }).ticks.length).toBeLessThanOrEqual(9);
  });
});

describe("a chart", () => {
  const rows = [1, 2, 3].map((trials) => ({ algorithm: "a<b", trials, median: 10 / trials, lower: 1, upper: 20 }));

  it("is an SVG file with a line and a band for each algorithm", () => {
    const svg = drawRegretChart('"branin" & more', rows);
    expect(svg.match(/<polyline/g)?.length).toBe(1);
    expect(svg.match(/<polygon/g)?.length).toBe(1);
    expect(svg).toContain("a&lt;b");
    expect(svg).toContain("&quot;branin&quot; &amp; more");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("leaves out what is not finite, and bears having nothing to draw", () => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY].map((y, x) => ({ x, y }));
    const frame = { title: "t", xLabel: "x", yLabel: "y" };
    for (const isLog of [true, false]) {
      const svg = drawLineChart({
        ...frame,
        isLog,
        series: [
          { label: "a", points: bad },
          { label: "b", points: [] },
        ],
      });
      expect(svg).not.toMatch(/NaN|Infinity|polyline/);
    }
  });

  it("keeps every point inside its frame", () => {
    const svg = drawRegretChart("t", [...rows, { algorithm: "c", trials: 4, median: 0, lower: 0, upper: 1e-9 }]);
    const numbers = [...svg.matchAll(/points="([^"]+)"/g)].flatMap((match) => match[1]!.split(" "));
    for (const point of numbers) {
      const [x, y] = point.split(",").map(Number);
      expect(x! >= 80 && x! <= 530 && y! >= 40 && y! <= 385).toBe(true);
    }
  });
});

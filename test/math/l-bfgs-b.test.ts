import { describe, expect, it } from "vitest";
import { type BoxProblem, type DifferentiableFunction, minimizeInBox } from "../../src/math/l-bfgs-b.js";

/** Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)²: minimum 0 at (1 … 1), behind a bent valley. */
const rosenbrock: DifferentiableFunction = (x, gradient) => {
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2;
    const rest = 1 - x[i]!;
    sum += 100 * bend ** 2 + rest ** 2;
    gradient[i]! += -400 * bend * x[i]! - 2 * rest;
    gradient[i + 1]! += 200 * bend;
  }
  return sum;
};

function box(size: number, low: number, high: number): Pick<BoxProblem, "low" | "high"> {
  return { low: Array.from({ length: size }, () => low), high: Array.from({ length: size }, () => high) };
}

describe("minimizeInBox", () => {
  it.each([2, 5, 10, 30])("finds the minimum of the Rosenbrock function in %d dimensions", (size) => {
    const start = Array.from({ length: size }, () => -1.2);
    const options = { ...box(size, -5, 10), maxIterations: 500, valueTolerance: 0 };
    const { point, value, evaluationCount } = minimizeInBox({ objective: rosenbrock, start, ...options });
    expect(value).toBeLessThan(1e-12);
    for (const x of point) expect(x).toBeCloseTo(1, 5);
    expect(evaluationCount).toBeLessThan(300);
  });

  it("stops at the bounds that hold a minimum off", () => {
    // x ≤ ½ in two dimensions: on the bound the best y is x², and what is left is (1 − ½)²
    const { point, value } = minimizeInBox({
      objective: rosenbrock,
      start: [-1, -1],
      low: [-2, -2],
      high: [0.5, 2],
      valueTolerance: 0,
    });
    expect(point[0]).toBe(0.5);
    expect(point[1]).toBeCloseTo(0.25, 6);
    expect(value).toBeCloseTo(0.25, 10);
  });

  it("leaves a bound on which it starts", () => {
    const { point } = minimizeInBox({ objective: rosenbrock, start: [0, 0], low: [0, 0], high: [2, 2] });
    expect(point[0]).toBeCloseTo(1, 3);
  });

  it("finds the corner of a slope, and starts inside of the box", () => {
    const objective: DifferentiableFunction = (x, gradient) => {
      gradient.set([1, -2, 0.5]);
      return x[0]! - 2 * x[1]! + 0.5 * x[2]!;
    };
    const { point } = minimizeInBox({ objective, start: [9, 9, 9], ...box(3, -1, 1) });
    expect([...point]).toEqual([-1, 1, -1]);
  });

  it("finds the minimum of a quadratic function under bounds that are active in part", () => {
    // ½ xᵀ A x − bᵀ x, A = [[2, 1], [1, 3]], b = (1, −4): free minimum (7/5, −9/5); with x₂ ≥ −1 it is (1, −1)
    const objective: DifferentiableFunction = (x, gradient) => {
      gradient[0] = 2 * x[0]! + x[1]! - 1;
      gradient[1] = x[0]! + 3 * x[1]! + 4;
      return x[0]! ** 2 + x[0]! * x[1]! + 1.5 * x[1]! ** 2 - x[0]! + 4 * x[1]!;
    };
    const free = minimizeInBox({ objective, start: [0, 0], ...box(2, -Infinity, Infinity) }).point;
    expect([free[0], free[1]]).toEqual([expect.closeTo(1.4, 5), expect.closeTo(-1.8, 5)]);
    const bounded = minimizeInBox({ objective, start: [0, 0], ...box(2, -1, 5) }).point;
    expect([bounded[0], bounded[1]]).toEqual([expect.closeTo(1, 5), -1]);
  });

  it("steps back from where the function has no value", () => {
    const objective: DifferentiableFunction = (x, gradient) => {
      gradient[0] = 1 - 1 / x[0]!;
      return x[0]! - Math.log(x[0]!); // NaN below 0
    };
    const { point } = minimizeInBox({ objective, start: [30], low: [-100], high: [100] });
    expect(point[0]).toBeCloseTo(1, 4);
  });

  it("returns the start when the function has no value there", () => {
    const { point, value } = minimizeInBox({ objective: () => Number.NaN, start: [0.5], ...box(1, 0, 1) });
    expect([...point]).toEqual([0.5]);
    expect(value).toBeNaN();
  });

  it("stays where a box leaves no room", () => {
    const { point } = minimizeInBox({ objective: rosenbrock, start: [0, 0], low: [0.3, 0.1], high: [0.3, 0.1] });
    expect([...point]).toEqual([0.3, 0.1]);
  });
});

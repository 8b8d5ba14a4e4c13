import { describe, expect, it } from "vitest";
import { negativeLogPosterior } from "../../../src/algorithms/gp/likelihood.js";
import { appendPoints, emptyRegression, posteriorOf, solveTargets } from "../../../src/algorithms/gp/posterior.js";
import { banditPoints } from "../../../src/algorithms/pb2/bandit.js";
import pb2 from "../../../src/algorithms/pb2/pb2.js";
import { timeKernel, timeKernelFamily } from "../../../src/algorithms/pb2/time-kernel.js";
import pbt from "../../../src/algorithms/pbt/pbt.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { suggestAtOnce } from "../../../src/algorithms/suggest-trial.js";
import { keyedRng } from "../../../src/math/rng.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import type { Trial } from "../../../src/trial/trial.js";
import { trialId } from "../../../src/trial/trial-id.js";
import { populationContract, populationProperties } from "../pbt/population-properties.js";

populationContract("pb2", pb2, { population_size: 14, generations: 2 });
populationProperties("pb2", pb2, { population_size: 6, generations: 3 }, 15);

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 10, base=1)" });

const rng = keyedRng("points");
const n = 12;
const points = Float64Array.from({ length: n * 3 }, (_, at) => (at % 3 === 2 ? Math.floor(at / 9) : rng.next()));
const targets = Float64Array.from({ length: n }, () => rng.next() - 0.5);

describe("the kernel in space and time", () => {
  it("has the value of its formula", () => {
    const kernel = timeKernel([Math.log(0.5), Math.log(2), Math.log(0.3)], 2);
    const out = new Float64Array(1);
    kernel.covariances(Float64Array.of(0.1, 0.2, 1), 1, [0.4, 0.6, 3], out);
    // 2 exp(−0.25 / (2 · 0.25)) e^(−0.3 · 2 / 2)
    expect(out[0]).toBeCloseTo(2 * Math.exp(-0.5) * Math.exp(-0.3), 12);
  });

  it("has the derivatives in its hyperparameters that differences have", () => {
    const flat = () => [0, 0] as const;
    const objective = negativeLogPosterior({
      family: timeKernelFamily(points, n, 2),
      targets,
      priors: [flat, flat, flat, flat],
    });
    const at = [-0.7, 0.2, -1.1, -2.5];
    const gradient = new Float64Array(4);
    objective(Float64Array.from(at), gradient);
    const slopes = gradient.slice();
    for (let k = 0; k < 4; k++) {
      const value = (step: number) => objective(Float64Array.from(at.with(k, at[k]! + step)), gradient);
      expect(slopes[k]).toBeCloseTo((value(1e-5) - value(-1e-5)) / 2e-5, 5);
    }
  });

  it("has the derivatives in a point that differences have", () => {
    const kernel = timeKernel([-0.7, 0.2, -1.1], 2);
    const regression = emptyRegression({ kernel, noise: 0.1, size: 3 });
    appendPoints(regression, points, n);
    const posterior = posteriorOf(regression, solveTargets(regression, targets));
    const [out, mean, variance] = [new Float64Array(2), new Float64Array(3), new Float64Array(3)];
    const at = [0.3, 0.6, 4];
    const value = (k: number, step: number) => {
      posterior.predictWithSlopes(at.with(k, at[k]! + step), out, new Float64Array(3), new Float64Array(3));
      return [...out] as [number, number];
    };
    posterior.predictWithSlopes(at, out, mean, variance);
    for (const k of [0, 1]) {
      const [above, below] = [value(k, 1e-5), value(k, -1e-5)];
      expect(mean[k]).toBeCloseTo((above[0] - below[0]) / 2e-5, 6);
      expect(variance[k]).toBeCloseTo((above[1] - below[1]) / 2e-5, 6);
    }
  });
});

it("goes where most was gained of late, and forgets where it was before", () => {
  // what gains most moves from 0.2 to 0.8
  const times = Array.from({ length: 40 }, (_, i) => Math.floor(i / 5));
  const xs = times.map((_, i) => keyedRng("x", i).next());
  const best = (time: number) => 0.2 + (0.6 * time) / 8;
  const request = {
    size: 1,
    points: Float64Array.from(times.flatMap((time, i) => [xs[i]!, time])),
    gains: Float64Array.from(times, (time, i) => -((xs[i]! - best(time)) ** 2)),
    pending: new Float64Array(0),
    time: 8,
    rng: keyedRng("1"),
  };
  expect(Math.abs(banditPoints(request)[0]![0]! - 0.8)).toBeLessThan(0.15);
});

/** The least loss at the end of trainings in which an epoch gains most where x is near to a target that falls. */
function leastLoss(algorithm: typeof pb2, seed: string): number {
  const { options } = configureAlgorithm(algorithm, {
    name: "asked",
    options: { population_size: 10, generations: 9 },
    space,
  });
  const history: Trial[] = [];
  const lossOf = ({ params, parent }: Pick<Trial, "params" | "parent">): number => {
    const before = history.find(({ id }) => id === parent);
    let loss = before?.objective ?? 1;
    for (
      let epoch = ((before?.params["/epochs"] as number) ?? 0) + 1;
      epoch <= (params["/epochs"] as number);
      epoch++
    ) {
      loss -= 0.1 * Math.exp(-((((params["/x"] as number) - (1 - epoch / 10)) / 0.2) ** 2));
    }
    return loss;
  };
  const cache = new Map<string, unknown>();
  for (let number = 1; ; number++) {
    const inputs = {
      space,
      options,
      seed,
      trialNumber: number,
      attempt: 0,
      maxTrials: 999,
      history: [...history],
      pending: [],
      cache,
    };
    const suggestion = suggestAtOnce(algorithm, inputs);
    if (suggestion.kind !== "params") break;
    const { kind: _, ...told } = suggestion;
    const id = trialId(space, told.params, told);
    const trial = { ...told, parent: told.parent };
    history.push(
      inventTrial({ number, id, ...trial, objective: lossOf(trial), status: "completed", finishedRevision: number }),
    );
  }
  expect(history.length).toBe(100);
  return Math.min(...history.map((trial) => trial.objective!));
}

it("sees where most members gain, though one of them has diverged", () => {
  const distances = [1, 2, 3, 4, 5].map((seed) => {
    const rng = keyedRng("diverged", seed);
    const points = Float64Array.from({ length: 41 * 3 }, (_, at) => (at % 3 === 2 ? Math.floor(at / 30) : rng.next()));
    const gains = Float64Array.from({ length: 40 }, (_, row) => {
      const [x, y] = [points[3 * row]!, points[3 * row + 1]!];
      return 1 - 4 * ((x - 0.3) ** 2 + (y - 0.6) ** 2);
    });
    points.set([0.95, 0.05, 3], 120);
    const request = { size: 2, points, gains: Float64Array.of(...gains, -1e10), pending: new Float64Array(0), time: 4 };
    const [x, y] = banditPoints({ ...request, rng })[0]!;
    return Math.hypot(x! - 0.3, y! - 0.6);
  });
  expect(distances.sort((a, b) => a - b)[2]).toBeLessThan(0.1);
});

it("trains better than pbt where a parameter has to fall meanwhile", () => {
  const median = (algorithm: typeof pb2) =>
    ["1", "2", "3", "4", "5"].map((seed) => leastLoss(algorithm, seed)).sort((a, b) => a - b)[2]!;
  const [ours, theirs] = [median(pb2), median(pbt)];
  expect(ours).toBeLessThan(theirs / 2);
});

it.each([
  [{ generations: 10 }, /no room for 10 generations/],
  [{ generations: 2, population_size: 0.5 }, /population_size is 0.5/],
  [{ generations: 2, exploit: 3 }, /pb2: exploit is 3/],
  [{ generations: 2, explore: "PerturbExplore" }, /no option "explore"/],
])("refuses %o", (options, message) => {
  expect(() => configureAlgorithm(pb2, { name: "pb2", options, space })).toThrow(message);
});

import { describe, expect, it } from "vitest";
import { axesOf } from "../../../src/algorithms/gp/axes.js";
import { type Model, modelOf, type TargetChoice } from "../../../src/algorithms/gp/model.js";
import { wholeFrame } from "../../../src/algorithms/gp/region.js";
import { fitToAll } from "../../../src/algorithms/gp/schedule.js";
import { observationsOf } from "../../../src/algorithms/observations.js";
import { keyedRng } from "../../../src/math/rng.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";

const space = parseSpace({ "/x": "uniform(0, 1)", "/y": "uniform(0, 1)" });

function modelFor(objective: (x: number, y: number) => number, targets: TargetChoice): Model {
  const rng = keyedRng("model");
  const history = Array.from({ length: 30 }, (_, index) => {
    const [x, y] = [rng.next(), rng.next()];
    const params = { "/x": x, "/y": y };
    return inventTrial({ number: index + 1, id: `${index}`, status: "completed", params, objective: objective(x, y) });
  });
  const observations = observationsOf({ space, history, cache: new Map() });
  const axes = axesOf(space);
  const fit = fitToAll(observations.count);
  return modelOf({ axes, frame: wholeFrame(axes), observations, targets, fit, cache: new Map() });
}

function meansOf(...asked: Parameters<typeof modelFor>): readonly number[] {
  const { alpha, best } = modelFor(...asked);
  return [...alpha, best];
}

const bowl = (x: number, y: number) => 1e4 * (x + y - 0.9) ** 2 + (x - y) ** 2;

describe("the likely targets of a model", () => {
  const steep = (x: number, y: number) => Math.exp(12 * Math.sin(3 * x + 1) * y);

  it("are the objectives as they are where these are quadratic, across the axes", () => {
    expect(meansOf(bowl, "likely")).not.toEqual(meansOf(bowl, "power"));
    expect(meansOf(bowl, "likely")[30]).toBeCloseTo(meansOf(bowl, "plain")[30]!, 3);
  });

  it("are those after a power transform where objectives span powers of ten", () => {
    expect(meansOf(steep, "likely")).toEqual(meansOf(steep, "power"));
    expect(meansOf(steep, "likely")[30]).not.toBeCloseTo(meansOf(steep, "plain")[30]!, 3);
  });
});

it("has a quadratic part, but for ranks", () => {
  const spread = (targets: TargetChoice) => {
    const { kernel } = modelFor(bowl, targets).regression;
    return kernel.priorVariance([1, 1]) - kernel.priorVariance([0.5, 0.5]);
  };
  expect(spread("plain")).toBeGreaterThan(0.1);
  expect(spread("ranks")).toBeLessThan(1e-6);
});

import { keyedRng, type Rng } from "../../math/rng.js";
import type { Params } from "../../space/dimension.js";
import { gaussian } from "../noise.js";
import { defineFamily } from "../problem.js";

export default defineFamily({
  summary: "Learning curves that fall by power laws of their own, cross, and are noisy; epochs are the fidelity.",
  source: "Made for this project, after the power laws of Domhan et al. 2015, https://www.ijcai.org/Abstract/15/487",
  parameters: {
    epochs: { notation: "e#", meaning: "number of epochs", default: 81, values: { from: 2, to: 10_000 } },
    instance: { notation: "i#", meaning: "instance", default: 1, values: { from: 1, to: 10_000 } },
  },
  build: ({ epochs = 81, instance = 1 }) => {
    const optimum = drawOptimum(instance);
    const noise = 0.01;
    const last = (params: Params) => finalLoss(params, optimum);
    return {
      space: {
        decay: "loguniform(1e-6, 1e-2)",
        epochs: `fidelity(1, ${epochs}, base=3)`,
        lr: "loguniform(1e-5, 1)",
        width: "uniform(1, 32, discrete=True)",
      },
      evaluate: (params, rng: Rng) => {
        const done = params.epochs as number;
        const left = toGo(params, optimum) * ((done / epochs) ** -steepness(params) - 1);
        // Noise shrinks as training settles, and never takes a value below what the curve ends at.
        return last(params) + left + noise * Math.sqrt(epochs / done) * Math.abs(gaussian(rng));
      },
      truth: last,
      minimum: 0.05,
      optima: [{ ...optimum, epochs }],
      cost: ({ epochs: done }) => (done as number) / epochs,
    };
  },
});

interface Setting {
  readonly lr: number;
  readonly decay: number;
  readonly width: number;
}

function drawOptimum(instance: number): Setting {
  const rng = keyedRng("learning-curve", instance);
  const between = (low: number, high: number) => low + (high - low) * rng.next();
  return { lr: 10 ** between(-3, -1), decay: 10 ** between(-5, -3), width: 8 + rng.below(17) };
}

/** What the curve ends at, in [0.05, 1). */
function finalLoss(params: Params, optimum: Setting): number {
  const { lr, decay, width } = params as unknown as Setting;
  const distance =
    0.4 * Math.log10(lr / optimum.lr) ** 2 +
    0.1 * Math.log10(decay / optimum.decay) ** 2 +
    0.003 * (width - optimum.width) ** 2;
  return 0.05 - 0.95 * Math.expm1(-distance);
}

/** How far above its end a curve is: a small rate and a wide network are slow, so good curves may start as bad ones. */
function toGo(params: Params, optimum: Setting): number {
  const { lr, width } = params as unknown as Setting;
  return 0.1 / (1 + Math.sqrt(lr / optimum.lr)) + 0.003 * width;
}

/** The exponent of the power law, in (0.3, 0.8). */
function steepness(params: Params): number {
  const { lr, decay } = params as unknown as Setting;
  return 0.55 + 0.25 * Math.sin(2 * Math.log10(lr) + Math.log10(decay));
}

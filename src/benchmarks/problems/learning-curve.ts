import { keyedRng, type Rng } from "../../math/rng.js";
import type { Params } from "../../space/dimension.js";
import { gaussian } from "../noise.js";
import { defineFamily } from "../problem.js";

/**
 * Losses that fall from that of an untrained model by power laws of their own, cross, and are noisy:
 *
 *     y(t) = last + (start − last) · (g(t) − g(T)) / (1 − g(T)),   g(t) = (1 + t / τ)^−α
 *
 * `last` is a valley in the three parameters. A small rate and a wide network are slow (large τ); and each configuration
 * is slower or faster than its neighbours for no reason that could be learned, so that curves cross.
 *
 * How much the first epochs say of the end was set beside real trainings, before any algorithm was run on it. Spearman's
 * rank correlation with the end, of random configurations and in brackets of the best quarter of them:
 *
 * | share of the epochs | 1/81 | 1/27 | 1/9 | 1/3 |
 * |---|---|---|---|---|
 * | instances 1 to 6, the mean | 0.60 (0.19) | 0.72 (0.25) | 0.86 (0.46) | 0.96 (0.78) |
 * | the least of them: the best rate is a small one | 0.33 | 0.52 | 0.77 | 0.95 |
 * | `small-network`, were it trained for 81 epochs | 0.62 (0.16) | 0.65 (0.06) | 0.71 (0.22) | 0.85 (0.49) |
 * | `logistic-regression` | 0.85 (0.21) | 0.86 (0.25) | 0.90 (0.54) | 0.94 (0.77) |
 */
export default defineFamily({
  summary: "Learning curves that fall by power laws of their own, cross, and are noisy; epochs are the fidelity.",
  source:
    "Made for this project: pow4 of Domhan et al. 2015, https://www.ijcai.org/Abstract/15/487, from a common start",
  parameters: {
    epochs: { notation: "e#", meaning: "number of epochs", default: 81, values: { from: 2, to: 10_000 } },
    instance: { notation: "i#", meaning: "instance", default: 1, values: { from: 1, to: 10_000 } },
  },
  build: ({ epochs = 81, instance = 1 }) => {
    const optimum = drawOptimum(instance);
    const last = (params: Params) => finalLoss(params, optimum);
    return {
      space: {
        decay: "loguniform(1e-6, 1e-2)",
        epochs: `fidelity(1, ${epochs}, base=3)`,
        lr: "loguniform(1e-5, 1)",
        width: "uniform(1, 32, discrete=True)",
      },
      evaluate: (params, rng: Rng) => {
        const done = (params.epochs as number) / epochs;
        const end = last(params);
        // noise shrinks as training settles
        const noise = 0.01 * done ** -0.25 * gaussian(rng);
        return end + (startLoss - end) * shareToGo(done, paceOf(params, { optimum, instance })) + noise;
      },
      truth: last,
      minimum: 0.05,
      optima: [{ ...optimum, epochs }],
      cost: ({ epochs: done }) => (done as number) / epochs,
    };
  },
});

/** Of a model that has learned nothing; the worst end is 1. */
const startLoss = 1.2;

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

interface Pace {
  /** τ, as a share of all epochs. */
  readonly delay: number;
  /** α. */
  readonly exponent: number;
}

function paceOf(params: Params, { optimum, instance }: { optimum: Setting; instance: number }): Pace {
  const { lr, decay, width } = params as unknown as Setting;
  const rng = keyedRng("pace", instance, lr, decay, width);
  const own = Math.exp(gaussian(rng));
  return { delay: 0.05 * (optimum.lr / lr) ** 0.25 * (width / 16) ** 0.5 * own, exponent: 0.5 + rng.next() };
}

/** 1 at the start, 0 at the end. */
function shareToGo(done: number, { delay, exponent }: Pace): number {
  const g = (share: number) => (1 + share / delay) ** -exponent;
  return (g(done) - g(1)) / (1 - g(1));
}

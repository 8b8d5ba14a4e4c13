import { exp, log } from "../../math/exp-log.js";
import type { NumericKind, Transformer } from "./transformer.js";

/**
 * A number to its natural logarithm, in which a loguniform prior is uniform.
 *
 * 0, which `loguniform(0.5, 9, discrete=True)` has as its lowest integer, stands at ln ¼, which rounds back to 0.
 */
export function linearize(source: NumericKind): Transformer {
  const [low, high] = source.interval;
  const logarithm = (value: number) => log(low > 0 ? value : Math.max(value, 0.25));
  const interval = [logarithm(low), logarithm(high)] as const;
  return {
    source,
    target: { type: "real", interval, cardinality: source.cardinality },
    forward: (element) => logarithm(element as number),
    backward: (element) => {
      const value = element as number;
      // exp(ln(bound)) may miss the bound by its last digit
      if (value <= interval[0] || value >= interval[1]) return value <= interval[0] ? low : high;
      return exp(value);
    },
  };
}

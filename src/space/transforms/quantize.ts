import type { NumericKind, Transformer } from "./transformer.js";

/**
 * Real to integer, to the nearest one and ties to the even one. The way back keeps the integer, moved inside the bounds
 * of the real; what was rounded off is lost.
 */
export function quantize(source: NumericKind): Transformer {
  const [low, high] = source.interval;
  const interval = [roundHalfEven(low), roundHalfEven(high)] as const;
  return {
    source,
    target: { type: "integer", interval, cardinality: interval[1] - interval[0] + 1 },
    forward: (element) => roundHalfEven(element as number),
    backward: (element) => Math.min(Math.max(element as number, low), high),
  };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const isTie = value - floor === 0.5;
  // + 0: an integer has no −0
  return (isTie ? floor + Math.abs(floor % 2) : Math.round(value)) + 0;
}

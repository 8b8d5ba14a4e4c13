import type { Rng } from "../math/rng.js";
import type { Params, Space } from "../space/dimension.js";
import { fromUnit, unitSize } from "../space/unit-cube.js";

/** One point of the prior. */
export function samplePrior(space: Space, rng: Rng): Params {
  const point = Float64Array.from({ length: unitSize(space) }, () => rng.next());
  return fromUnit(space, point);
}

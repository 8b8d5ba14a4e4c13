import type { FamilyParameter } from "../problem.js";

/** Which random split into training and validation. */
export const splitParameter: FamilyParameter = {
  notation: "s#",
  meaning: "split",
  default: 1,
  values: { from: 1, to: 1000 },
};

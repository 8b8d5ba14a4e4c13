import type { Registry } from "../registry.js";
import type { StoppingRule } from "./stopping-rule.js";

/** Every rule that can stop a trial early. */
export const stoppingRules = {
  median: () => import("./median.js"),
  percentile: () => import("./percentile.js"),
  asha: () => import("./asha.js"),
  patience: () => import("./patience.js"),
  threshold: () => import("./threshold.js"),
} satisfies Registry<StoppingRule>;

export type StoppingRuleName = keyof typeof stoppingRules;

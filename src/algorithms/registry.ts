import type { Registry } from "../registry.js";
import type { Algorithm } from "./algorithm.js";

/** Every algorithm that a user can name. */
export const algorithms = {
  auto: () => import("./auto/auto.js"),
  random: () => import("./random.js"),
  gridsearch: () => import("./gridsearch.js"),
  sobol: () => import("./sobol.js"),
  tpe: () => import("./tpe/tpe.js"),
  asha: () => import("./asha.js"),
  hyperband: () => import("./hyperband.js"),
  dehb: () => import("./dehb/dehb.js"),
  pbt: () => import("./pbt/pbt.js"),
  evolutiones: () => import("./evolutiones/evolutiones.js"),
  mofa: () => import("./mofa/mofa.js"),
  pb2: () => import("./pb2/pb2.js"),
  bohb: () => import("./bohb/bohb.js"),
  cmaes: () => import("./cmaes/cmaes.js"),
  nevergrad: () => import("./nevergrad.js"),
  external: () => import("./external/external.js"),
  de: () => import("./de/de.js"),
  gp: () => import("./gp/gp.js"),
} satisfies Registry<Algorithm>;

export type AlgorithmName = keyof typeof algorithms;

/** Other names under which users know them. */
export const algorithmAliases = {
  grid: "gridsearch",
  grid_search: "gridsearch",
} as const satisfies Readonly<Record<string, AlgorithmName>>;

/** What runs when the user names none. */
export const defaultAlgorithm = "auto" satisfies AlgorithmName;

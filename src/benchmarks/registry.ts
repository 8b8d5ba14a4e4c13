import type { Registry } from "../registry.js";
import type { ProblemFamily } from "./problem.js";

/** Every family of problems that a user can name. */
export const problems = {
  branin: () => import("./problems/branin.js"),
  hartmann: () => import("./problems/hartmann.js"),
  rosenbrock: () => import("./problems/rosenbrock.js"),
  ackley: () => import("./problems/ackley.js"),
  rastrigin: () => import("./problems/rastrigin.js"),
  levy: () => import("./problems/levy.js"),
  griewank: () => import("./problems/griewank.js"),
  "styblinski-tang": () => import("./problems/styblinski-tang.js"),
  schwefel: () => import("./problems/schwefel.js"),
  michalewicz: () => import("./problems/michalewicz.js"),
  shekel: () => import("./problems/shekel.js"),
  forrester: () => import("./problems/forrester.js"),
  "egg-holder": () => import("./problems/egg-holder.js"),
  "carrom-table": () => import("./problems/carrom-table.js"),
  bbob: () => import("./problems/bbob.js"),
  func2c: () => import("./problems/func2c.js"),
  func3c: () => import("./problems/func3c.js"),
  "ackley-categories": () => import("./problems/ackley-categories.js"),
  mixed4: () => import("./problems/mixed4.js"),
  "tuning-surface": () => import("./problems/tuning-surface.js"),
  "learning-curve": () => import("./problems/learning-curve.js"),
  "logistic-regression": () => import("./problems/logistic-regression.js"),
  "nearest-neighbours": () => import("./problems/nearest-neighbours.js"),
  "small-network": () => import("./problems/small-network.js"),
  "boosted-stumps": () => import("./problems/boosted-stumps.js"),
} satisfies Registry<ProblemFamily>;

/** Other names under which users know them. */
export const problemAliases: Readonly<Record<string, keyof typeof problems>> = {
  eggholder: "egg-holder",
  carromtable: "carrom-table",
};

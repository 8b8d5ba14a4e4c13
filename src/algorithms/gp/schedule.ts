/**
 * When hyperparameters are fitted: after 1, 2, 3 … 20 finished trials, then after every twentieth part more.
 *
 * A suggestion must not depend on what a worker happens to have in its cache, so the hyperparameters that it uses are a
 * function of the history too. They are those of the last fit that was due, and the fit that is due after b trials sees
 * the first b finished trials, never the later ones: histories only grow at their end, so every worker sees the same b.
 *
 * A fit starts from the one before it, which saves most of its cost. Whoever has lost his cache would have to repeat all
 * fits from the first, so the chain is cut: every fourth fit starts from the prior alone, and no fit needs more than
 * three others.
 */
export interface Fit {
  /** How many of the first finished trials it sees. */
  readonly length: number;
  /** The fit that it starts from; `undefined` for one that starts from the prior. */
  readonly before: Fit | undefined;
}

const chainLength = 4;

/** The fit whose hyperparameters are used after `count` finished trials, count ≥ 1. */
export function fitAt(count: number): Fit {
  let fit: Fit = { length: 1, before: undefined };
  for (let index = 1; ; index++) {
    const length = fit.length + Math.ceil(fit.length / 20);
    if (length > count) return fit;
    fit = { length, before: index % chainLength === 0 ? undefined : fit };
  }
}

/** A fit to all of them, for a model that is not asked again. */
export function fitToAll(count: number): Fit {
  return { length: count, before: undefined };
}

import type { WorkerId } from "../trial/trial.js";

/** How often the owners of leases are looked through for dead ones, while they are few. */
export const takeoverMs = 1000;
/** Workers of whom each looks that often. The more there are, the less often does each: together they look as often. */
const few = 20;

interface GoneOptions {
  /** Owners of the live leases, without oneself. */
  readonly owners: () => Promise<readonly WorkerId[]>;
  /** True when the process of a worker is certainly dead. */
  readonly isGone: (worker: WorkerId) => boolean;
}

/**
 * Finds workers that are dead. Each look reads all owners, so it is done now and then only: else the cost of looking
 * would grow with the square of the number of workers.
 */
export function lookForGone({ owners, isGone }: GoneOptions): () => Promise<readonly WorkerId[]> {
  let looksAgainAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (now < looksAgainAt) return [];
    looksAgainAt = now + takeoverMs;
    const found = await owners();
    looksAgainAt = now + takeoverMs * Math.max(1, found.length / few);
    return found.filter(isGone);
  };
}

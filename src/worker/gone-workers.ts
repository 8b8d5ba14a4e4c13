import type { WorkerId } from "../trial/trial.js";

/** How often the owners of leases are looked through for dead ones. */
export const takeoverMs = 1000;

interface GoneOptions {
  /** Owners of the live leases, without oneself. */
  readonly owners: () => Promise<readonly WorkerId[]>;
  /** True when the process of a worker is certainly dead. */
  readonly isGone: (worker: WorkerId) => boolean;
}

/** Finds workers that are dead. Asking for each owner's process costs a little, so it is done now and then only. */
export function lookForGone({ owners, isGone }: GoneOptions): () => Promise<readonly WorkerId[]> {
  let looked = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (now - looked < takeoverMs) return [];
    looked = now;
    return (await owners()).filter(isGone);
  };
}

import type { LeaseKey, Storage } from "../storage/storage.js";
import type { Trial, WorkerId } from "../trial/trial.js";

/** Keeps the leases of one process alive, all of them with one statement per beat. */
export interface Pacemaker {
  /** Keep this lease alive until it is let go. `onLost` is called when it turns out to belong to somebody else. */
  hold(lease: LeaseKey, onLost: () => void): { letGo(): void };
  stop(): void;
}

interface PacemakerOptions {
  readonly storage: Pick<Storage, "renewLeases">;
  readonly worker: WorkerId;
  /** A lease is lost after this long without renewal; it is renewed three times as often. */
  readonly leaseMs: number;
  /** A renewal failed; the next one may succeed, and results are accepted after a lost lease too. */
  readonly onTrouble: (error: unknown) => void;
}

export function startPacemaker({ storage, worker, leaseMs, onTrouble }: PacemakerOptions): Pacemaker {
  const held = new Map<LeaseKey, () => void>();
  let isBeating = false;

  const beat = async () => {
    if (isBeating || held.size === 0) return;
    isBeating = true;
    try {
      const leases: LeaseKey[] = [...held.keys()];
      for (const lost of await storage.renewLeases(worker, leases, leaseMs)) {
        const onLost = held.get(lost);
        held.delete(lost);
        onLost?.();
      }
    } catch (error) {
      onTrouble(error);
    } finally {
      isBeating = false;
    }
  };
  const timer = setInterval(beat, leaseMs / 3);

  return {
    hold: (lease, onLost) => {
      held.set(lease, onLost);
      return { letGo: () => void held.delete(lease) };
    },
    stop: () => clearInterval(timer),
  };
}

/** The part of a trial that names its lease. */
export function leaseOf({ experimentId, number, epoch }: Trial): LeaseKey {
  return { experimentId, number, epoch };
}

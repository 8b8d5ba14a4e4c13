import type { LeaseKey } from "../storage/storage.js";
import type { Trial, WorkerId } from "../trial/trial.js";
import type { WorkerStorage } from "./worker-experiment.js";

/** Keeps the leases of one process alive, all of them with one statement per beat. */
export interface Pacemaker {
  /** Keep this lease alive until it is let go. `onLost` is called when it turns out to belong to somebody else. */
  hold(lease: LeaseKey, onLost: () => void): { letGo(): void };
  /**
   * Renew at once if that is overdue: a machine that slept wakes with leases that look lost, and timers that do not
   * know how long it slept. To be called before leases are looked through, or a worker takes its own trials away.
   */
  catchUp(): Promise<void>;
  stop(): void;
}

interface PacemakerOptions {
  readonly storage: Pick<WorkerStorage, "renewLeases">;
  readonly worker: WorkerId;
  /** A lease is lost after this long without renewal; it is renewed three times as often. */
  readonly leaseMs: number;
  /** A renewal failed; the next one may succeed, and results are accepted after a lost lease too. */
  readonly onTrouble: (error: unknown) => void;
  /** The next one did. */
  readonly onRecovered?: () => void;
  /** Milliseconds of a clock that goes on while the machine sleeps. */
  readonly now: () => number;
}

export function startPacemaker({ storage, worker, leaseMs, onTrouble, onRecovered, now }: PacemakerOptions): Pacemaker {
  const held = new Map<LeaseKey, () => void>();
  const periodMs = leaseMs / 3;
  let lastBeat = now();
  let beating: Promise<void> | undefined;
  let isTroubled = false;

  const beat = (): Promise<void> => {
    beating ??= renew().finally(() => {
      beating = undefined;
    });
    return beating;
  };
  const renew = async () => {
    lastBeat = now();
    if (held.size === 0) return;
    try {
      const leases: LeaseKey[] = [...held.keys()];
      for (const lost of await storage.renewLeases(worker, leases, leaseMs)) {
        const onLost = held.get(lost);
        held.delete(lost);
        onLost?.();
      }
      if (isTroubled) onRecovered?.();
      isTroubled = false;
    } catch (error) {
      isTroubled = true;
      onTrouble(error);
    }
  };
  const timer = setInterval(beat, Math.min(periodMs, longestTimerMs));
  timer.unref(); // a lease is no reason for a process to live

  return {
    hold: (lease, onLost) => {
      held.set(lease, onLost);
      return { letGo: () => void held.delete(lease) };
    },
    catchUp: async () => {
      if (Math.abs(now() - lastBeat) > 1.5 * periodMs) await beat();
    },
    stop: () => clearInterval(timer),
  };
}

/** A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The part of a trial that names its lease. */
export function leaseOf({ experimentId, number, epoch }: Trial): LeaseKey {
  return { experimentId, number, epoch };
}

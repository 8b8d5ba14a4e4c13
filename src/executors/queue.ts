import type { CallOutcome } from "./executor.js";

/** Lets a limited number of calls run at once, in the order in which they came. */
export interface Turns {
  /** Start when it is this call's turn; `stopped` when the signal comes first. */
  run(signal: AbortSignal, start: () => Promise<CallOutcome>): Promise<CallOutcome>;
}

export function limitConcurrency(limit: number): Turns {
  let running = 0;
  /** Each gets the turn of a call that ended, or learns that it was stopped while it waited. */
  const waiting = new Set<(hasTurn: boolean) => void>();

  const takeTurn = (signal: AbortSignal): boolean | Promise<boolean> => {
    if (signal.aborted) return false;
    if (running < limit) {
      running++;
      return true;
    }
    return new Promise((settle) => {
      const stop = () => wake(false);
      const wake = (hasTurn: boolean) => {
        waiting.delete(wake);
        signal.removeEventListener("abort", stop);
        settle(hasTurn);
      };
      waiting.add(wake);
      signal.addEventListener("abort", stop, { once: true });
    });
  };

  const passOn = () => {
    const [next] = waiting;
    if (next === undefined) running--;
    else next(true);
  };

  return {
    async run(signal, start) {
      if (!(await takeTurn(signal))) return { kind: "stopped" };
      try {
        return signal.aborted ? { kind: "stopped" } : await start();
      } finally {
        passOn();
      }
    },
  };
}

/** Why a worker ended, and what it did. */
export interface WorkerEnd {
  readonly kind:
    | "done"
    | "exhausted"
    | "stopped"
    | "broken"
    | "worker-limit"
    | "worker-broken"
    | "left-to-others"
    | "interrupted";
  readonly completed: number;
  readonly broken: number;
  /** For `stopped`: the limit of the search that is reached, as a sentence. */
  readonly reason?: string;
}

/** True when the search itself is over, and not only this worker's part in it. */
export function endsSearch({ kind }: WorkerEnd): boolean {
  return kind === "done" || kind === "exhausted" || kind === "stopped";
}

/** Whether a worker is to end, and why. The first reason counts, and the first error. */
export interface Ending {
  /** `undefined` while more work may be taken. */
  readonly end: EndReason | undefined;
  /** What the worker rejects with, once nothing runs any more. */
  readonly failure: unknown;
  /** Take no more work. What runs goes on to its end. */
  finish(reason: EndReason): void;
  /** The same because of an error, for which the programs that run are not to blame. */
  finishFailed(error: unknown): void;
  /** Stop what runs, too. */
  interrupt(): void;
  /** The same because of an error. */
  fail(error: unknown): void;
}

export type EndReason = Pick<WorkerEnd, "kind" | "reason">;

/** @param stopRunning - Tell every program that runs to stop; may be called more than once. */
export function createEnding(stopRunning: () => void): Ending {
  let end: EndReason | undefined;
  let failure: unknown;
  const finish = (reason: EndReason) => {
    end ??= reason;
  };
  const finishFailed = (error: unknown) => {
    failure ??= error;
    finish({ kind: "interrupted" });
  };
  const interrupt = () => {
    finish({ kind: "interrupted" });
    stopRunning();
  };
  return {
    get end() {
      return end;
    },
    get failure() {
      return failure;
    },
    finish,
    finishFailed,
    interrupt,
    fail: (error) => {
      finishFailed(error);
      interrupt();
    },
  };
}

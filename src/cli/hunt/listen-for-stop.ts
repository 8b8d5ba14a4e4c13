import type { Terminal } from "../terminal.js";

interface StopOptions {
  readonly terminal: Pick<Terminal, "exit" | "onStopSignal">;
  /** Tells the user. */
  readonly say: (text: string) => void;
  readonly graceMs: number;
  /** Ends all that runs, at once. */
  readonly killAll: () => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Aborted at the first signal. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Listen no more. */
  readonly ignore: () => void;
}

/**
 * One Ctrl-C comes as several signals where a program in between passes it on, as `npm` and `npx` do. Nobody presses it
 * twice so fast.
 */
const echoMs = 200;

/** The first signal ends the hunt in order; a second Ctrl-C (or TERM) at once. */
export function listenForStop({ terminal, say, graceMs, killAll, now }: StopOptions): Stop {
  const controller = new AbortController();
  let stoppedAt = 0;
  const ignore = terminal.onStopSignal((signal) => {
    if (!controller.signal.aborted) {
      stoppedAt = now();
      const reason = signal === "SIGPIPE" ? "Standard output cannot be written to any more. " : "";
      say(
        `${reason}Stopping: running scripts get TERM, and KILL after ${graceMs / 1000} s. Interrupt again to end at once.\n`,
      );
      controller.abort();
      return;
    }
    // A terminal that closes sends one HUP after the other, and its output fails too: that is nobody in a hurry.
    const isHurry = signal === "SIGINT" || signal === "SIGTERM";
    if (!isHurry || now() - stoppedAt <= echoMs) return;
    void killAll().finally(() => {
      say("Ended at once. The next hunt takes up what was running.\n");
      terminal.exit(130);
    });
  });
  return { signal: controller.signal, ignore };
}

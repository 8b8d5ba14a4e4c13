import type { ChildProcess } from "node:child_process";
import type { Arena, WorkerKind } from "./arena.js";

/** One worker that ended. */
export interface Ending {
  readonly pid: number;
  /** How often it was told to stop by TERM or INT: a hunt that is told twice ends at once. */
  readonly timesTold: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** A fixed number of workers, each replaced when it ends, until they are dismissed. */
export interface Crew {
  /** Those that run now. */
  readonly members: readonly ChildProcess[];
  /** Process ids of all that died of a signal, ours or their own, or had to end at once: what they had in hand may be lost. */
  readonly killed: ReadonlySet<number>;
  /** How a worker of ours ended; `undefined` when none had this process id. */
  endingOf(pid: number): Ending | undefined;
  /** Outputs of those that ended in a way that no fault explains. */
  readonly complaints: readonly string[];
  readonly started: number;
  /** What those said last that ended last. */
  lastWords(): readonly string[];
  /** From now on only so many are replaced. */
  shrinkTo(size: number): void;
  /** Nobody is replaced any more; resolves when the last one has ended. */
  dismiss(): Promise<void>;
  /** End at once whoever is left. */
  destroy(): void;
}

interface CrewOptions {
  readonly arena: Arena;
  readonly size: number;
  /** What the next worker is made of. */
  readonly draft: () => WorkerKind;
}

export function startCrew({ arena, size, draft }: CrewOptions): Crew {
  const members = new Set<ChildProcess>();
  const killed = new Set<number>();
  const complaints: string[] = [];
  const words: string[] = [];
  let isDismissed = false;
  let started = 0;

  const endings = new Map<number, Ending>();
  const judge = (ending: Ending) => {
    const { pid, code, signal, timesTold, output } = ending;
    endings.set(pid, ending);
    words.push(`${pid} ended with ${signal ?? code}: ${output.slice(-500)}`);
    // A hunt answers TERM and INT, the second one by ending at once; a program of the library dies of the first.
    if (signal !== null || timesTold > 1) killed.add(pid);
    // A stack trace is never an answer, whatever happened.
    if (/fault in orion itself|^\s+at .*:\d+:\d+\)?$/m.test(output)) complaints.push(output.slice(-2000));
  };
  let wanted = size;
  const slot = async (index: number): Promise<void> => {
    while (!isDismissed && index < wanted) {
      const child = arena.start(draft());
      started++;
      members.add(child);
      judge(await ended(child));
      members.delete(child);
    }
  };
  const all = Promise.all(Array.from({ length: size }, (_, index) => slot(index)));
  return {
    get members() {
      return [...members];
    },
    get started() {
      return started;
    },
    killed,
    complaints,
    endingOf: (pid) => endings.get(pid),
    lastWords: () => words.slice(-10),
    shrinkTo: (fewer) => {
      wanted = fewer;
    },
    dismiss: async () => {
      isDismissed = true;
      await all;
    },
    destroy: () => {
      isDismissed = true;
      for (const child of members) child.kill("SIGKILL");
    },
  };
}

export async function ended(child: ChildProcess): Promise<Ending> {
  let output = "";
  let timesTold = 0;
  const kill = child.kill.bind(child);
  child.kill = (signal) => {
    if (signal === "SIGTERM" || signal === "SIGINT") timesTold++;
    return kill(signal);
  };
  const keep = (text: Buffer) => {
    output = (output + text).slice(-20_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ pid: child.pid!, code, signal, timesTold, output }));
  });
}

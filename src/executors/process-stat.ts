import { existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

/** What the kernel says of a process. */
export interface ProcessStat {
  /** One letter: `R` running, `S` sleeping, `Z` zombie, `X` dead … */
  readonly state: string;
  readonly groupId: number;
  readonly sessionId: number;
  /** Clock ticks since boot, as text: tells a process from a later one with the same pid. */
  readonly startTime: string;
}

/**
 * Read `/proc/<pid>/stat`, or `undefined` where there is no such process or no such file (other systems than Linux).
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 3, 5, 6 and 22
 */
export function readProcessStat(pid: number | "self"): ProcessStat | undefined {
  let text: string;
  if (!existsSync(`/proc/${pid}`)) return undefined; // a tenth of what an error costs
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0]!, groupId: Number(fields[2]), sessionId: Number(fields[3]), startTime: fields[19]! };
}

/** True for a process that has ended and only waits to be noticed by its parent. */
export function isDead({ state }: ProcessStat): boolean {
  return state === "Z" || state === "X";
}

/**
 * The pid that was given out last, among the processes that we can see; `undefined` where nobody tells (other systems
 * than Linux). Pids ascend until the highest one, and then begin anew.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_loadavg.5.html, the last field
 */
export function newestPid(): number | undefined {
  try {
    loadFile ??= openSync("/proc/loadavg", "r");
    const text = loadText.toString("latin1", 0, readSync(loadFile, loadText, 0, loadText.length, 0));
    const pid = Number(text.slice(text.lastIndexOf(" ") + 1));
    return pid > 0 ? pid : undefined; // some sandboxes write zeros
  } catch {
    return undefined;
  }
}

/** Kept open: each read of it is of that moment, and costs a tenth of opening it. */
let loadFile: number | undefined;
const loadText = Buffer.alloc(128);

/** Of all processes that we can see; empty where nobody tells (other systems than Linux). */
export function listPids(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

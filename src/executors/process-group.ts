import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isDead, newestPid, readProcessStat } from "./process-stat.js";

/** Send a signal to all members of a process group; 0 only asks. False when the group has no member. */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: there are members, but not ours
  }
}

/** Wait until no member of a process group runs, or until `timeoutMs` have passed (`false`). */
export async function groupEnded(groupId: number, timeoutMs: number): Promise<boolean> {
  for (let pauseMs = 2, waitedMs = 0; signalGroup(groupId, 0); waitedMs += pauseMs) {
    if (waitedMs >= timeoutMs) return false;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs, timeoutMs - waitedMs);
    // Only once it takes long, since it reads all of /proc: where nobody reaps orphans, as in a container whose first
    // process is not an init, zombies are members for ever.
    if (pauseMs === longestPauseMs && hasOnlyDeadMembers(groupId)) return true;
    await pause(pauseMs);
  }
  return true;
}

const longestPauseMs = 64;

/**
 * Watch who joins a process group of ours from now on.
 *
 * @returns A question: true when nobody who joined is left. False also where that cannot be told at a low price: on other
 *   systems than Linux, and where the machine has started many processes meanwhile.
 */
export function watchNewMembers(groupId: number): () => boolean {
  const before = newestPid();
  return () => {
    if (before === undefined) return false;
    for (let last = before; ; ) {
      // Asked until nobody is new: one that is gone may have left a child behind.
      const newest = newestPid() ?? -1;
      if (newest === last) return true;
      if (newest < last || newest - before > mostNewPids) return false;
      while (last < newest) {
        const stat = readProcessStat(++last);
        if (stat?.groupId === groupId && !isDead(stat)) return false;
      }
    }
  };
}

/** Each takes about 10 µs. */
const mostNewPids = 200;

function hasOnlyDeadMembers(groupId: number): boolean {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return false;
  }
  const members = names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcessStat(Number(name)))
    .filter((stat) => stat?.groupId === groupId);
  return members.length > 0 && members.every((stat) => stat !== undefined && isDead(stat));
}

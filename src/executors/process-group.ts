import { setTimeout as pause } from "node:timers/promises";
import { isDead, listPids, newestPid, readProcessStat } from "./process-stat.js";

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
 * @returns A question: true when nobody who joined is left. False also where that cannot be told: on other systems than
 *   Linux, and when pids have begun anew meanwhile.
 */
export function watchNewMembers(groupId: number): () => boolean {
  const before = newestPid();
  const isMember = (pid: number) => {
    const stat = readProcessStat(pid);
    return stat?.groupId === groupId && !isDead(stat);
  };
  return () => {
    if (before === undefined) return false;
    for (let last = before; ; ) {
      // Asked until nobody is new: one that is gone may have left a child behind.
      const newest = newestPid() ?? -1;
      if (newest === last) return true;
      if (newest < last || pidsBetween(last, newest).some(isMember)) return false;
      last = newest;
    }
  };
}

/** Pids that were given out after `last`, up to `newest`; of many, those that are still in use. */
function pidsBetween(last: number, newest: number): number[] {
  const count = newest - last;
  if (count <= fewPids) return Array.from({ length: count }, (_, index) => last + 1 + index);
  return listPids().filter((pid) => pid > last && pid <= newest);
}

/** To look at so many, about 10 µs each, costs less than to list all processes. */
const fewPids = 20;

function hasOnlyDeadMembers(groupId: number): boolean {
  const members = listPids()
    .map(readProcessStat)
    .filter((stat) => stat?.groupId === groupId);
  return members.length > 0 && members.every((stat) => stat !== undefined && isDead(stat));
}

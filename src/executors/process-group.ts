import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isDead, readProcessStat } from "./process-stat.js";

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

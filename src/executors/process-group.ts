import { setTimeout as pause } from "node:timers/promises";
import { isDead, listPids, newestPid, type ProcessStat, readProcessStat } from "./process-stat.js";

/*
 * A process that leads a session leads a group of the same number. What it starts may make groups of its own in the
 * session, as `timeout` and shells with job control do; on Linux these belong to what is meant by its group here.
 */

/** Send a signal to all members of a process group. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  signalOne(groupId, signal);
  for (const other of otherGroups(groupId)) signalOne(other, signal);
}

/** False when the group has no member; the signal 0 only asks. */
function signalOne(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: there are members, but not ours
  }
}

/** Wait until no member of a process group runs, or until `timeoutMs` have passed (`false`). */
export async function groupEnded(groupId: number, timeoutMs: number): Promise<boolean> {
  for (let pauseMs = 2, waitedMs = 0; isAlive(groupId, pauseMs); waitedMs += pauseMs) {
    if (waitedMs >= timeoutMs) return false;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs, timeoutMs - waitedMs);
    await pause(pauseMs);
  }
  return true;
}

const longestPauseMs = 64;

function isAlive(groupId: number, pausedMs: number): boolean {
  if (!signalOne(groupId, 0)) return otherGroups(groupId).length > 0;
  // Only once it takes long, since it reads all of /proc: where nobody reaps orphans, as in a container whose first
  // process is not an init, zombies are members for ever.
  return pausedMs !== longestPauseMs || !hasOnlyDeadMembers(groupId);
}

function hasOnlyDeadMembers(sessionId: number): boolean {
  const members = listSession(sessionId);
  return members.length > 0 && members.every(isDead);
}

/** Groups with living members in a session, but for the one of its leader. */
function otherGroups(sessionId: number): number[] {
  const living = listSession(sessionId).filter((stat) => !isDead(stat));
  return [...new Set(living.map(({ groupId }) => groupId))].filter((groupId) => groupId !== sessionId);
}

/** Empty on other systems than Linux. */
function listSession(sessionId: number): ProcessStat[] {
  return listPids()
    .map((pid) => readProcessStat(pid))
    .filter((stat) => stat?.sessionId === sessionId) as ProcessStat[];
}

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
    return stat?.sessionId === groupId && !isDead(stat);
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

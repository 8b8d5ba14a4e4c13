import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { signalGroup } from "../executors/process-group.js";
import { listPids } from "../executors/process-stat.js";
import type { WorkerId } from "../trial/trial.js";
import { isGone, workerVariable } from "./worker-id.js";

interface TrialOfWorker {
  readonly trialId: string;
  /** Who ran the trial before, where that is known: saves the search when it is no dead worker of this machine. */
  readonly worker?: WorkerId;
}

/**
 * Kill what a dead worker left running of a trial on this machine; call it before the trial is taken up again.
 *
 * A second line behind the guard, which may have been killed as well. Reads the environment of every process (about
 * 20 µs each), so it is for trials that ran before, not for new ones. Does nothing on other systems than Linux.
 *
 * @returns How many processes were killed.
 */
export async function endOrphans({ trialId, worker }: TrialOfWorker): Promise<number> {
  if (worker !== undefined && !isGone(worker)) return 0;
  const killed = new Set<number>();
  for (let tries = 0; tries < mostTries; tries++) {
    const orphans = findOrphans(trialId);
    if (orphans.length === 0) break;
    for (const pid of orphans) {
      killed.add(pid);
      signalGroup(pid, "SIGKILL"); // nothing happens unless it leads a group
      killProcess(pid);
    }
    await pause(5); // a KILL takes a moment, and a fork may have been under way
  }
  return killed.size;
}

const mostTries = 50;

function findOrphans(trialId: string): number[] {
  const mark = `ORION_TRIAL_ID=${trialId}\0`;
  return listPids().filter((pid) => {
    if (pid === process.pid) return false;
    const environment = readEnvironment(pid);
    if (!environment.includes(mark)) return false;
    const variables = environment.split("\0");
    const owner = variables.find((variable) => variable.startsWith(`${workerVariable}=`));
    return (
      variables.includes(mark.slice(0, -1)) && owner !== undefined && isGone(owner.slice(workerVariable.length + 1))
    );
  });
}

/** `NAME=value` entries, each with a NUL behind it; "" for a process that is over or not ours. */
function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

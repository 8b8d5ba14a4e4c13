import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isDead, readProcessStat } from "../executors/process-stat.js";
import type { WorkerId } from "../trial/trial.js";

/**
 * Name one worker in one process: opaque, except to `isGone`, and unique for ever.
 *
 * It is `host:pid:start:boot:namespace:nonce`, each part free of ":". The nonce has a fixed length, so no id is the
 * beginning of another.
 *
 * @param options.pid - Of the process that the worker lives in.
 * @param options.nonce - 16 random hex digits; tells apart the workers of one process.
 * @throws {RangeError} for another nonce.
 */
export function createWorkerId({ pid, nonce }: { readonly pid: number; readonly nonce: string }): WorkerId {
  if (!/^[0-9a-f]{16}$/.test(nonce)) throw new RangeError(`The nonce "${nonce}" is not 16 hex digits.`);
  const { host, boot, namespace } = readMachine();
  return [host, pid, readProcessStat(pid)?.startTime ?? unknown, boot, namespace, nonce].join(":");
}

/**
 * True only when it is certain that the worker's process is dead: it lived on this machine, since the same boot and
 * among the processes that we can see, and it is no more. In any other case the lease has to decide.
 */
export function isGone(worker: WorkerId): boolean {
  const [host, pidText, startTime, boot, namespace, nonce] = worker.split(":");
  const machine = readMachine();
  const pid = Number(pidText);
  if (nonce === undefined || !Number.isSafeInteger(pid) || pid <= 0) return false;
  if (host !== machine.host || boot !== machine.boot || namespace !== machine.namespace) return false;
  if (isLinux && [startTime, boot, namespace].includes(unknown)) return false;
  if (isUnused(pid)) return true;
  const stat = readProcessStat(pid); // missing when another user's processes are hidden from us
  return stat !== undefined && (isDead(stat) || stat.startTime !== startTime);
}

/** The variable by which the processes of a worker's scripts are known; see `guard.ts`. */
export const workerVariable = "ORION_WORKER";

interface Machine {
  readonly host: string;
  readonly boot: string;
  readonly namespace: string;
}

const isLinux = process.platform === "linux";
const unknown = "-";
let machine: Machine | undefined;

function readMachine(): Machine {
  machine ??= {
    host: encodeURIComponent(hostname()),
    boot: readOr(unknown, () => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()),
    // "pid:[4026531836]"
    namespace: readOr(unknown, () => readlinkSync("/proc/self/ns/pid").replace(/\D/g, "")),
  };
  return machine;
}

function readOr(fallback: string, read: () => string): string {
  try {
    return read();
  } catch {
    return fallback;
  }
}

function isUnused(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

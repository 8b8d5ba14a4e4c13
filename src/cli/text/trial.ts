import type { Trial, WorkerId } from "../../trial/trial.js";
import { isGone } from "../../worker/worker-id.js";
import { duration } from "./times.js";

/**
 * What is worth knowing about a trial beside its status, in one line; "" for nothing.
 *
 * @param now - Milliseconds since 1970.
 */
export function remarkOn(trial: Trial, now: number): string {
  const { status, failure, stoppedAt } = trial;
  if (status === "reserved") return showHolder(trial, now);
  const late = trial.lateResults.length > 0 ? "has late results" : "";
  const stopped = stoppedAt === undefined ? "" : `stopped early at step ${stoppedAt}`;
  if (failure === undefined || status === "completed") return [stopped, late].filter((part) => part !== "").join(", ");
  const stderr = lastLine(failure.stderr);
  return [howItEnded(trial), stderr, late].filter((part) => part !== "").join(": ");
}

function howItEnded({ failure }: Trial): string {
  if (failure?.signal !== undefined) return `killed by ${failure.signal}`;
  // With exit code 0 it is the reason that says what was wrong.
  return failure?.exitCode ? `exit code ${failure.exitCode}` : (failure?.reason ?? "");
}

function lastLine(text = ""): string {
  return text.trimEnd().split("\n").at(-1)!.trim();
}

function showHolder(trial: Trial, now: number): string {
  const { owner, startTime } = trial;
  if (owner === undefined) return "held by no worker";
  // The clock of another machine may be ahead of ours.
  const since = startTime === undefined ? "" : ` for ${duration(Math.max(0, now - startTime) / 1000)}`;
  return whyLost(trial, now) ?? `held by ${showWorker(owner)}${since}`;
}

/** Why nobody is at work on a reserved trial any more; `undefined` when somebody is, as far as one can tell. */
export function whyLost({ owner, leaseUntil }: Trial, now: number): string | undefined {
  if (owner !== undefined && isGone(owner)) return "its worker is gone; the next hunt resumes it";
  const isOver = leaseUntil !== undefined && leaseUntil < now;
  return isOver ? "its worker gives no sign of life; the next hunt resumes it" : undefined;
}

/** A worker for people: `process 4711 on laptop`. */
export function showWorker(worker: WorkerId): string {
  const [host, pid] = worker.split(":");
  return host && pid ? `process ${pid} on ${decodeURIComponent(host)}` : worker;
}

import type { Trial, WorkerId } from "../../trial/trial.js";
import { isGone } from "../../worker/worker-id.js";

/** What is worth knowing about a trial beside its status, in one line; "" for nothing. */
export function remarkOn(trial: Trial): string {
  const { status, failure, owner, stoppedAt } = trial;
  if (status === "reserved") return owner === undefined ? "held by nobody" : showHolder(owner);
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

function showHolder(owner: WorkerId): string {
  return isGone(owner) ? workerIsGone : `held by ${showWorker(owner)}`;
}

/** Of a reserved trial. */
export const workerIsGone = "its worker is gone; the next hunt resumes it";

/** A worker for people: `process 4711 on laptop`. */
export function showWorker(worker: WorkerId): string {
  const [host, pid] = worker.split(":");
  return host && pid ? `process ${pid} on ${decodeURIComponent(host)}` : worker;
}

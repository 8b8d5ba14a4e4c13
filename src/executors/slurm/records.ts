import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../make-folder.js";
import type { CommandEvaluation } from "../executor.js";
import { inSharedFolder } from "./shared-folder.js";
import type { SubmittedJob } from "./submit.js";

/** What is known of a job that may outlive the process that handed it in. */
export interface JobRecord extends SubmittedJob {
  readonly evaluation: CommandEvaluation;
}

/** One file for each trial that has a job, so that a later process finds it. */
export interface JobRecords {
  find(evaluation: CommandEvaluation): JobRecord | undefined;
  /** @throws {ConfigurationError} when that cannot be done. */
  keep(record: JobRecord): void;
  /** Forget the job, and remove its files. What cannot be removed stays: the job has ended all the same. */
  remove(record: JobRecord): void;
}

export function openJobRecords(folder: string): JobRecords {
  const pathOf = (evaluation: CommandEvaluation) => join(folder, "trials", `${keyOf(evaluation)}.json`);
  return {
    find: (evaluation) => {
      if (evaluation.id === undefined) return undefined;
      try {
        return JSON.parse(readFileSync(pathOf(evaluation), "utf8")) as JobRecord;
      } catch {
        return undefined; // none, or of a process that died while it wrote
      }
    },
    keep: (record) => {
      if (record.evaluation.id === undefined) return;
      const path = pathOf(record.evaluation);
      inSharedFolder(folder, () => {
        makeFolder(dirname(path), 0o700);
        writeFileSync(`${path}.part`, JSON.stringify(record), { mode: 0o600 });
        renameSync(`${path}.part`, path);
      });
    },
    remove: ({ evaluation, exitPath }) => {
      if (evaluation.id !== undefined) attempt(() => rmSync(pathOf(evaluation), { force: true }));
      for (const ending of [".sh", ".log", ".exit"]) {
        attempt(() => rmSync(exitPath.replace(/\.exit$/, ending), { force: true }));
      }
      attempt(() => rmdirSync(dirname(exitPath))); // fails while others of its array are running
    },
  };
}

function attempt(removal: () => void): void {
  try {
    removal();
  } catch {
    // It is not empty, not ours any more, or the file system is away.
  }
}

/** Trials of two experiments may have the same id, but not the same files. */
function keyOf({ id, stdoutPath }: CommandEvaluation): string {
  return createHash("sha256").update(`${id}\0${stdoutPath}`).digest("hex").slice(0, 32);
}

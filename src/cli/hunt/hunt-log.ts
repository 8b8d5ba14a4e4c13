import { encodeJson } from "../../space/odd-floats.js";
import type { ExperimentRecord } from "../../storage/storage.js";
import type { Trial } from "../../trial/trial.js";
import type { Verdict } from "../../worker/verdict.js";
import type { WorkerEvents } from "../../worker/worker-options.js";
import { oneLine } from "../text/printable.js";

interface HuntLogOptions {
  /** As in `Terminal`. */
  readonly verbosity: number;
  readonly print: (text: string) => void;
  readonly now: () => Date;
}

/** Where a hunt works. */
interface Scene {
  /** Without a password. */
  readonly storageUrl: string;
  readonly record: ExperimentRecord;
  /** Absolute; where the program starts, and where the directories of the trials are. */
  readonly directory: string;
  readonly trialFolder: string;
  readonly worker: string;
}

/** What `-v` tells of a hunt, a line each: `2031-04-02T10:00:00.000Z INFO Trial 3 is completed: objective 0.5`. */
export interface HuntLog extends Pick<WorkerEvents, "started" | "ended"> {
  began(scene: Scene): void;
}

export function createHuntLog({ verbosity, print, now }: HuntLogOptions): HuntLog {
  const say = (level: "INFO" | "DEBUG", text: string) => {
    if (verbosity >= (level === "INFO" ? 1 : 2)) print(`${now().toISOString()} ${level} ${oneLine(text)}\n`);
  };
  return {
    began({ storageUrl, record, directory, trialFolder, worker }) {
      const { algorithm, seed, metadata } = record.definition;
      say("INFO", `${record.name}-v${record.version} in ${storageUrl}`);
      say("INFO", `Algorithm ${algorithm.name} ${encodeJson(algorithm.options)}, seed ${seed}`);
      say("INFO", `The program starts in ${directory}: ${encodeJson(metadata.userArgs)}`);
      say("DEBUG", `Directories of the trials are in ${trialFolder}`);
      say("DEBUG", `This worker is ${worker}`);
    },
    started({ number, id, epoch, params }) {
      const again = epoch === 1 ? "" : `, taken up again: it is its reservation ${epoch}`;
      say("INFO", `Trial ${number} (${id}) starts${again}`);
      say("DEBUG", `Trial ${number} has ${encodeJson(params)}`);
    },
    ended({ number }: Trial, verdict) {
      say("INFO", `Trial ${number} is ${verdict.kind}${describe(verdict)}`);
      if (verdict.kind === "completed") say("DEBUG", `Trial ${number} reported ${encodeJson(verdict.results)}`);
    },
  };
}

function describe(verdict: Verdict): string {
  if (verdict.kind === "broken") return `: ${verdict.failure.reason}`;
  if (verdict.kind === "interrupted") return verdict.isByProgram ? " by its program" : "";
  const objective = verdict.results.find(({ type }) => type === "objective")?.value;
  const early =
    verdict.stopped === undefined ? "" : `, stopped at step ${verdict.stopped.at}: ${verdict.stopped.reason}`;
  return `: objective ${String(objective)}${early}`;
}

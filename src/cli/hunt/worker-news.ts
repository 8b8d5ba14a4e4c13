import { StorageError } from "../../errors.js";
import { encodeJson } from "../../space/odd-floats.js";
import type { WorkerEvents } from "../../worker/worker-options.js";

/** What a worker has to say beside its progress. */
export interface WorkerNews extends Omit<WorkerEvents, "started" | "ended"> {
  /** Something that the user should know, though the trial went well. */
  note(text: string): void;
}

/** Put into sentences for people, a line each. The same trouble, or note, again is no news. */
export function workerNews(print: (text: string) => void): WorkerNews {
  const told = { trouble: "", note: "" };
  const once = (kind: keyof typeof told, text: string) => {
    if (told[kind] !== text) print(text);
    told[kind] = text;
  };
  return {
    trouble: (error) => {
      const isHopeless = error instanceof StorageError && !error.retryable;
      once("trouble", `Warning: ${(error as Error).message}${isHopeless ? "" : " Trying again."}\n`);
    },
    recovered: () => {
      if (told.trouble !== "") print("The database answers again.\n");
      told.trouble = "";
    },
    failing: (error) =>
      print(`${(error as Error).message} No more trials are started here; those that run go on to their ends.\n`),
    note: (text) => once("note", `Note: ${text}\n`),
    lost: ({ number }) =>
      print(`Trial ${number} was taken over by another worker, or changed by hand; its script is stopped here.\n`),
    late: ({ number }, fate) => print(`Trial ${number} ${fates[fate]}\n`),
    spooled: ({ number }, path) =>
      print(`The results of trial ${number} are kept in ${path}; the next hunt hands them in.\n`),
    nowhere: ({ number, id }, results) =>
      print(`The results of trial ${number} (${id}) could not be stored anywhere: ${encodeJson(results)}\n`),
  };
}

const fates = {
  kept: "had ended before its results came; they are kept beside.",
  removed: "had been removed meanwhile; its results are dropped with it.",
} as const;

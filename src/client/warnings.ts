import { encodeJson } from "../space/odd-floats.js";
import type { WorkerEvents } from "../worker/worker-options.js";

/** What happens to a worker that is no error of the program: sentences for people. */
export type Warnings = Omit<WorkerEvents, "started" | "ended">;

export function warningsOf(warn: (text: string) => void): Warnings {
  let lastTrouble = "";
  return {
    trouble: (error) => {
      const { message } = error as Error;
      if (message !== lastTrouble) warn(message); // the same trouble again is no news
      lastTrouble = message;
    },
    failing: (error) =>
      warn(`${(error as Error).message} No more trials are started here; those that run go on to their ends.`),
    recovered: () => {
      lastTrouble = "";
    },
    lost: ({ number }) => warn(`Trial ${number} was taken over by another worker, or changed by hand; it stops here.`),
    late: ({ number }, fate) =>
      warn(
        fate === "kept"
          ? `Trial ${number} had ended before its results came; they are kept beside.`
          : `Trial ${number} had been removed meanwhile; its results are dropped with it.`,
      ),
    spooled: ({ number }, path) =>
      warn(`The results of trial ${number} are kept in ${path}; whoever opens the experiment next hands them in.`),
    nowhere: ({ number, id }, results) =>
      warn(`The results of trial ${number} (${id}) could not be stored anywhere: ${encodeJson(results)}`),
  };
}

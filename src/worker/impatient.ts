import { StorageError } from "../errors.js";
import type { Experiment } from "../experiment/experiment.js";
import type { HurriedExperiment, WorkerExperiment } from "./worker-experiment.js";

/** From the moment of the stop the database gets this long to answer … */
const patienceMs = 5000;
/** … and a call that is made later at least this long. */
const leastMs = 1000;

/**
 * The same experiment for a worker that may be told to stop: after that no call waits for long.
 *
 * A network can swallow everything without a word, and then it is minutes until anybody knows. A worker that has to go
 * does not have them: it leaves its results in files, and the trials that it holds to their leases. A call that is given
 * up may still be carried out, which does no harm: it could as well be one whose answer was lost.
 *
 * Dispose of it when the worker has ended: a signal may live for long, and hold on to all that listens to it.
 */
export function impatient(experiment: Experiment, signal: AbortSignal): HurriedExperiment & Disposable {
  const { storage, record, nextTrial } = experiment;
  const { patience, close } = openPatience(signal, storage.url);
  // Not spread: a call that a worker makes and that is missing here does not compile.
  const worker: WorkerExperiment = {
    record,
    nextTrial: (claim, keep) => patience(nextTrial(claim, keep), "The algorithm, or the database behind it,"),
    storage: {
      getExperiment: (...given) => patience(storage.getExperiment(...given)),
      renewLeases: (...given) => patience(storage.renewLeases(...given)),
      finishTrial: (...given) => patience(storage.finishTrial(...given)),
      releaseTrial: (...given) => patience(storage.releaseTrial(...given)),
      listTrials: (...given) => patience(storage.listTrials(...given)),
      listOwners: (...given) => patience(storage.listOwners(...given)),
      summarize: (...given) => patience(storage.summarize(...given)),
      addReports: (...given) => patience(storage.addReports(...given)),
      readReports: (...given) => patience(storage.readReports(...given)),
      waitForNews: (...given) => storage.waitForNews(...given), // has a signal of its own
    },
  };
  return { ...experiment, ...worker, [Symbol.dispose]: close };
}

/** @param who - Does not answer, if nobody does: the database unless said. */
type Patience = <T>(answer: Promise<T>, who?: string) => Promise<T>;

function openPatience(signal: AbortSignal, url: string): { readonly patience: Patience; close(): void } {
  /** What is to be done about the calls that wait, once there is a hurry. */
  const waiting = new Set<() => void>();
  let stoppedAt: number | undefined;
  const hurry = () => {
    stoppedAt = performance.now();
    for (const limit of waiting) limit();
  };
  if (signal.aborted) hurry();
  else signal.addEventListener("abort", hurry, { once: true });

  const patience: Patience = (answer, who = `The database ${url}`) =>
    new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const giveUp = () => reject(noAnswer(who));
      const limit = () => {
        timer = setTimeout(giveUp, Math.max(leastMs, stoppedAt! + patienceMs - performance.now()));
      };
      const settled = () => {
        clearTimeout(timer);
        waiting.delete(limit);
      };
      answer.finally(settled).then(resolve, reject);
      if (stoppedAt === undefined) waiting.add(limit);
      else limit();
    });
  return { patience, close: () => signal.removeEventListener("abort", hurry) };
}

function noAnswer(who: string): StorageError {
  return new StorageError(`${who} does not answer.`, "Look whether the server and the network run.", {
    retryable: true,
  });
}

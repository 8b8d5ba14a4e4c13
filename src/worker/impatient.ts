import { StorageError } from "../errors.js";
import type { Experiment } from "../experiment/experiment.js";

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
 */
export function impatient(experiment: Experiment, signal: AbortSignal): Experiment {
  const { storage } = experiment;
  const patience = openPatience(signal, storage.url);
  const { nextTrial } = experiment;
  return {
    ...experiment,
    nextTrial: (claim) => patience(nextTrial(claim)),
    storage: {
      ...storage,
      getExperiment: (...given) => patience(storage.getExperiment(...given)),
      renewLeases: (...given) => patience(storage.renewLeases(...given)),
      finishTrial: (...given) => patience(storage.finishTrial(...given)),
      releaseTrial: (...given) => patience(storage.releaseTrial(...given)),
      listTrials: (...given) => patience(storage.listTrials(...given)),
      listOwners: (...given) => patience(storage.listOwners(...given)),
      summarize: (...given) => patience(storage.summarize(...given)),
      addReports: (...given) => patience(storage.addReports(...given)),
      readReports: (...given) => patience(storage.readReports(...given)),
    },
  };
}

type Patience = <T>(answer: Promise<T>) => Promise<T>;

function openPatience(signal: AbortSignal, url: string): Patience {
  let stoppedAt: number | undefined;
  return (answer) =>
    new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const giveUp = () =>
        reject(
          new StorageError(`The database ${url} does not answer.`, "Look whether the server and the network run.", {
            retryable: true,
          }),
        );
      const onStop = () => {
        stoppedAt ??= performance.now();
        timer = setTimeout(giveUp, Math.max(leastMs, stoppedAt + patienceMs - performance.now()));
      };
      const settled = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onStop);
      };
      answer.finally(settled).then(resolve, reject);
      if (signal.aborted) onStop();
      else signal.addEventListener("abort", onStop, { once: true });
    });
}

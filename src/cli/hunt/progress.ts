import type { Experiment } from "../../experiment/experiment.js";
import type { Summary } from "../../storage/storage.js";
import type { Trial } from "../../trial/trial.js";
import type { Verdict, WorkerEvents } from "../../worker/run-worker.js";
import type { Terminal } from "../terminal.js";
import { createLiveView } from "./live-view.js";
import { type Progress, progressLine } from "./progress-line.js";

/** Shows how a hunt goes: a live view on a terminal, plain lines elsewhere. */
export interface ProgressDisplay extends Pick<WorkerEvents, "started" | "ended"> {
  /** Output of scripts; it goes above the live view. */
  print(text: string): void;
  printError(text: string): void;
  /** What the worker itself has to say. */
  printText(text: string): void;
  stop(): Promise<void>;
}

interface ProgressOptions {
  readonly terminal: Terminal;
  readonly experiment: Experiment;
  /** Keep standard output free: everything goes to standard error. */
  readonly isJson: boolean;
}

/** Time between two looks at the whole experiment, which other workers change too. */
const refreshMs = 500;
const plainMs = 1000;

export function showProgress({ terminal, experiment, isJson }: ProgressOptions): ProgressDisplay {
  const { storage, record } = experiment;
  const isLive = terminal.isInteractive && !isJson;
  const view = isLive ? createLiveView(terminal) : undefined;
  const running = new Map<number, number>();
  const startedAt = performance.now();
  let ended = 0;
  let shown = -1;
  let isLooking = false;

  const progress = (summary: Summary): Progress => ({
    summary,
    record,
    running: [...running].map(([number, since]) => ({ number, seconds: (performance.now() - since) / 1000 })),
    seconds: (performance.now() - startedAt) / 1000,
    endedHere: ended,
  });

  const look = async () => {
    if (isLooking || (view === undefined && shown === ended)) return;
    isLooking = true;
    try {
      const summary = await storage.summarize(record.id);
      shown = ended;
      if (view !== undefined) view.update(progress(summary));
      else terminal.error(`${progressLine(progress(summary))}\n`);
    } catch {
      // The worker says what is wrong with the database.
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(look, isLive ? refreshMs : plainMs);

  const printText = (text: string) => (view === undefined ? terminal.error(text) : view.printAbove(text));
  return {
    print: (text) => {
      if (view !== undefined) view.printAbove(text);
      else if (isJson) terminal.error(text);
      else terminal.out(text);
    },
    printError: printText,
    printText,
    started: (trial: Trial) => void running.set(trial.number, performance.now()),
    ended: (trial: Trial, verdict: Verdict) => {
      running.delete(trial.number);
      ended++;
      if (verdict.kind !== "broken") return;
      const { reason, stderr } = verdict.failure;
      const last = stderr?.trimEnd().split("\n").at(-1);
      printText(`Trial ${trial.number} (${trial.id}) is broken: ${reason}${last ? `; it said: ${last}` : ""}\n`);
    },
    stop: async () => {
      clearInterval(timer);
      if (view === undefined && ended > 0 && shown !== ended) await look();
      view?.clear();
    },
  };
}

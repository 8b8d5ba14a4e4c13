import type { Trial } from "../../trial/trial.js";
import type { Verdict } from "../../worker/verdict.js";
import type { WorkerExperiment } from "../../worker/worker-experiment.js";
import type { WorkerEvents } from "../../worker/worker-options.js";
import type { Terminal } from "../terminal.js";
import { oneLine } from "../text/printable.js";
import { createLiveView, type LiveView } from "./live-view.js";
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
  readonly experiment: Pick<WorkerExperiment, "record" | "storage">;
  /** Keep standard output free: everything goes to standard error. */
  readonly isJson: boolean;
}

/** What the database last said. */
type Seen = Pick<Progress, "summary" | "record">;

/** Time between two looks at the whole experiment, which other workers change too. */
const refreshMs = 500;
const plainMs = 1000;
/** Lines grow rarer, up to this: the log of a hunt that goes on for weeks is to be read, too. */
const longestPlainMs = 60_000;

export function showProgress({ terminal, experiment, isJson }: ProgressOptions): ProgressDisplay {
  const { storage, record } = experiment;
  const isLive = terminal.isInteractive && !isJson && terminal.env.TERM !== "dumb";
  const view = isLive ? createLiveView(terminal) : undefined;
  const out = keepLines(terminal.out);
  const error = keepLines(terminal.error);
  /** What is printed next begins a line. */
  const endLines = () => {
    for (const lines of [view ?? out, error]) lines.endLine();
  };
  const running = new Map<number, number>();
  const startedAt = performance.now();
  let completed = 0;
  let ended = 0;
  let shown = -1;
  let shownAt = startedAt;
  let looking: Promise<void> | undefined;
  let seen: Seen | undefined;
  let isOver = false;

  const progressFrom = (known: Seen): Progress => ({
    ...known,
    running: [...running].map(([number, since]) => ({ number, seconds: (performance.now() - since) / 1000 })),
    seconds: (performance.now() - startedAt) / 1000,
    completedHere: completed,
    isOver,
  });
  const draw = () => {
    if (seen !== undefined && !isOver) view?.update(progressFrom(seen));
  };

  const show = async () => {
    if (view === undefined && shown === ended) return;
    const known = ended;
    try {
      const summary = await storage.summarize(record.id);
      // Its limits may have been changed meanwhile.
      seen = { summary, record: (await storage.getExperiment(record.name, record.version)) ?? record };
      if (view === undefined) printText(`${progressLine(progressFrom(seen))}\n`);
      shown = known;
      shownAt = performance.now();
    } catch {
      // The worker says what is wrong with the database.
    }
    draw();
  };
  const look = () => {
    // While the database is slow to answer the programs go on, and so do their times.
    if (looking !== undefined) draw();
    looking ??= show().finally(() => {
      looking = undefined;
    });
  };
  const lookIfDue = () => {
    const now = performance.now();
    if (now - shownAt >= Math.min((now - startedAt) / 60, longestPlainMs)) look();
  };
  const timer = isLive ? setInterval(look, refreshMs) : setInterval(lookIfDue, plainMs);
  if (isLive) look();

  const printText = (text: string) => {
    const lines = view ?? error;
    lines.endLine();
    lines.print(text);
  };
  return {
    print: (view ?? (isJson ? error : out)).print,
    // To a file of its own if standard error was sent to one.
    printError: (terminal.showsErrors && view !== undefined ? view : error).print,
    printText,
    started: (trial: Trial) => {
      running.set(trial.number, performance.now());
    },
    ended: (trial: Trial, verdict: Verdict) => {
      running.delete(trial.number);
      endLines();
      ended++;
      if (verdict.kind === "completed") completed++;
      if (verdict.kind === "broken") printText(describeBroken(trial, verdict));
    },
    stop: async () => {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      await looking;
      if (view === undefined && shown !== ended && ended > 0) await show();
      view?.clear();
    },
  };
}

/** Output as it comes, and a line break where a line has begun that nobody goes on with. */
function keepLines(print: (text: string) => void): Pick<LiveView, "print" | "endLine"> {
  let isBegun = false;
  return {
    print: (text) => {
      print(text);
      if (text !== "") isBegun = !text.endsWith("\n");
    },
    endLine: () => {
      if (isBegun) print("\n");
      isBegun = false;
    },
  };
}

function describeBroken(trial: Trial, { failure }: Extract<Verdict, { readonly kind: "broken" }>): string {
  const last = failure.stderr?.trimEnd().split("\n").at(-1);
  const reason = last ? `${failure.reason.replace(/\.$/, "")}; it said: ${oneLine(last)}` : failure.reason;
  return `Trial ${trial.number} (${trial.id}) is broken: ${reason}\n`;
}

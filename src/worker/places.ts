import type { Trial } from "../trial/trial.js";
import { leaseOf, type Pacemaker } from "./pacemaker.js";

/** The trials in a worker's hands: each that runs takes one of its places, and those taken ahead wait for one. */
export interface Places {
  readonly runningCount: number;
  readonly readyCount: number;
  /** Trials that run, or whose outcome is not recorded yet: those have left their places. */
  readonly activeCount: number;
  /**
   * Start a trial that is leased to us if there is a place for it, else keep it ready, and give it back when that takes
   * too long. Its lease is kept alive as long as we have it.
   */
  take(trial: Trial): void;
  /** Tell every program that runs to stop. */
  stop(): void;
  /** Give back what waits. Resolves when the outcome of all that ran is recorded. */
  empty(): Promise<void>;
}

/** A trial that is leased to this worker. */
export interface Held {
  readonly trial: Trial;
  /** Aborted when its program is to stop. */
  readonly signal: AbortSignal;
  /** Its lease is known to belong to somebody else, or to nobody. */
  readonly isLost: boolean;
  /**
   * Its program has ended. Nobody needs to be told of its lease any more: whoever stores the outcome learns who has the
   * trial, and when it is stored the lease is nobody's.
   */
  evaluated(): void;
}

interface InPlace extends Held {
  isLost: boolean;
  readonly stop: () => void;
  readonly letGo: () => void;
}

interface Ready {
  readonly held: InPlace;
  readonly timer: NodeJS.Timeout;
}

interface PlacesOptions {
  /** Trials that may run at the same time. */
  readonly nWorkers: number;
  readonly pacemaker: Pacemaker;
  /** True when nothing is to be started any more. */
  readonly isEnding: () => boolean;
  /**
   * Run a trial, and record its outcome; must not reject. Its place is free when that is done, or from the call of
   * `vacate` on, which starts the next one at once.
   */
  readonly run: (held: Held, vacate: () => void) => Promise<void>;
  /** Give back a trial that never began; must not reject. */
  readonly giveBack: (trial: Trial) => Promise<void>;
  /** How long a trial may be kept ready, in milliseconds. */
  readonly mostWaitMs: () => number;
  /** One was kept so long, and is given back: others may have nothing to do. */
  readonly onWaitedLong: () => void;
  readonly onLost: (trial: Trial) => void;
  /** A place is free, or an outcome recorded. */
  readonly onChange: () => void;
}

export function openPlaces(options: PlacesOptions): Places {
  const { nWorkers, pacemaker, isEnding } = options;
  const running = new Set<InPlace>();
  const ready: Ready[] = [];
  const active = new Set<Promise<void>>();
  const returning = new Set<Promise<void>>();

  /** Keep the lease of a trial alive from the moment it is ours. */
  function hold(trial: Trial): InPlace {
    const abort = new AbortController();
    const stop = () => abort.abort();
    let isEvaluated = false;
    const evaluated = () => {
      isEvaluated = true;
    };
    const held: InPlace = { trial, signal: abort.signal, isLost: false, evaluated, stop, letGo: () => lease.letGo() };
    const lease = pacemaker.hold(leaseOf(trial), () => {
      if (isEvaluated) return;
      held.isLost = true;
      options.onLost(trial);
      stop();
    });
    return held;
  }

  function start(held: InPlace): void {
    running.add(held);
    const ended = options
      .run(held, () => vacate(held))
      .finally(() => {
        held.letGo();
        vacate(held);
        active.delete(ended);
        options.onChange();
      });
    active.add(ended);
  }

  /** The place of a trial is free, and the next one gets it before anything else is done. */
  function vacate(held: InPlace): void {
    if (!running.delete(held)) return;
    while (!isEnding() && running.size < nWorkers && ready.length > 0) {
      const next = unready(ready[0]!);
      if (next.isLost) next.letGo();
      else start(next);
    }
    options.onChange();
  }

  function keepReady(held: InPlace): void {
    const one: Ready = {
      held,
      timer: setTimeout(() => {
        giveBack(one);
        options.onWaitedLong();
        options.onChange();
      }, options.mostWaitMs()).unref(),
    };
    ready.push(one);
  }

  function unready(one: Ready): InPlace {
    ready.splice(ready.indexOf(one), 1);
    clearTimeout(one.timer);
    return one.held;
  }

  function giveBack(one: Ready): void {
    const { trial, letGo } = unready(one);
    letGo();
    const returned = options.giveBack(trial).finally(() => returning.delete(returned));
    returning.add(returned);
  }

  return {
    get runningCount() {
      return running.size;
    },
    get readyCount() {
      return ready.length;
    },
    get activeCount() {
      return active.size;
    },
    take: (trial) => {
      const held = hold(trial);
      // Told to stop while the trial was being reserved: it is given back as it was.
      if (isEnding() || running.size >= nWorkers) keepReady(held);
      else start(held);
    },
    stop: () => {
      for (const { stop } of running) stop();
    },
    empty: async () => {
      for (const one of [...ready]) giveBack(one);
      await Promise.all([...active, ...returning]);
    },
  };
}

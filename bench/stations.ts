import { createEventQueue } from "../src/benchmarks/event-queue.js";

/** What a process waits for: time to pass, in milliseconds, or a place at a station. */
export type Wish = number | Door;
/** Somebody who does one thing after the other; whoever has a place at a station has to leave it. */
export type Process = Generator<Wish, void>;

/** A way into a station. */
export interface Door {
  /** True when there is a place; else the process goes on as soon as there is one. */
  admit(process: Process): boolean;
}

/** So many may be served at once; the others stand in line, in the order in which they came. */
export interface Station extends Door {
  /** For those who go before all others. */
  readonly first: Door;
  leave(): void;
  /** For how long its places were taken until now, all of them together, in milliseconds. */
  busyMs(): number;
}

/** A world of processes that meet at stations, and its clock: a discrete-event simulation. */
export interface World {
  readonly now: number;
  openStation(places: number): Station;
  enter(process: Process): void;
  /** Let everything happen until a condition holds, which is asked after each event. */
  runUntil(isOver: () => boolean): void;
}

export function openWorld(): World {
  const queue = createEventQueue<Process>();
  let now = 0;

  const openStation = (places: number): Station => {
    const waiting = createEventQueue<Process>(); // by the time of their arrival
    let taken = 0;
    let busy = 0;
    let countedAt = 0;
    const count = () => {
      busy += taken * (now - countedAt);
      countedAt = now;
    };
    const admit = (process: Process, rank: number): boolean => {
      count();
      if (taken === places) {
        waiting.add(rank, process);
        return false;
      }
      taken++;
      return true;
    };
    return {
      admit: (process) => admit(process, now),
      first: { admit: (process) => admit(process, -1) },
      leave() {
        count();
        const next = waiting.next();
        if (next === undefined) taken--;
        else queue.add(now, next.event);
      },
      busyMs() {
        count();
        return busy;
      },
    };
  };

  return {
    get now() {
      return now;
    },
    openStation,
    enter: (process) => queue.add(now, process),
    runUntil(isOver) {
      while (!isOver()) {
        const next = queue.next();
        if (next === undefined) throw new Error("Nothing happens any more.");
        now = next.time;
        const { value: wish } = next.event.next();
        if (typeof wish === "number") queue.add(now + wish, next.event);
        else if (wish?.admit(next.event)) queue.add(now, next.event);
      }
    },
  };
}

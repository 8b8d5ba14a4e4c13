/** Decides how many of its next trials a worker takes while the ones before still run. */
export interface Lookahead {
  /** To get one more trial took so long, its suggestion included. */
  claimed(ms: number): void;
  /** A program ran so long to its end. */
  evaluated(ms: number): void;
  /** How many trials should be ready to follow those that run in `places` places. */
  readyCount(places: number): number;
  /** How long a ready trial may wait for its place, in milliseconds. */
  mostWaitMs(): number;
  /** A ready trial has waited that long: nothing is known any more of how long programs run. */
  misjudged(): void;
}

/** Below this, what a worker does between two programs weighs more than what a result could have taught the next one. */
const shortMs = 250;
/** A suggestion that takes more than 1/200 of an evaluation is worth computing ahead, at the price of one result. */
const patience = 200;
/** A ready trial waits at least so long for its place: a program now and then takes a while. */
const leastWaitMs = 1000;
/** So many evaluations are needed to know how long they take. */
const fewest = 5;

/**
 * A trial that is taken ahead starts the moment a place is free, but its suggestion does not know the results of those
 * that run. Long evaluations are worth the wait for the fresher suggestion, and a worker that is stopped while it waits
 * for them holds nothing that it has not begun. Nor does one whose programs suddenly take long: somebody else may have
 * nothing to do.
 */
export function createLookahead(): Lookahead {
  let count = 0;
  let evaluationMs = 0;
  let claimMs = 0;
  const mix = (mean: number, value: number, seen: number) => mean + (value - mean) / Math.min(seen, 10);
  let claims = 0;
  return {
    claimed: (ms) => {
      claimMs = mix(claimMs, ms, ++claims);
    },
    evaluated: (ms) => {
      evaluationMs = mix(evaluationMs, ms, ++count);
    },
    readyCount: (places) => {
      if (count < fewest) return 0;
      // where suggestions take half of the time or more, one for each place, as several may end at once
      if (evaluationMs < Math.max(shortMs, 2 * places * claimMs)) return places;
      return evaluationMs < patience * claimMs ? 1 : 0;
    },
    mostWaitMs: () => Math.max(leastWaitMs, patience * claimMs),
    misjudged: () => {
      count = 0;
    },
  };
}

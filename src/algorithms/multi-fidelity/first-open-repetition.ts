import type { SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import type { PlannedBracket } from "./rung-plan.js";
import { placeOf } from "./rungs.js";

interface Settled {
  /** By repetition: completed trials that its rungs still lack. */
  readonly lacking: Map<number, number>;
  /** Completed trials of each rung. */
  readonly counts: Map<string, number>;
  firstOpen: number;
}

/**
 * The first set of brackets that lacks a completed trial. Nothing is left to do in those before it, so a suggestion need
 * not look at them, however many there are.
 */
export function firstOpenRepetition(
  context: Pick<SuggestContext, "history" | "cache">,
  brackets: readonly PlannedBracket[],
): number {
  const whole = brackets.flat().reduce((sum, { size }) => sum + size, 0);
  const { firstOpen } = foldHistory(context, {
    name: "settled repetitions",
    make: (): Settled => ({ lacking: new Map(), counts: new Map(), firstOpen: 0 }),
    add: (settled, trial) => {
      const place = placeOf(trial);
      if (place === undefined || trial.status !== "completed") return;
      const { repetition, bracket, rung } = place;
      const key = `${repetition} ${bracket} ${rung}`;
      const count = (settled.counts.get(key) ?? 0) + 1;
      settled.counts.set(key, count);
      if (count > (brackets[bracket]?.[rung]?.size ?? 0)) return;
      settled.lacking.set(repetition, (settled.lacking.get(repetition) ?? whole) - 1);
      while (settled.lacking.get(settled.firstOpen) === 0) settled.firstOpen++;
    },
  });
  return firstOpen;
}

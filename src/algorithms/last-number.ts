import type { SuggestContext } from "./algorithm.js";

/** The highest number among the trials that are known; 0 where there are none. */
export function lastNumber({ history, pending }: Pick<SuggestContext, "history" | "pending">): number {
  let last = 0;
  for (const { number } of history) last = Math.max(last, number);
  for (const { number } of pending) last = Math.max(last, number);
  return last;
}

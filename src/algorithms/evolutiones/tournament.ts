import { keyedRng } from "../../math/rng.js";
import type { Trial } from "../../trial/trial.js";
import { rankOf } from "../multi-fidelity/ranked-trials.js";

/**
 * Pairs of a random red and blue team, by index into `trials`: who is better wins, of equals red. With an odd number
 * somebody meets nobody, and is out.
 */
export function drawDuels({
  trials,
  key,
}: {
  readonly trials: readonly Trial[];
  readonly key: readonly (string | number)[];
}): readonly (readonly [winner: number, loser: number])[] {
  const rng = keyedRng(...key);
  const left = trials.map((_, index) => index);
  const draw = () => left.splice(rng.below(left.length), 1)[0]!;
  return Array.from({ length: Math.floor(trials.length / 2) }, () => {
    const [red, blue] = [draw(), draw()];
    return rankOf(trials[blue]!) < rankOf(trials[red]!) ? [blue, red] : [red, blue];
  });
}

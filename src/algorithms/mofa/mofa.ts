import { UsageError } from "../../errors.js";
import type { Params } from "../../space/dimension.js";
import { fromUnit, toUnit, unitSize } from "../../space/unit-cube.js";
import type { Trial } from "../../trial/trial.js";
import { defineAlgorithm, type SuggestContext } from "../algorithm.js";
import { foldHistory } from "../fold-history.js";
import { checkOptions, numberFrom, type OptionRule, wholeNumber } from "../option-rules.js";
import { remember } from "../remember.js";
import { suggestUntried } from "../untried.js";
import { type Design, orthogonalLatinHypercube } from "./design.js";
import { type Interval, nextRegion } from "./region.js";

interface MofaOptions {
  /** How often each combination of levels occurs in a design. */
  readonly index: number;
  /** Levels of each coordinate, a prime. */
  readonly n_levels: number;
  /** 1: each coordinate has all levels equally often; 2: each pair has all combinations. */
  readonly strength: number;
  /** Coordinates with a smaller share of the effect are frozen. */
  readonly threshold: number;
}

type Context = SuggestContext<MofaOptions>;

/**
 * Rounds of an orthogonal design over a region of interest, which shrinks after each of them.
 *
 * A round is over when all rows of its design are completed or broken. A broken one counts as the worst of its round: it
 * is not waited for, and tells something of its levels too.
 */
export default defineAlgorithm<MofaOptions>({
  summary: "Modular factorial design: rounds of an orthogonal design, over less and less of what matters.",
  paper: "Xiong et al. 2020, https://arxiv.org/abs/2011.09545",
  requires: {},
  defaults: { index: 1, n_levels: 5, strength: 2, threshold: 0.1 },
  basis: "history",
  check: (options, space) => {
    checkOptions("mofa", options, rules);
    const levels = levelsFor(options, unitSize(space));
    if (levels !== undefined) return;
    throw new UsageError(
      `mofa: the space has ${unitSize(space)} dimensions, its lists counted by element, and a design of strength 2 has at most ${primes.at(-1)! + 1}.`,
      "Set strength to 1, or search over fewer dimensions.",
    );
  },
  suggest: (context) => {
    const { space, pending, cache, options } = context;
    const size = unitSize(space);
    const levels = levelsFor(options, size)!;
    const rounds = roundsOf(context);
    let region: readonly Interval[] = Array.from({ length: size }, () => ({ low: 0, high: 1, isFrozen: false }));
    for (let round = 0; region.some(({ isFrozen }) => !isFrozen); round++) {
      const design = remember(cache, { name: `mofa design ${round}`, make: () => designOf(context, levels, round) });
      const ended = rounds.get(round) ?? new Map<number, Trial>();
      const busy = new Set(pending.filter(({ facts }) => facts.round === round).map(({ facts }) => facts.row));
      const rows = Array.from({ length: design.count }, (_, row) => row);
      const row = rows.find((one) => !ended.has(one) && !busy.has(one));
      if (row !== undefined) {
        const suggestion = suggestUntried(context, proposals(context, { design, row, region }));
        if (suggestion.kind !== "params") return pending.length > 0 ? { kind: "wait" } : suggestion;
        return { ...suggestion, facts: { round, row }, claim: `row ${round}.${row}` };
      }
      if (busy.size > 0) return { kind: "wait" };
      const trials = rows.map((one) => ended.get(one)!);
      region = nextRegion({ region, levels, threshold: options.threshold, ...observed(context, trials) });
    }
    return suggestLast(context, region);
  },
});

/** A design of strength 2 has q + 1 columns, so more levels than asked for where there are more coordinates. */
function levelsFor({ n_levels, strength }: MofaOptions, size: number): number | undefined {
  return strength === 1 ? n_levels : primes.find((prime) => prime >= Math.max(n_levels, size - 1));
}

const primes = [2, 3, 5, 7, 11, 13, 17, 19];
const isPrime: OptionRule = [
  (value) => primes.includes(value as number),
  `a prime of at most 19: ${primes.join(", ")}`,
];
const isInside: OptionRule = [
  (value) => numberFrom(0, 1)[0](value) && value !== 0 && value !== 1,
  "a number above 0 and below 1",
];
const rules = { index: wholeNumber(1, 1000), n_levels: isPrime, strength: wholeNumber(1, 2), threshold: isInside };

function designOf({ seed, space, options }: Context, levels: number, round: number): Design {
  const { index, strength } = options;
  const key = [seed, "mofa", round];
  return orthogonalLatinHypercube({ index, levels, strength: strength as 1 | 2, columns: unitSize(space), key });
}

/** By round and row the trial that ended it. */
function roundsOf(context: Context): ReadonlyMap<number, ReadonlyMap<number, Trial>> {
  return foldHistory(context, {
    name: "mofa rounds",
    make: () => new Map<number, Map<number, Trial>>(),
    add: (rounds, trial) => {
      const { round, row } = trial.facts;
      if (!Number.isInteger(round) || !Number.isInteger(row)) return;
      const rows = rounds.get(round as number) ?? new Map<number, Trial>();
      rounds.set(round as number, rows.set(row as number, trial));
    },
  });
}

interface Row {
  readonly design: Design;
  readonly row: number;
  readonly region: readonly Interval[];
}

/** Other points of the same levels, for spaces in which the first one is the same as another row's. */
const mostProposals = 20;

function* proposals({ space, rng, options }: Context, { design, row, region }: Row): Generator<Params, void> {
  const size = region.length;
  const levels = levelsFor(options, size)!;
  const point = (within: (k: number) => number) =>
    fromUnit(
      space,
      region.map(({ low, high, isFrozen }, k) => low + (high - low) * (isFrozen ? 0.5 : within(k))),
    );
  yield point((k) => design.points[row * size + k]!);
  for (let proposal = 1; proposal < mostProposals; proposal++) {
    yield point((k) => (design.levels[row * size + k]! + rng.next()) / levels);
  }
}

/** Whatever has no finite objective counts as the worst of its round. */
function observed({ space }: Context, trials: readonly Trial[]) {
  const size = unitSize(space);
  const points = new Float64Array(trials.length * size);
  for (const [row, { params }] of trials.entries()) points.set(toUnit(space, params), row * size);
  const values = trials.map(({ status, objective }) =>
    status === "completed" && Number.isFinite(objective) ? objective! : undefined,
  );
  const worst = values.reduce<number>((most, value) => Math.max(most, value ?? most), Number.NEGATIVE_INFINITY);
  const fallback = worst === Number.NEGATIVE_INFINITY ? 0 : worst;
  return { points, objectives: Float64Array.from(values, (value) => value ?? fallback) };
}

/** The middle of what is left, once; a small space is covered first. */
function suggestLast(context: Context, region: readonly Interval[]): ReturnType<typeof suggestUntried> {
  const { space, history, pending } = context;
  const isLast = ({ facts }: Trial) => facts.round === "last";
  if (pending.some(isLast)) return { kind: "wait" };
  if (history.some(isLast)) return { kind: "done" };
  const params = fromUnit(
    space,
    region.map(({ low, high }) => (low + high) / 2),
  );
  const suggestion = suggestUntried(context, [params]);
  return suggestion.kind === "params" ? { ...suggestion, facts: { round: "last" }, claim: "last" } : suggestion;
}

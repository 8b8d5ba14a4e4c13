/** One finished study, as the assessments read it. */
export interface StudyRow {
  readonly problem: string;
  /** With its options: `tpe:gamma=0.1`. */
  readonly algorithm: string;
  readonly workers: number;
  readonly repetition: number;
  /** True value of the best trial so far after each completed trial. */
  readonly incumbents: readonly number[];
  /** Virtual times of these trials. */
  readonly times: readonly number[];
  /** `null` where nobody knows it: then regret is the value itself. */
  readonly minimum: number | null;
  /** Processor milliseconds per suggestion. */
  readonly suggestMs: number;
}

/** Simple regret after so many completed trials: how far the best so far is from the minimum, or the value itself. */
export function regretAfter({ incumbents, minimum }: StudyRow, trials: number): number {
  const value = incumbents[Math.min(trials, incumbents.length) - 1] ?? Number.POSITIVE_INFINITY;
  return value - (minimum ?? 0);
}

/** Rows by their problem, algorithm and number of workers, in the order of first sight. */
export function groupStudies<Row extends StudyRow>(
  rows: readonly Row[],
  keyOf: (row: Row) => readonly (string | number)[],
): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** The numbers of trials at which curves are drawn: each one up to 100, then a hundred steps. */
export function curveSteps(rows: readonly StudyRow[]): number[] {
  const last = rows.reduce((most, { incumbents }) => Math.max(most, incumbents.length), 0);
  if (last <= 100) return Array.from({ length: last }, (_, i) => i + 1);
  return [...new Set(Array.from({ length: 100 }, (_, i) => Math.round(((i + 1) * last) / 100)))];
}

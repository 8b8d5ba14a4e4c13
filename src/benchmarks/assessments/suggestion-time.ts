import { type Quartiles, quartilesOf } from "./quantiles.js";
import { groupStudies, type StudyRow } from "./study-row.js";

export interface SuggestionTimeRow extends Quartiles {
  readonly problem: string;
  readonly algorithm: string;
  readonly workers: number;
  readonly repetitions: number;
}

/** Processor milliseconds per suggestion, storage in memory included; quartiles over repetitions. */
export function suggestionTime(rows: readonly StudyRow[]): SuggestionTimeRow[] {
  return groupStudies(rows, ({ problem, workers, algorithm }) => [problem, workers, algorithm]).map((group) => {
    const { problem, algorithm, workers } = group[0]!;
    const spread = quartilesOf(group.map(({ suggestMs }) => suggestMs));
    return { problem, algorithm, workers, ...spread, repetitions: group.length };
  });
}

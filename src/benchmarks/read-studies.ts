import type { Storage } from "../storage/storage.js";
import type { StudyRow } from "./assessments/study-row.js";
import type { Benchmark } from "./benchmark.js";
import type { StudyResult } from "./study.js";

/** The finished studies of a benchmark, in the order in which they were made. */
export async function readStudies(storage: Storage, { record }: Benchmark): Promise<StudyRow[]> {
  const trials = await storage.listTrials(record.id, { statuses: ["completed"] });
  return trials.flatMap(({ params, results }) => {
    const study = results.find(({ name }) => name === "study")?.value as StudyResult | undefined;
    if (study === undefined) return [];
    const { problem, algorithm, workers, repetition } = params as unknown as StudyRow;
    const { incumbents, times, minimum, suggestMs } = study;
    return [{ problem, algorithm, workers, repetition, incumbents, times, minimum, suggestMs }];
  });
}

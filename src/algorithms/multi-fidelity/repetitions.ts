import { UsageError } from "../../errors.js";

/** @throws {UsageError} unless it is a whole number of at least 1, or `null` for no end. */
export function checkRepetitions(algorithm: string, repetitions: unknown): void {
  if (repetitions === null || repetitions === Number.POSITIVE_INFINITY) return;
  if (Number.isSafeInteger(repetitions) && (repetitions as number) >= 1) return;
  throw new UsageError(
    `${algorithm}: repetitions is ${JSON.stringify(repetitions)}.`,
    "Give a whole number of at least 1, or null to go on without end.",
  );
}

import type { Definition } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";

/**
 * The one boundary between what the user wants and what algorithms do: they always minimise, so with `maximize` they
 * are shown negated objectives. What is stored and printed keeps the user's sign.
 */
export function minimised(trial: Trial, direction: Definition["direction"]): Trial {
  if (direction === "minimize" || trial.objective === undefined) return trial;
  return { ...trial, objective: -trial.objective };
}

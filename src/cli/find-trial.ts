import { NotFoundError, UsageError } from "../errors.js";
import { shellWord } from "../shell-word.js";
import type { ExperimentRecord, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { titleOf } from "./families.js";

/**
 * The trial that a word names: by its id, by the first digits of its id, or by its number.
 *
 * A number is tried before the beginning of an id, since most ids are known by more digits than trials have. A number that
 * no trial has must not mean some trial whose id happens to begin so: it would be shown, or set, in place of the other.
 *
 * @throws {NotFoundError} when there is none.
 * @throws {UsageError} when several ids begin so.
 */
export async function findTrial(storage: Storage, record: ExperimentRecord, word: string): Promise<Trial> {
  const exact = await storage.getTrial(record.id, word);
  if (exact !== undefined) return exact;
  const numbered = /^\d{1,9}$/.test(word) ? await storage.getTrial(record.id, Number(word)) : undefined;
  if (numbered !== undefined) return numbered;
  const trials = onlyNumber.test(word) ? [] : await storage.listTrials(record.id);
  const [found, second] = trials.filter(({ id }) => id.startsWith(word.toLowerCase()));
  if (found === undefined) {
    throw new NotFoundError(
      `There is no trial "${word}" in ${titleOf(record)}.`,
      `\`orion status -n ${shellWord(record.name)} -v ${record.version} --all\` lists the trials.`,
    );
  }
  if (second === undefined) return found;
  throw new UsageError(`Several trials of ${titleOf(record)} begin with "${word}".`, "Write a few digits more.");
}

/** What is no beginning of an id: tables show eight digits of each. */
const onlyNumber = /^\d{0,7}$/;

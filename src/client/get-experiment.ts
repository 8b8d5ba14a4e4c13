import { NotFoundError, UsageError } from "../errors.js";
import { findExperiment } from "../experiment/define-experiment.js";
import type { Storage } from "../storage/storage.js";
import type { Mode } from "./access.js";
import type { ExperimentWriter } from "./experiment-client.js";
import { openClient } from "./open-client.js";
import { type NamesOf, requireOptions } from "./require-options.js";
import { type ClientWorld, readSetup, requireName, type StorageAddress } from "./world.js";

export interface GetOptions {
  /** The newest one if absent. */
  readonly version?: number;
  /** `r` (the default) to look, `w` to insert trials, too. */
  readonly mode?: Exclude<Mode, "x">;
  /** An address, an open storage; the user's own if absent. */
  readonly storage?: StorageAddress | Storage;
}

const getOptions: NamesOf<GetOptions> = { version: true, mode: true, storage: true };

/**
 * A stored experiment, to look at or to add trials to.
 *
 * @throws {NotFoundError} when there is none.
 */
export async function getExperiment<Params>(
  world: ClientWorld,
  givenName: string,
  options: GetOptions = {},
): Promise<ExperimentWriter<Params>> {
  requireOptions("getExperiment", options, getOptions);
  const { mode = "r", storage } = options;
  if (mode !== "r" && mode !== "w") {
    throw new UsageError(
      `The mode "${mode}" is neither "r" nor "w".`,
      "To work on it, use createExperiment({ name }).",
    );
  }
  const setup = await readSetup(world);
  const name = requireName(setup, givenName, 'getExperiment("…")');
  const version = setup.pick("experiment.version", { name: "version", value: options.version });
  const opened = await setup.openStorage(storage, { mustExist: true, forReading: mode === "r" });
  try {
    const { record, notes } = await findExperiment(opened.storage, name, version);
    for (const note of notes) world.warn(note);
    if (record === undefined) {
      throw new NotFoundError(`There is no experiment "${name}" in ${opened.storage.url}.`, "`orion list` shows all.");
    }
    // Its algorithm may be one that is not installed here.
    return await openClient({ setup, opened, record, experiment: undefined, mode, settings: {} });
  } catch (error) {
    if (opened.isOwn) await opened.storage.close();
    throw error;
  }
}

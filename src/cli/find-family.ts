import { NotFoundError } from "../errors.js";
import type { Storage } from "../storage/storage.js";
import { branchOf, type Family, familiesOf } from "./families.js";

interface Wanted {
  readonly name: string;
  /** The newest when it is absent. */
  readonly version: number | undefined;
}

/**
 * An experiment with all that descend from it, to be changed for good. Unlike where one is only looked at, a version
 * that does not exist never stands for the newest.
 *
 * @throws {NotFoundError} when there is no such experiment.
 */
export async function findFamily(storage: Storage, { name, version }: Wanted): Promise<Family> {
  const record = await storage.getExperiment(name, version);
  const family = record && branchOf(familiesOf(await storage.listExperiments()), record.id);
  if (family !== undefined) return family;
  const which = version === undefined ? "" : ` with version ${version}`;
  throw new NotFoundError(
    `There is no experiment "${name}"${which} in ${storage.url}.`,
    "`orion list` shows what there is.",
  );
}

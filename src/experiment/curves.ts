import { type AllCurves, collectCurves } from "../stopping/all-curves.js";
import type { Definition, Storage } from "../storage/storage.js";
import { readInTurn } from "./read-in-turn.js";

interface CurvesSource {
  readonly storage: Pick<Storage, "readReports">;
  readonly experimentId: number;
  readonly direction: Definition["direction"];
}

/**
 * Follows what the trials of an experiment report, every value to be minimised; each call reads only what is new. Calls
 * may overlap: a value that was replaced never comes back.
 */
export function followCurves({ storage, experimentId, direction }: CurvesSource): () => Promise<AllCurves> {
  const curves = collectCurves();
  const sign = direction === "maximize" ? -1 : 1;
  let cursor = 0;
  return readInTurn(async () => {
    const read = await storage.readReports(experimentId, cursor);
    cursor = read.cursor;
    for (const { number, step, value } of read.reports) curves.add(number, { step, value: sign * value });
    return curves;
  });
}

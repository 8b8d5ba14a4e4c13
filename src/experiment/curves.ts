import type { Curve } from "../stopping/stopping-rule.js";
import type { Definition, Storage } from "../storage/storage.js";
import type { Report } from "../trial/trial.js";

/** Curves by the numbers of their trials, every value to be minimised. */
export type Curves = ReadonlyMap<number, Curve>;

interface CurvesSource {
  readonly storage: Pick<Storage, "readReports">;
  readonly experimentId: number;
  readonly direction: Definition["direction"];
}

/** Follows what the trials of an experiment report; each call reads only what is new. */
export function followCurves({ storage, experimentId, direction }: CurvesSource): () => Promise<Curves> {
  const curves = new Map<number, GrowingCurve>();
  const sign = direction === "maximize" ? -1 : 1;
  let cursor = 0;
  return async () => {
    const read = await storage.readReports(experimentId, cursor);
    cursor = read.cursor;
    for (const { number, step, value } of read.reports) {
      const curve = curves.get(number) ?? { steps: [], values: [] };
      curves.set(number, curve);
      addReport(curve, { step, value: sign * value });
    }
    return curves;
  };
}

export interface GrowingCurve {
  readonly steps: number[];
  readonly values: number[];
}

/** Steps ascend; one that comes again replaces its value. */
export function addReport({ steps, values }: GrowingCurve, { step, value }: Report): void {
  let at = steps.length;
  while (at > 0 && steps[at - 1]! >= step) at--;
  const isKnown = steps[at] === step;
  steps.splice(at, isKnown ? 1 : 0, step);
  values.splice(at, isKnown ? 1 : 0, value);
}

import { expect, it } from "vitest";
import { followCurves } from "../../src/experiment/curves.js";
import { valueAt } from "../../src/stopping/curves.js";
import type { ReportsRead, Storage } from "../../src/storage/storage.js";

type Reports = ReportsRead["reports"];

/** A storage with these reports, whose first reply comes when it is let go. */
function slowStorage(reports: Reports[number][]) {
  let letGo = () => {};
  const replies = [new Promise<void>((resolve) => (letGo = resolve))];
  const storage: Pick<Storage, "readReports"> = {
    readReports: async (_, since) => {
      const read = { cursor: reports.length, reports: reports.slice(since) };
      await replies.shift();
      return read;
    },
  };
  return { storage, letGo };
}

it("a value that was replaced does not come back with an older reply that is late", async () => {
  const reports: Reports[number][] = [{ number: 1, step: 1, value: 5 }];
  const { storage, letGo } = slowStorage(reports);
  const follow = followCurves({ storage, experimentId: 1, direction: "maximize" });
  const first = follow();
  await new Promise((resolve) => setImmediate(resolve));
  reports.push({ number: 1, step: 1, value: 7 });
  const second = follow();
  await new Promise((resolve) => setImmediate(resolve));
  letGo();
  await first;
  const others = (await second).othersOf(2);
  expect(others.rank("at step 1", (curve) => valueAt(curve, 1)).at(0)).toBe(-7);
});

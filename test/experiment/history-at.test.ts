import { expect, it } from "vitest";
import { trialsOf } from "../../src/check/stored-history.js";
import { followHistory, type HistoryView } from "../../src/experiment/history.js";
import { historyAt } from "../../src/experiment/history-at.js";
import { makeHistory } from "../check/checked-storage.js";

it.each(["minimize", "maximize"] as const)(
  "the history at each revision is what a follower saw at that time, whatever came later (%s)",
  async (direction) => {
    const seen: HistoryView[] = [];
    let follow: (() => Promise<HistoryView>) | undefined;
    const { history } = await makeHistory({
      algorithm: { name: "random", options: { seed: direction } },
      maxTrials: 30,
      onStep: async (storage, experimentId) => {
        follow ??= followHistory({ storage, experimentId, direction });
        const view = await follow();
        seen.push({ ...view, finished: [...view.finished] });
      },
    });
    const past = historyAt({ trials: trialsOf(history), direction, rewrittenRevision: 0 });
    expect(seen.length).toBeGreaterThan(60);
    for (const view of seen) {
      expect(past.isKnownAt(view.revision)).toBe(true);
      expect(past.at(view.revision)).toEqual(view);
    }
  },
);

it("is not known before a change by hand, nor where it was not kept when a trial got its parameters", async () => {
  const { history } = await makeHistory({ algorithm: { name: "random", options: { seed: 1 } }, maxTrials: 8 });
  const trials = trialsOf(history);
  const direction = "minimize";
  const edited = historyAt({ trials, direction, rewrittenRevision: 20 });
  expect([edited.isKnownAt(19), edited.isKnownAt(20)]).toEqual([false, true]);
  const [first, ...rest] = trials;
  const old = historyAt({
    trials: [{ ...first!, filledRevision: undefined }, ...rest],
    direction,
    rewrittenRevision: 0,
  });
  const { createdRevision, finishedRevision } = first!;
  expect(old.isKnownAt(createdRevision - 1)).toBe(true);
  expect(old.isKnownAt(createdRevision)).toBe(false);
  expect(old.isKnownAt(finishedRevision!)).toBe(true);
});

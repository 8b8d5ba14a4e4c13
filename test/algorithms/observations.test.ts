import { expect, it } from "vitest";
import { observationsOf, pendingPoints } from "../../src/algorithms/observations.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { inventTrial } from "../../src/testing/invent-trial.js";

const space = parseSpace({ "/x": "uniform(0, 4)", "/y": "uniform(0, 2)" });
const trial = (number: number, objective: number | undefined = number) =>
  inventTrial({
    number,
    id: `${number}`,
    params: { "/x": number % 4, "/y": 1 },
    objective,
    status: objective === undefined ? "broken" : "completed",
  });

it("converts each trial once, however often the history grows", () => {
  const cache = new Map<string, unknown>();
  const all = Array.from({ length: 200 }, (_, index) => trial(index + 1));
  for (const count of [1, 3, 100, 200]) {
    const history = all.slice(0, count);
    const kept = observationsOf({ space, history, cache });
    const fresh = observationsOf({ space, history, cache: new Map() });
    expect(kept.count).toBe(count);
    expect(kept.points.slice(0, 2 * count)).toEqual(fresh.points.slice(0, 2 * count));
    expect(kept.objectives.slice(0, count)).toEqual(fresh.objectives.slice(0, count));
  }
});

it("has room for a long history and some more of it at once, and for not much more", () => {
  const cache = new Map<string, unknown>();
  const all = Array.from({ length: 1100 }, (_, index) => trial(index + 1));
  const { points } = observationsOf({ space, history: all.slice(0, 1000), cache });
  expect(points.length).toBeLessThan(1.2 * 2 * 1000);
  expect(observationsOf({ space, history: all, cache }).points).toBe(points);
});

it("follows a history that was rewritten or came in another order", () => {
  const cache = new Map<string, unknown>();
  const [a, b, c] = [trial(1), trial(2), trial(3)];
  observationsOf({ space, history: [a, b], cache });
  expect([...observationsOf({ space, history: [a, c, b], cache }).objectives.slice(0, 3)]).toEqual([1, 3, 2]);
  expect(observationsOf({ space, history: [b], cache })).toMatchObject({ count: 1, trials: [b] });
});

it("has no objective for what is broken or not finite", () => {
  const history = [
    trial(1, Number.NaN),
    trial(2, -Infinity),
    { ...trial(3), objective: undefined, status: "broken" as const },
  ];
  const { objectives } = observationsOf({ space, history, cache: new Map() });
  expect([...objectives.slice(0, 3)]).toEqual([Infinity, Infinity, Infinity]);
});

it("places pending trials in the unit cube", () => {
  expect([...pendingPoints({ space, pending: [trial(1), trial(2)] })]).toEqual([0.25, 0.5, 0.5, 0.5]);
});

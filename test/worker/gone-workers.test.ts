import { afterEach, expect, it, vi } from "vitest";
import { lookForGone } from "../../src/worker/gone-workers.js";

afterEach(() => void vi.useRealTimers());

it("dead workers are looked for once a second while there are few, and by each less often the more there are", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  let count = 20;
  let looks = 0;
  const look = lookForGone({
    owners: async () => {
      looks++;
      return Array.from({ length: count }, (_, index) => `w${index}`);
    },
    isGone: (worker) => worker === "w1",
  });
  const after = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    return look();
  };
  expect(await look()).toEqual(["w1"]);
  expect(await after(999)).toEqual([]);
  expect(looks).toBe(1);
  count = 100;
  expect(await after(1)).toEqual(["w1"]);
  expect(looks).toBe(2);
  expect(await after(4999)).toEqual([]);
  expect(await after(1)).toEqual(["w1"]);
  expect(looks).toBe(3);
});

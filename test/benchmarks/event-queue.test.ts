import fc from "fast-check";
import { expect, it } from "vitest";
import { createEventQueue } from "../../src/benchmarks/event-queue.js";

it("an event queue gives what it got in the order of time, then of arrival", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (times) => {
      const queue = createEventQueue<number>();
      for (const [index, time] of times.entries()) queue.add(time, index);
      const expected = times
        .map((time, event) => ({ time, event }))
        .sort((a, b) => a.time - b.time || a.event - b.event);
      const got = times.map(() => queue.next()).map((entry) => ({ time: entry!.time, event: entry!.event }));
      expect(got).toEqual(expected);
      expect([queue.size, queue.next()]).toEqual([0, undefined]);
    }),
  );
});

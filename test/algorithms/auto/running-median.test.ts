import fc from "fast-check";
import { expect, it } from "vitest";
import { createRunningMedian } from "../../../src/algorithms/auto/running-median.js";

it("is the upper median of all numbers so far", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 200 }),
      (values) => {
        const running = createRunningMedian();
        expect(running.median()).toBeUndefined();
        const sorted: number[] = [];
        for (const value of values) {
          running.add(value);
          sorted.push(value);
          sorted.sort((a, b) => a - b);
          expect(running.median() === sorted[sorted.length >> 1]).toBe(true); // 0 equals -0
        }
      },
    ),
  );
});

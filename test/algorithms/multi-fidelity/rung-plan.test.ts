import { describe, expect, it } from "vitest";
import { fidelityOf } from "../../../src/algorithms/multi-fidelity/fidelity.js";
import {
  hyperbandBrackets,
  logSpacedResources,
  powersWithin,
} from "../../../src/algorithms/multi-fidelity/rung-plan.js";
import { UsageError } from "../../../src/errors.js";
import { parseSpace } from "../../../src/space/parse-space.js";

const fidelity = (text: string) => fidelityOf(parseSpace({ "/x": "uniform(0, 1)", "/epochs": text }));
const table = (text: string) =>
  hyperbandBrackets(fidelity(text)).map((rungs) => rungs.map(({ size, resource }) => [size, resource]));

describe("the brackets of Hyperband", () => {
  it("are those of table 1 of the paper, R = 81 and η = 3", () => {
    expect(table("fidelity(1, 81, base=3)")).toEqual([
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [6, 27],
        [2, 81],
      ],
      [[5, 81]],
    ]);
  });

  it("are those of the reference, R = 9 and η = 3", () => {
    expect(table("fidelity(1, 9, base=3)")).toEqual([
      [
        [9, 1],
        [3, 3],
        [1, 9],
      ],
      [
        [3, 3],
        [1, 9],
      ],
      [[3, 9]],
    ]);
  });

  it("never go below the lowest fidelity", () => {
    expect(table("fidelity(5, 81, base=3)")).toEqual([
      [
        [9, 9],
        [3, 27],
        [1, 81],
      ],
      [
        [3, 27],
        [1, 81],
      ],
      [[3, 81]],
    ]);
    expect(table("fidelity(7, 7, base=4)")).toEqual([[[1, 7]]]);
  });
});

describe("logarithmic rungs", () => {
  it("run from low to high, rounded half up, and grow", () => {
    expect(logSpacedResources(fidelity("fidelity(1, 100, base=3)"), 5)).toEqual([1, 3, 10, 32, 100]);
    expect(logSpacedResources(fidelity("fidelity(1, 5, base=2)"), 5)).toEqual([1, 2, 3, 4, 5]);
    expect(logSpacedResources(fidelity("fidelity(4, 4, base=2)"), 1)).toEqual([4]);
  });

  it("end at high, be it the largest there is", () => {
    const vast = fidelity("fidelity(1, 2**53 - 1, base=3)");
    const resources = logSpacedResources(vast, powersWithin(vast.high, 3) + 1);
    expect([resources.length, resources.at(-1)]).toEqual([34, 2 ** 53 - 1]);
    for (const bracket of hyperbandBrackets(vast)) expect(bracket.at(-1)?.resource).toBe(2 ** 53 - 1);
  });

  it("are refused where there are not so many integers", () => {
    expect(() => logSpacedResources(fidelity("fidelity(1, 3, base=2)"), 4)).toThrow(UsageError);
  });
});

it("powers are counted exactly, though logarithms are not exact", () => {
  expect(powersWithin(1000, 10)).toBe(3);
  expect(powersWithin(243, 3)).toBe(5);
  expect(powersWithin(242, 3)).toBe(4);
  expect(powersWithin(1, 2)).toBe(0);
});

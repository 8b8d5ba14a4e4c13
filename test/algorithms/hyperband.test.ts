import { expect, it } from "vitest";
import hyperband from "../../src/algorithms/hyperband.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { simulate } from "../../src/testing/simulate.js";
import { evaluatesAgain } from "./multi-fidelity/evaluates-again.js";
import { halvingProperties } from "./multi-fidelity/halving-properties.js";

algorithmContract("hyperband", hyperband, { exempt: [evaluatesAgain] });
halvingProperties("hyperband", hyperband);

const space = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9, base=3)" });
const x = ({ "/x": value }: Readonly<Record<string, unknown>>) => value as number;

it("fills each rung before it promotes, bracket after bracket: R = 9, η = 3", () => {
  const { trials, end } = simulate({
    algorithm: hyperband,
    options: { repetitions: 1 },
    space,
    maxTrials: 99,
    objective: x,
  });
  expect(end).toBe("done");
  expect(trials.map(({ params, facts }) => `${facts.bracket}:${params["/epochs"]}`)).toEqual([
    ...Array(9).fill("0:1"),
    ...Array(3).fill("0:3"),
    "0:9",
    ...Array(3).fill("1:3"),
    "1:9",
    ...Array(3).fill("2:9"),
  ]);
});

it("goes on with other brackets and the next repetition while a rung fills", () => {
  const { trials } = simulate({ algorithm: hyperband, space, workers: 30, maxTrials: 60, objective: x });
  expect(new Set(trials.map(({ facts }) => facts.repetition)).size).toBeGreaterThan(1);
});

it("gives the place of a broken trial to another one, in whatever rung", () => {
  const failing = (params: Readonly<Record<string, unknown>>, number: number) =>
    number % 4 === 2 ? undefined : x(params);
  const { trials, end } = simulate({
    algorithm: hyperband,
    options: { repetitions: 1 },
    space,
    maxTrials: 99,
    objective: failing,
  });
  expect(end).toBe("done");
  const completed = trials.filter(({ status }) => status === "completed");
  const count = (bracket: number) =>
    [1, 3, 9].map(
      (epochs) =>
        completed.filter(({ params, facts }) => facts.bracket === bracket && params["/epochs"] === epochs).length,
    );
  expect([0, 1, 2].map(count)).toEqual([
    [9, 3, 1],
    [0, 3, 1],
    [0, 0, 3],
  ]);
});

import { describe, expect, it } from "vitest";
import cmaes from "../../src/algorithms/cmaes/cmaes.js";
import de from "../../src/algorithms/de/de.js";
import nevergrad from "../../src/algorithms/nevergrad.js";
import random from "../../src/algorithms/random.js";
import { configureAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import sobol from "../../src/algorithms/sobol.js";
import { parseSpace } from "../../src/space/parse-space.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";
import { bowl, traceTexts } from "../../src/testing/sample-problems.js";
import { simulate } from "../../src/testing/simulate.js";

algorithmContract("nevergrad", nevergrad, { options: { model_name: "TwoPointsDE" } });

const space = parseSpace(traceTexts);
const configure = (options: Record<string, unknown>) =>
  configureAlgorithm(nevergrad, { name: "nevergrad", options, space });

describe("nevergrad", () => {
  it.each([
    ["NGOpt", cmaes],
    ["DE", de],
    ["ScrHammersleySearch", sobol],
    ["RandomSearch", random],
  ])("as %s makes the trials of the nearest algorithm", (model_name, algorithm) => {
    const paramsOf = (simulation: Pick<Parameters<typeof simulate>[0], "algorithm" | "options">) =>
      simulate({ ...simulation, space, maxTrials: 40, objective: bowl }).trials.map(({ params }) => params);
    expect(paramsOf({ algorithm: nevergrad, options: { model_name } })).toEqual(paramsOf({ algorithm, options: {} }));
  });

  it("says what runs in its place", () => {
    expect(configure({}).notes).toEqual([
      "Nevergrad's NGOpt is not part of orion: cmaes, the nearest there is, runs in its place.",
    ]);
    expect(configure({ model_name: "PSO" }).notes[0]).toContain(" de,");
  });

  it("refuses models without a counterpart, with the reason", () => {
    expect(() => configure({ model_name: "SPSA" })).toThrow("all workers but one would wait");
    expect(() => configure({ model_name: "PCABO" })).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining("gp") }),
    );
    expect(() => configure({ model_name: "TwoPointDE" })).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining("Did you mean TwoPointsDE?") }),
    );
    expect(() => configure({ model_name: 3 })).toThrow("model_name is 3");
  });
});

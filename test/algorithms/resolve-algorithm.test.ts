import { describe, expect, it } from "vitest";
import { defineAlgorithm } from "../../src/algorithms/algorithm.js";
import random from "../../src/algorithms/random.js";
import { configureAlgorithm, resolveAlgorithm } from "../../src/algorithms/resolve-algorithm.js";
import { UnknownNameError, UsageError } from "../../src/errors.js";
import { parseSpace } from "../../src/space/parse-space.js";

const space = parseSpace({ "/x": "uniform(0, 1)" });

const needy = defineAlgorithm({
  summary: "For tests.",
  paper: "https://example.org",
  requires: { fidelity: true },
  defaults: { eta: 3, brackets: 1 },
  basis: "history",
  suggest: () => ({ kind: "wait" }),
});

describe("resolveAlgorithm", () => {
  it("loads the algorithm and fills in the defaults", async () => {
    const resolved = await resolveAlgorithm({ name: "random", options: {} }, space);
    expect(resolved).toEqual({
      name: "random",
      algorithm: random,
      options: { seed: null },
      seed: undefined,
      notes: [],
    });
  });

  it.each(["GridSearch", "grid", "grid_search", "GRID"])("knows gridsearch as %s", async (name) => {
    expect((await resolveAlgorithm({ name, options: { n_values: 3 } }, space)).name).toBe("gridsearch");
  });

  it("accepts a seed for every algorithm", async () => {
    for (const name of ["random", "gridsearch", "sobol"]) {
      expect((await resolveAlgorithm({ name, options: { seed: [1, 2] } }, space)).seed).toBe("1,2");
    }
  });

  it("refuses a name that is not registered, with those that are", async () => {
    const error = await resolveAlgorithm({ name: "randon" }, space).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnknownNameError);
    expect((error as UnknownNameError).remedy).toMatch(/gridsearch, .*random, sobol/);
  });

  it("refuses an option that does not exist, with those that do", async () => {
    const error = await resolveAlgorithm({ name: "gridsearch", options: { values: 3 } }, space).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({
      name: "UsageError",
      message: 'The algorithm "gridsearch" has no option "values".',
      remedy: "Its options: n_values, seed.",
    });
  });

  it("refuses a seed that is none", async () => {
    await expect(resolveAlgorithm({ name: "random", options: { seed: 1.5 } }, space)).rejects.toThrow(UsageError);
  });
});

describe("configureAlgorithm", () => {
  it("shows how to add a fidelity that is missing", () => {
    const configure = () => configureAlgorithm(needy, { name: "needy", options: {}, space });
    expect(configure).toThrow('The algorithm "needy" needs a fidelity, and the space has none: /x.');
    expect(configure).toThrow(
      expect.objectContaining({
        commandRemedy: expect.stringContaining("--epochs~'fidelity(1, 100)'"),
        remedy: expect.stringContaining("{ epochs: fidelity(1, 100) }"),
      }),
    );
  });

  it("accepts a space that has the fidelity, and prefers given options to defaults", () => {
    const trained = parseSpace({ "/x": "uniform(0, 1)", "/epochs": "fidelity(1, 9)" });
    const { options } = configureAlgorithm(needy, { name: "needy", options: { eta: 4 }, space: trained });
    expect(options).toEqual({ seed: null, eta: 4, brackets: 1 });
  });
});

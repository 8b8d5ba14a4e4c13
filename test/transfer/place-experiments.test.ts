import { expect, it } from "vitest";
import type { StoredExperiment } from "../../src/storage/records.js";
import type { ExperimentRecord } from "../../src/storage/storage.js";
import { type LoadPolicy, placeExperiments } from "../../src/transfer/place-experiments.js";
import { sketch } from "../cli/fake-terminal.js";

const { definition } = sketch("exp");
const stored = (name: string, version: number) => ({ id: 10 * version, name, version, definition }) as ExperimentRecord;
const incoming = (experiment: number, name: string, version: number) =>
  ({ kind: "experiment", experiment, name, version, definition }) as StoredExperiment;

const existing = [stored("exp", 1), stored("exp", 4)];
const places = (policy: LoadPolicy | undefined, ...ones: StoredExperiment[]) =>
  ones.map(placeExperiments({ incoming: ones, existing, policy }));

it("what is not there yet is created under its own version, whatever the policy", () => {
  for (const policy of [undefined, "ignore", "overwrite", "bump", "merge"] as const) {
    expect(places(policy, incoming(1, "new", 3))).toEqual([{ kind: "create", version: 3 }]);
  }
});

it("what is there is skipped, replaced or merged as the policy says, and refused without one", () => {
  const one = incoming(1, "exp", 4);
  expect(places("ignore", one)).toEqual([{ kind: "skip", experimentId: 40 }]);
  expect(places("overwrite", one)).toEqual([{ kind: "create", version: 4, replaces: 40 }]);
  expect(places("merge", one)).toEqual([{ kind: "merge", experimentId: 40 }]);
  expect(() => places(undefined, one)).toThrow(/has exp-v4 already/);
});

it("a bump takes the next version that neither the database nor the file has", () => {
  const ones = [incoming(1, "exp", 1), incoming(2, "exp", 4), incoming(3, "exp", 5)];
  expect(places("bump", ...ones)).toEqual([
    { kind: "create", version: 6 },
    { kind: "create", version: 7 },
    { kind: "create", version: 5 },
  ]);
});

it("another experiment of the same name is not merged, and the message says what differs", () => {
  const other = { ...definition, space: { ...definition.space, "/x": "uniform(0, 1)" } };
  expect(() => places("merge", { ...incoming(1, "exp", 1), definition: other })).toThrow(
    'dimension "x" is uniform(-5, 5), not uniform(0, 1)',
  );
  const bare = {
    ...definition,
    space: Object.fromEntries(Object.entries(definition.space).map(([n, t]) => [n.slice(1), t])),
  };
  expect(() => places("merge", { ...incoming(1, "exp", 1), definition: bare })).toThrow('"/" on one side only');
});

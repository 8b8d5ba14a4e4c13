import { describe, expect, it } from "vitest";
import { parseRecord } from "../../src/transfer/parse-record.js";

it("a name that would end early in SQLite is none", () => {
  const place = { path: "dump.jsonl", line: 2 };
  const named = (name: string) => () => parseRecord({ kind: "experiment", experiment: 1, name }, place);
  expect(named("a\0b")).toThrow(/"name" is "a\\u0000b"/);
  expect(named("a b")).toThrow(/"version" is missing/);
});

describe("a definition that no command could read is none", () => {
  const definition = {
    space: { "/x": "uniform(0, 1)" },
    algorithm: { name: "random", options: {} },
    seed: "1",
    direction: "minimize",
    metadata: { user: "ada", datetime: "2031-04-02T10:00:00.000Z", orionVersion: "0.1.0", userArgs: [] },
  };
  const parse = (change: object) => () =>
    parseRecord(
      {
        kind: "former-definition",
        experiment: 1,
        untilRevision: 2,
        maxTrials: 3,
        definition: { ...definition, ...change },
      },
      { path: "dump.jsonl", line: 2 },
    );

  it.each([
    [{ space: { "/x": 1 } }, /"definition.space" is \{"\/x":1\}/],
    [{ algorithm: {} }, /"definition.algorithm" is \{\}/],
    [{ algorithm: { name: "random" } }, /"definition.algorithm" is/],
    [{ direction: undefined }, /"definition.direction" is missing/],
    [{ direction: "up" }, /"definition.direction" is "up"/],
    [{ stopping: "median" }, /"definition.stopping" is "median"/],
    [{ metadata: {} }, /"definition.metadata.user" is missing/],
    [{ metadata: undefined }, /"definition.metadata.user" is missing/],
    [{ metadata: { ...definition.metadata, userArgs: [1] } }, /"definition.metadata.userArgs" is \[1\]/],
  ])("%j", (change, reason) => {
    expect(parse({})).not.toThrow();
    expect(parse(change)).toThrow(reason);
  });
});

it("a trial has an id and an empty slot has none", () => {
  const slot = {
    kind: "trial",
    experiment: 1,
    number: 1,
    status: "idle",
    epoch: 0,
    createdRevision: 2,
    changedRevision: 2,
    attempt: 0,
    workingDir: "",
  };
  const parse = (change: object) => () => parseRecord({ ...slot, ...change }, { path: "dump.jsonl", line: 3 });
  expect(parse({})).not.toThrow();
  expect(parse({ id: "a" })).toThrow(/"id" is "a"/);
  expect(parse({ status: "completed" })).toThrow(/"id" is missing/);
  expect(parse({ number: 0 })).toThrow(/"number" is 0/);
  expect(parse({ workingDir: "a\0b" })).toThrow(/"workingDir" is/);
});

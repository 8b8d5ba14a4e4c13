import { expect, it } from "vitest";
import { parseRecord } from "../../src/transfer/parse-record.js";

it("a name that would end early in SQLite is none", () => {
  const place = { path: "dump.jsonl", line: 2 };
  const named = (name: string) => () => parseRecord({ kind: "experiment", experiment: 1, name }, place);
  expect(named("a\0b")).toThrow(/"name" is "a\\u0000b"/);
  expect(named("a b")).toThrow(/"version" is missing/);
});

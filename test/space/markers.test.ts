import { expect, test } from "vitest";
import { SpaceSyntaxError } from "../../src/errors.js";
import { splitMarker } from "../../src/space/markers.js";

test.each([
  ["uniform(0, 1)", undefined, "uniform(0, 1)"],
  ["+uniform(0, 1)", { kind: "add" }, "uniform(0, 1)"],
  ["+ uniform(0, 1)", { kind: "add" }, "uniform(0, 1)"],
  ["-", { kind: "remove" }, ""],
  ["-0.5", { kind: "remove", defaultValue: 0.5 }, ""],
  ["--0.5", { kind: "remove", defaultValue: -0.5 }, ""],
  ["-'a b'", { kind: "remove", defaultValue: "a b" }, ""],
  ["-relu", { kind: "remove", defaultValue: "relu" }, ""],
  ["-None", { kind: "remove", defaultValue: null }, ""],
  ["-[1, 2]", { kind: "remove", defaultValue: [1, 2] }, ""],
  [">y", { kind: "rename", to: "y" }, ""],
  ["> /y ", { kind: "rename", to: "/y" }, ""],
])("%s is split into its marker and the prior", (text, marker, rest) => {
  expect(splitMarker(text)).toEqual({ marker, rest });
});

test("a rename without a name and a default that is no value are refused", () => {
  expect(() => splitMarker(">")).toThrow(SpaceSyntaxError);
  expect(() => splitMarker(">a b")).toThrow(/"a b" is not a name/);
  expect(() => splitMarker("-uniform(0, 1)")).toThrow(SpaceSyntaxError);
});

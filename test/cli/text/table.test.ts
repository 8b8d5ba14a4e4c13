import { expect, it } from "vitest";
import { showTable } from "../../../src/cli/text/table.js";

const columns = [
  { title: "status", align: "left" },
  { title: "quantity", align: "right" },
  { title: "min loss", align: "right" },
] as const;

it("columns are as wide as their widest cell, or two signs wider than their title", () => {
  expect(showTable(columns, [{ cells: ["completed", "8", "0.1234"] }, { cells: ["new", "2"] }])).toBe(
    [
      "status       quantity    min loss",
      "---------  ----------  ----------",
      "completed           8      0.1234",
      "new                 2",
      "",
    ].join("\n"),
  );
});

it("marks do not shift a line", () => {
  const paint = (line: string) => `<${line}>`;
  expect(showTable(columns, [{ cells: ["broken", "1"], paint }])).toContain("\n<broken             1>\n");
});

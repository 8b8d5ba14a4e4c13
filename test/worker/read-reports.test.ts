import { appendFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createReportReader, parseReport } from "../../src/worker/read-reports.js";
import { temporaryFolder } from "../temporary-folder.js";

it.each([
  ["3 0.5", { step: 3, value: 0.5 }],
  ["  3,\t-1e-3\r", { step: 3, value: -0.001 }],
  ["[3, 0.5]", { step: 3, value: 0.5 }],
  ["[ 3 , 0.5 ]", { step: 3, value: 0.5 }],
  ['{"step": 3, "value": 0.5}', { step: 3, value: 0.5 }],
  ['{"value": NaN, "step": 1.5}', { step: 1.5, value: Number.NaN }],
  ["7 inf", { step: 7, value: Number.POSITIVE_INFINITY }],
])("reads the line %j", (line, report) => {
  expect(parseReport(line)).toEqual(report);
});

it.each(["3", "3 4 5", "a 1", "1 a", "nan 1", '{"step": 3}', "[]", "epoch 3: 0.5"])("refuses the line %j", (line) => {
  expect(parseReport(line)).toBeUndefined();
});

it("reads what was appended, never half of a line, and the last one at the end", () => {
  const path = join(temporaryFolder(), "reports");
  const reader = createReportReader(path);
  expect(reader.read(false).reports).toEqual([]);
  writeFileSync(path, "1 0.5\n2 0.");
  expect(reader.read(false).reports).toEqual([{ step: 1, value: 0.5 }]);
  expect(reader.read(false).reports).toEqual([]);
  appendFileSync(path, "25\nnonsense\n3 0.1");
  expect(reader.read(false)).toEqual({ reports: [{ step: 2, value: 0.25 }], invalid: "nonsense" });
  expect(reader.read(true).reports).toEqual([{ step: 3, value: 0.1 }]);
  expect(reader.read(true).reports).toEqual([]);
});

it("begins again when the program does", () => {
  const path = join(temporaryFolder(), "reports");
  writeFileSync(path, "1 5\n2 5\n3 5\n4 ");
  const reader = createReportReader(path);
  reader.read(false);
  writeFileSync(path, "1 4\n");
  expect(reader.read(false).reports).toEqual([{ step: 1, value: 4 }]);
});

it("reads again what it could not read, and nothing of a file that is gone", () => {
  const path = join(temporaryFolder(), "reports");
  const reader = createReportReader(path);
  writeFileSync(path, "1 5\n2");
  reader.read(false);
  rmSync(path);
  symlinkSync(path, path);
  expect(() => reader.read(false)).toThrow("ELOOP");
  rmSync(path);
  writeFileSync(path, "1 5\n2 5\n");
  expect(reader.read(false).reports).toEqual([{ step: 2, value: 5 }]);
  rmSync(path);
  expect(reader.read(true).reports).toEqual([]);
});

it("keeps no more than the beginning of a line that does not end", () => {
  const path = join(temporaryFolder(), "reports");
  writeFileSync(path, `1 5\n${"x".repeat(1024 * 1024)}`);
  const reader = createReportReader(path);
  expect(reader.read(false)).toEqual({ reports: [{ step: 1, value: 5 }], invalid: undefined });
  appendFileSync(path, "\n2 5\n");
  const { reports, invalid } = reader.read(false);
  expect(reports).toEqual([{ step: 2, value: 5 }]);
  expect(invalid).toMatch(/^x{60}/);
  expect(invalid!.length).toBeLessThan(10_000);
});

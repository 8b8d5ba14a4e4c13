import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, expectTypeOf, it } from "vitest";
import { foreignVariables, formerKeys, formerVariables } from "../../src/config/former-settings.js";
import { type SettingKey, type SettingValue, settingOf, settings } from "../../src/config/settings.js";

const keys = Object.keys(settings) as SettingKey[];
const manual = fileURLToPath(new URL("../../docs/configuration.md", import.meta.url));

it("the manual lists every key as the table has it (vitest -u writes it)", async () => {
  const text = await readFile(manual, "utf8");
  const block = /(?<=<!-- settings: [^\n]*-->\n)[\s\S]*(?=<!-- end of settings -->)/;
  expect(text).toMatch(block);
  await expect(text.replace(block, () => `\n${settingsTable()}\n\n`)).toMatchFileSnapshot(manual);
});

it("every default is a value of its own type", () => {
  for (const key of keys) {
    const { type, default: value } = settingOf(key);
    if (value !== undefined && key !== "experiment.algorithm") expect(type.read(value), key).toEqual(value);
  }
});

it("no two keys share a variable or an option, and no former name is a present one", () => {
  const variables = keys.flatMap((key) => settingOf(key).variable ?? []);
  const options = keys.flatMap((key) => settingOf(key).option ?? []);
  const former = [...Object.keys(formerVariables), ...foreignVariables];
  expect(new Set([...variables, ...former]).size).toBe(variables.length + former.length);
  expect(new Set(options).size).toBe(options.length);
  for (const key of Object.keys(formerKeys)) expect(settings).not.toHaveProperty([key]);
});

it("the values that are picked have the types of the table", () => {
  expectTypeOf<SettingValue<"worker.n_workers">>().toEqualTypeOf<number>();
  expectTypeOf<SettingValue<"experiment.name">>().toEqualTypeOf<string | undefined>();
  expectTypeOf<SettingValue<"experiment.direction">>().toEqualTypeOf<"minimize" | "maximize">();
  expectTypeOf<SettingValue<"evc.non_monitored_arguments">>().toEqualTypeOf<readonly string[]>();
});

function settingsTable(): string {
  const rows = keys.map((key) => {
    const { type, default: value, variable, doc, isLocal, isIdle } = settingOf(key);
    const where = isLocal ? "file of `-c` only" : variable === undefined ? "" : `\`${variable}\``;
    return `| \`${key}\` | ${type.name} | ${defaultText(key, value)} | ${where} | ${isIdle ? "No effect yet: " : ""}${doc} |`;
  });
  return ["| key | type | default | variable | meaning |", "|---|---|---|---|---|", ...rows].join("\n");
}

function defaultText(key: SettingKey, value: unknown): string {
  if (key === "experiment.algorithm") return `\`${settings[key].default.name}\``;
  if (value === undefined || value === "") return "";
  if (value === Number.POSITIVE_INFINITY) return "`inf`";
  return `\`${JSON.stringify(value).replaceAll('"', "")}\``;
}

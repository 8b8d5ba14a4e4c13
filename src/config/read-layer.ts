import { nearestName } from "../nearest-name.js";
import { foreignVariables, formerKeys, formerVariables } from "./former-settings.js";
import { isMapping, type Mapping } from "./mapping.js";
import { type ConfigurationFile, lineOf, parseConfiguration } from "./parse-configuration.js";
import { configurationFailure, type Given, type Layer, readSetting } from "./read-setting.js";
import { isSettingKey, type SettingKey, settingOf, settings } from "./settings.js";

/** A layer, and what its author should know about it, a sentence each. */
export interface ReadLayer {
  readonly layer: Layer;
  readonly warnings: readonly string[];
}

const allKeys = Object.keys(settings) as SettingKey[];
const sections = new Set(["producer", ...allKeys.filter((key) => key.includes(".")).map((key) => key.split(".")[0]!)]);

/**
 * What a file says. Keys may be written with `-` or `_`; keys of earlier versions are read with a warning; a null is
 * as if the key were absent.
 *
 * @throws {UsageError | ConfigurationError} naming file, line and key: an unknown key, a value of the wrong type, a key
 *   that does not belong into a file for all experiments.
 */
export async function readFileLayer(file: ConfigurationFile): Promise<ReadLayer> {
  const values = new Map<SettingKey, Given>();
  const warnings: string[] = [];
  const { content, writtenAt } = await parseConfiguration(file);
  const entries = flatten(content, file);
  for (const { path, names, raw, source } of entries) {
    const key = formerKeyOf(path) ?? path;
    if (path !== key) warnings.push(formerKeyWarning({ path, key, source }));
    if (key === "") continue;
    if (!isSettingKey(key)) throw unknownKey({ path, source, file });
    if (settingOf(key).isLocal && file.origin === "global") throw misplacedKey({ key, source });
    // What is written in the present form counts more than what is left of a former one.
    if (path !== key && entries.some((entry) => entry.path === key)) continue;
    if (settingOf(key).isIdle) warnings.push(`"${key}" has no effect yet (${source}).`);
    const written = settingOf(key).type.isText ? (writtenAt(names) ?? raw) : raw;
    const given = path === "database" ? { database: raw } : written;
    values.set(key, { value: readSetting(key, { raw: given, origin: file.origin, source }), source });
  }
  return { layer: { origin: file.origin, values }, warnings };
}

/** What the environment says. Empty variables count as absent. @throws {ConfigurationError} naming the variable. */
export function readEnvironmentLayer(env: Readonly<Record<string, string | undefined>>): ReadLayer {
  const warnings: string[] = [];
  const values = new Map<SettingKey, Given>();
  const read = (key: SettingKey, variable: string) => {
    const raw = env[variable];
    if (raw === undefined || raw.trim() === "") return false;
    values.set(key, { value: readSetting(key, { raw, origin: "environment", source: variable }), source: variable });
    if (settingOf(key).isIdle) warnings.push(`${variable} has no effect yet.`);
    return true;
  };
  for (const [variable, key] of Object.entries(formerVariables)) {
    if (read(key, variable)) warnings.push(`${variable} is an old name: set ${settingOf(key).variable} instead.`);
  }
  for (const key of allKeys) {
    const { variable } = settingOf(key);
    if (variable !== undefined) read(key, variable);
  }
  for (const variable of foreignVariables.filter((name) => env[name])) {
    warnings.push(`${variable} is not read here: set ORION_STORAGE, e.g. to "sqlite:runs.sqlite".`);
  }
  return { layer: { origin: "environment", values }, warnings };
}

interface Entry {
  /** Section and key with a dot between them, spelled with `_`. */
  readonly path: string;
  /** As they are spelled in the file. */
  readonly names: readonly string[];
  readonly raw: unknown;
  readonly source: string;
}

/** The keys of a file without those that are null. */
function flatten(content: Mapping, file: ConfigurationFile): readonly Entry[] {
  const entries = new Map<string, Entry>();
  const add = (names: readonly string[], raw: unknown) => {
    if (raw === null || raw === undefined) return;
    const path = names.map(underscored).join(".");
    const source = placeOf(file, names);
    if (entries.has(path))
      throw configurationFailure(
        file.origin,
        `${path} is given twice, with - and with _ (${source}).`,
        "Keep one of the two.",
      );
    entries.set(path, { path, names, raw, source });
  };
  for (const [name, raw] of Object.entries(content)) {
    if (!sections.has(underscored(name)) || raw === null) add([name], raw);
    else if (isMapping(raw)) for (const [inner, value] of Object.entries(raw)) add([name, inner], value);
    else {
      const place = placeOf(file, [name]);
      throw configurationFailure(
        file.origin,
        `${name} must be a mapping of keys to values (${place}).`,
        "Put its keys below it, a line each, such as n_workers: 4, or leave it out.",
      );
    }
  }
  return [...entries.values()];
}

function underscored(name: string): string {
  return name.replaceAll("-", "_");
}

function placeOf(file: ConfigurationFile, names: readonly string[]): string {
  const line = lineOf(file.text, names);
  return line === undefined ? file.path : `${file.path}, line ${line}`;
}

/** What stands for a former key now: "" for nothing, `undefined` when it is none. */
function formerKeyOf(path: string): string | undefined {
  if (path === "database") return "storage";
  return Object.hasOwn(formerKeys, path) ? (formerKeys[path] ?? "") : undefined;
}

function formerKeyWarning({ path, key, source }: { path: string; key: string; source: string }): string {
  if (key === "") return `"${path}" has no effect any more (${source}).`;
  return `"${path}" is an old place: write "${key}" instead (${source}).`;
}

function unknownKey({ path, source, file }: { path: string; source: string; file: ConfigurationFile }): Error {
  const lastPart = (key: string) => key.slice(key.lastIndexOf(".") + 1);
  const nearest = nearestName(path, allKeys) ?? allKeys.find((key) => lastPart(key) === lastPart(path));
  const section = path.split(".")[0];
  const known = allKeys.filter((key) => !path.includes(".") || key.startsWith(`${section}.`));
  return configurationFailure(
    file.origin,
    `There is no setting "${path}" (${source}).`,
    nearest === undefined ? `Known keys: ${known.join(", ")}.` : `Did you mean "${nearest}"?`,
  );
}

function misplacedKey({ key, source }: { key: SettingKey; source: string }): Error {
  return configurationFailure(
    "global",
    `"${key}" belongs to one experiment, not to all of them (${source}).`,
    `Move it to a file of its own and pass that with -c.`,
  );
}

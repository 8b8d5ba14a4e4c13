import type { AlgorithmChoice } from "../storage/storage.js";
import { isMapping, type Mapping, mergeMappings, withoutNulls } from "./mapping.js";

/** How the values of a setting are read, wherever they were written: a file, a variable, the command line. */
export interface SettingType<Value> {
  /** In one or two words, for the table of the manual. */
  readonly name: string;
  /** Completes the sentence "worker.n_workers must be …". */
  readonly expected: string;
  /** The value, or `undefined` when `raw` is not one. Variables and options bring text, files bring any JSON value. */
  read(raw: unknown): Value | undefined;
  /** A number in a file stands for the text that it is written with. */
  readonly isText?: true;
  /** The value of two layers of which `higher` wins; a type without this replaces. */
  merge?(lower: Value, higher: Value): Value;
}

/** As the user wrote it: a URL or path, or a mapping with `type`. `storageUrl` makes an address of it. */
export type StorageSetting = string | Mapping;

/**
 * Whole numbers from `from` up to `to`, both inclusive. With `unlimited` the words `inf` and `infinity` are read too.
 */
export function integer({ from, to, unlimited }: { from: number; to?: number; unlimited?: true }): SettingType<number> {
  const range = to === undefined ? `from ${from}` : `from ${from} to ${to}`;
  return {
    name: unlimited ? "integer or inf" : "integer",
    expected: `a whole number ${range}${unlimited ? ', or "inf"' : ""}`,
    read(raw) {
      const value = readNumber(raw);
      if (value === undefined || value < from || value > (to ?? Number.POSITIVE_INFINITY)) return undefined;
      return Number.isSafeInteger(value) || (unlimited && value === Number.POSITIVE_INFINITY) ? value : undefined;
    },
  };
}

/** Finite numbers from `from`, which may be −∞. */
export function number({ from }: { from: number }): SettingType<number> {
  return {
    name: "number",
    expected: from === Number.NEGATIVE_INFINITY ? "a number" : `a number from ${from}`,
    read(raw) {
      const value = readNumber(raw);
      return value !== undefined && Number.isFinite(value) && value >= from ? value : undefined;
    },
  };
}

/**
 * A limit that can be lifted: the word `none`, and `inf` where no number of the type is infinite.
 *
 * @param isOrdered - `inf` is a limit that is never reached, so it means the same.
 */
export function liftable(
  limit: SettingType<number>,
  { isOrdered }: { isOrdered: boolean },
): SettingType<number | "none"> {
  return {
    name: `${limit.name} or none`,
    expected: `${limit.expected}, or "none"`,
    read(raw) {
      const isLifted = String(raw).trim().toLowerCase() === "none";
      return isLifted || (isOrdered && readNumber(raw) === Number.POSITIVE_INFINITY) ? "none" : limit.read(raw);
    },
  };
}

const truths = ["true", "yes", "on", "1"];
const falsehoods = ["false", "no", "off", "0"];

/** Booleans mean what they say: `false`, `0`, `no` and `off` are false. */
export const boolean: SettingType<boolean> = {
  name: "boolean",
  expected: "true or false (also yes/no, on/off, 1/0)",
  read(raw) {
    const word = wordOf(raw);
    return truths.includes(word) ? true : falsehoods.includes(word) ? false : undefined;
  },
};

export const string: SettingType<string> = {
  name: "string",
  expected: "a text",
  isText: true,
  read: (raw) => (typeof raw === "number" ? String(raw) : typeof raw === "string" ? raw : undefined),
};

/** A text by which something is stored. SQLite ends a text at its first NUL, so that it would find another thing. */
export const storedName: SettingType<string> = {
  name: "string",
  expected: "a text without the character NUL",
  isText: true,
  read: (raw) => {
    const text = string.read(raw);
    return text?.includes("\0") ? undefined : text;
  },
};

/** One of a few words; case does not matter. */
export function choice<const Words extends readonly string[]>(...choices: Words): SettingType<Words[number]> {
  return {
    name: choices.join(", "),
    expected: `one of ${choices.join(", ")}`,
    read: (raw) => choices.find((word) => word === wordOf(raw)),
  };
}

/** Texts; where only one text can be written, `separator` stands between them. */
export function list(separator: ":" | ","): SettingType<readonly string[]> {
  return {
    name: "list",
    expected: `a list of texts, or one text with "${separator}" between them`,
    read(raw) {
      if (typeof raw === "string") return splitList(raw, separator);
      if (!Array.isArray(raw)) return undefined;
      const texts = raw.map(string.read);
      return texts.every((text) => text !== undefined) ? texts : undefined;
    },
  };
}

export const mapping: SettingType<Mapping> = {
  name: "mapping",
  expected: "a mapping of names to values",
  read: (raw) => (isMapping(raw) ? raw : undefined),
  merge: mergeMappings,
};

/** `tpe`, `{tpe: {seed: 7}}` or `{of_type: tpe, seed: 7}`. Options that are null count as not given. */
export const algorithm: SettingType<AlgorithmChoice> = {
  name: "algorithm",
  expected: "the name of an algorithm, or a mapping such as {tpe: {seed: 7}}",
  read: readAlgorithm,
  // The options of one algorithm mean nothing to another.
  merge: (lower, higher) =>
    lower.name.toLowerCase() === higher.name.toLowerCase()
      ? { name: higher.name, options: mergeMappings(lower.options, higher.options) }
      : higher,
};

export const storage: SettingType<StorageSetting> = {
  name: "URL, path or mapping",
  expected: "a URL or path, or a mapping such as {type: sqlite, path: runs.sqlite}",
  read: (raw) => (isMapping(raw) || (typeof raw === "string" && raw.trim() !== "") ? raw : undefined),
  merge: (lower, higher) => (isMapping(lower) && isMapping(higher) ? mergeMappings(lower, higher) : higher),
};

/** In small letters; "" for what is no single word, such as a list. */
function wordOf(raw: unknown): string {
  return typeof raw === "object" ? "" : String(raw).trim().toLowerCase();
}

function readNumber(raw: unknown): number | undefined {
  if (typeof raw === "number") return Number.isNaN(raw) ? undefined : raw;
  if (typeof raw !== "string") return undefined;
  const text = raw.trim().toLowerCase();
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text)) return Number(text);
  return /^\+?\.?inf(inity)?$/.test(text) ? Number.POSITIVE_INFINITY : undefined;
}

function splitList(text: string, separator: string): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function readAlgorithm(raw: unknown): AlgorithmChoice | undefined {
  if (typeof raw === "string") return raw.trim() === "" ? undefined : { name: raw.trim(), options: {} };
  if (!isMapping(raw)) return undefined;
  const { of_type: name, ...rest } = raw;
  if (typeof name === "string") return { name, options: withoutNulls(rest) };
  const [entry, ...more] = Object.entries(raw);
  if (entry === undefined || more.length > 0) return undefined;
  const options = entry[1] ?? {};
  return isMapping(options) ? { name: entry[0], options: withoutNulls(options) } : undefined;
}

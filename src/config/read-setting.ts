import { CommandLineError, ConfigurationError, UsageError } from "../errors.js";
import { type SettingKey, settingOf } from "./settings.js";

/** Who said it, in the order of rising priority. */
export const origins = ["default", "global", "environment", "stored", "local", "command-line"] as const;
export type Origin = (typeof origins)[number];

/** A value that some layer gives. */
export interface Given {
  readonly value: unknown;
  /** For people: a file and line, a variable, an option. */
  readonly source: string;
}

/** What one file, or the environment, says. */
export interface Layer {
  readonly origin: Origin;
  readonly values: ReadonlyMap<SettingKey, Given>;
}

/**
 * Read a value as the type of its key wants it.
 *
 * @throws {CommandLineError} for the command line, {UsageError} for the file given on it and for what a program says,
 *   {ConfigurationError} for what was set up before.
 */
export function readSetting(key: SettingKey, { raw, origin, source, isTyped = false }: RawSetting): unknown {
  const { type } = settingOf(key);
  const value = type.read(raw);
  const isText = isTyped && typeof value === "number" && typeof raw !== "number";
  if (value !== undefined && !isText) return value;
  throw configurationFailure(
    origin,
    `${key} must be ${type.expected}, not ${quote(raw)} (${source}).`,
    "Write such a value there, or leave it out.",
  );
}

export interface RawSetting {
  readonly raw: unknown;
  readonly origin: Origin;
  readonly source: string;
  /** It comes from a program, which has numbers: a text is none, as it is in a file. Default false. */
  readonly isTyped?: boolean;
}

/** The error for something wrong in a layer: a wrong call where the user just typed it, else a wrong configuration. */
export function configurationFailure(origin: Origin, message: string, remedy?: string, options?: ErrorOptions): Error {
  if (origin === "command-line") return new CommandLineError(message, remedy, options);
  return new (origin === "local" ? UsageError : ConfigurationError)(message, remedy, options);
}

/** As JSON, but for numbers that it does not have; shortened. */
function quote(raw: unknown): string {
  const text = (typeof raw === "number" ? undefined : JSON.stringify(raw)) ?? String(raw);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

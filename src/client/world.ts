import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Configuration } from "../config/configuration.js";
import { loadConfiguration } from "../config/load-configuration.js";
import { readSetting } from "../config/read-setting.js";
import type { SettingKey, SettingValue } from "../config/settings.js";
import { storageUrl } from "../config/storage-url.js";
import { type UserDirectories, userDirectories } from "../config/user-directories.js";
import { userWorld } from "../config/user-world.js";
import { NotFoundError } from "../errors.js";
import { openStorage } from "../storage/registry.js";
import type { Storage } from "../storage/storage.js";

/** The outside world as a client sees it; `src/index.ts` takes it from the process. */
export interface ClientWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The current directory, absolute. */
  readonly directory: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Random hexadecimal digits, two for each byte. */
  readonly randomHex: (bytes: number) => string;
  /** Tell the user something that is no error. */
  readonly warn: (text: string) => void;
}

/** What the user set up for all programs: files and variables. */
export interface Setup {
  readonly world: ClientWorld;
  readonly directories: UserDirectories;
  /**
   * What the program says, else the configuration, else the default.
   * @throws {UsageError} naming the program's option when its value cannot be.
   */
  pick<Key extends SettingKey>(key: Key, option: Option): SettingValue<Key>;
  /** True when some file or variable says something about it. */
  isSet(key: SettingKey): boolean;
  /**
   * A database: the program's own, one at a URL, or the user's.
   * @throws {NotFoundError} when it must exist and does not.
   */
  openStorage(choice: string | Storage | undefined, options?: { readonly mustExist?: boolean }): Promise<OpenedStorage>;
}

/** An option of the library, for the error when its value is wrong. */
export interface Option {
  readonly name: string;
  readonly value: unknown;
}

export interface OpenedStorage {
  readonly storage: Storage;
  /** False for one that was handed in, and that others may still use. */
  readonly isOwn: boolean;
}

/** @throws {ConfigurationError} for a mistake in a file or a variable. */
export async function readSetup(world: ClientWorld): Promise<Setup> {
  const user = userWorld(world);
  const configuration = await loadConfiguration({ ...user, readFile: (path) => readFile(path, "utf8") });
  for (const warning of configuration.warnings) world.warn(warning);
  const directories = userDirectories(user);
  return {
    world,
    directories,
    pick: (key, option) => pick(configuration, key, option),
    isSet: (key) => configuration.pick(key).origin !== "default",
    openStorage: async (choice, { mustExist = false } = {}) => {
      if (typeof choice === "object") return { storage: choice, isOwn: false };
      const source = choice === undefined ? configuration.pick("storage").source : "the option storage";
      const url = storageUrl(choice ?? configuration.pick("storage").value, {
        dataDirectory: directories.data,
        currentDirectory: world.directory,
        homeDirectory: user.homeDirectory,
        source,
      });
      // Looking makes no database.
      if (mustExist && url.startsWith("sqlite:") && !existsSync(url.slice("sqlite:".length))) {
        throw new NotFoundError(`There is no database ${url} yet.`, `It was chosen by ${source}.`);
      }
      return { storage: await openStorage(url), isOwn: true };
    },
  };
}

function pick<Key extends SettingKey>(configuration: Configuration, key: Key, { name, value }: Option) {
  if (value === undefined) return configuration.pick(key).value;
  return readSetting(key, { raw: value, origin: "command-line", source: `the option ${name}` }) as SettingValue<Key>;
}

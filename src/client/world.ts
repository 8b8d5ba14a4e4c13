import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Configuration } from "../config/configuration.js";
import { loadConfiguration } from "../config/load-configuration.js";
import { readSetting } from "../config/read-setting.js";
import type { StorageSetting } from "../config/setting-types.js";
import type { SettingKey, SettingValue } from "../config/settings.js";
import { storageUrl } from "../config/storage-url.js";
import { type UserDirectories, userDirectories } from "../config/user-directories.js";
import { userWorld } from "../config/user-world.js";
import { ConfigurationError, NotFoundError } from "../errors.js";
import type { OpenOptions } from "../storage/backend.js";
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

/** Where a history is kept, as in a configuration file: a URL, a path, or a mapping such as `{ type: "memory" }`. */
export type StorageAddress = StorageSetting;

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
   * A database: the program's own, one at an address, or the user's.
   * @throws {UsageError} for what is neither a storage nor an address.
   * @throws {NotFoundError} when it must exist and does not.
   */
  openStorage(
    choice: StorageAddress | Storage | undefined,
    options?: { readonly mustExist?: boolean; readonly forReading?: boolean },
  ): Promise<OpenedStorage>;
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
  const configuration = await loadConfiguration({ ...user, readFile });
  for (const warning of configuration.warnings) world.warn(warning);
  const directories = userDirectories(user);
  return {
    world,
    directories,
    pick: (key, option) => pick(configuration, key, option),
    isSet: (key) => configuration.pick(key).origin !== "default",
    openStorage: async (choice, { mustExist = false, forReading = false } = {}) => {
      if (isStorage(choice)) return { storage: choice, isOwn: false };
      const source = choice === undefined ? configuration.pick("storage").source : "the option storage";
      const url =
        choice === undefined
          ? addressOf(world, { setting: configuration.pick("storage").value, source })
          : addressOf(world, { setting: readChoice(choice, source), source });
      // Looking makes no database.
      if (mustExist && url.startsWith("sqlite:") && !existsSync(url.slice("sqlite:".length))) {
        throw new NotFoundError(`There is no database ${url} yet.`, `It was chosen by ${source}.`);
      }
      return { storage: await openStorage(url, { forReading }), isOwn: true };
    },
  };
}

/**
 * @param example - Where the name would stand.
 * @throws {ConfigurationError} when there is none, {UsageError} when it cannot be one.
 */
export function requireName(setup: Setup, value: unknown, example: string): string {
  const name = setup.pick("experiment.name", { name: "name", value });
  if (name !== undefined && name.trim() !== "") return name;
  throw new ConfigurationError("No name was given for the experiment.", `Give one: ${example}.`);
}

function isStorage(choice: unknown): choice is Storage {
  return typeof choice === "object" && choice !== null && "reserveTrial" in choice;
}

function readChoice(raw: unknown, source: string): StorageSetting {
  return readSetting("storage", { raw, origin: "local", source }) as StorageSetting;
}

interface Place {
  readonly setting: StorageSetting | undefined;
  /** Where it was written, for error messages. */
  readonly source: string;
}

function addressOf(world: ClientWorld, { setting, source }: Place): string {
  const user = userWorld(world);
  return storageUrl(setting, {
    dataDirectory: userDirectories(user).data,
    currentDirectory: world.directory,
    homeDirectory: user.homeDirectory,
    source,
  });
}

/** A storage at an address that means the same as in the option `storage`. */
export async function openStorageAt(
  world: ClientWorld,
  address: StorageAddress,
  options?: OpenOptions,
): Promise<Storage> {
  const source = "the address given to openStorage";
  return openStorage(addressOf(world, { setting: readChoice(address, source), source }), options);
}

function pick<Key extends SettingKey>(configuration: Configuration, key: Key, { name, value }: Option) {
  if (value === undefined) return configuration.pick(key).value;
  const given = { raw: value, origin: "local", source: `the option ${name}`, isTyped: true } as const;
  return readSetting(key, given) as SettingValue<Key>;
}

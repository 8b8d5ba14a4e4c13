import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Configuration } from "../config/configuration.js";
import { loadConfiguration } from "../config/load-configuration.js";
import { storageUrl } from "../config/storage-url.js";
import { type UserDirectories, userDirectories } from "../config/user-directories.js";
import { userWorld } from "../config/user-world.js";
import { ConfigurationError, NotFoundError } from "../errors.js";
import { findExperiment } from "../experiment/define-experiment.js";
import { openStorage } from "../storage/registry.js";
import type { ExperimentRecord, Storage } from "../storage/storage.js";
import type { CommonOptions } from "./common-options.js";
import type { Terminal } from "./terminal.js";
import { oneLine } from "./text/printable.js";

/** What nearly every command starts with: the configuration, and the storage that it names. */
export interface Session extends AsyncDisposable {
  readonly configuration: Configuration;
  readonly directories: UserDirectories;
  readonly storage: Storage;
  /** True when there is no database yet, and an empty one stands for it. */
  readonly isAbsent: boolean;
}

interface SessionOptions extends Pick<CommonOptions, "config" | "storage"> {
  /** True for commands that make nothing new: a database that is not there yet is then read as an empty one. */
  readonly mayBeAbsent?: boolean;
  /** True for commands that only look: the database may be absent, or one that may not be written to. */
  readonly isReader?: boolean;
  readonly upgrade?: boolean;
}

/** Open the storage that the configuration names. The caller closes the session. */
export async function openSession(
  terminal: Terminal,
  options: SessionOptions,
  known?: ReadConfiguration,
): Promise<Session> {
  const { configuration, directories } = known ?? (await readConfiguration(terminal, options));
  const { url } = chooseStorage({ terminal, configuration, directories, options });
  if (holdsPassword(options.storage)) terminal.error(`Warning: ${passwordInSight}\n`);
  const { isReader = false, mayBeAbsent = isReader } = options;
  const isAbsent = mayBeAbsent && url.startsWith("sqlite:") && !mayExist(url.slice("sqlite:".length));
  const opening = {
    forReading: isReader,
    upgrade: options.upgrade ?? false,
    passwordFile: terminal.env.PGPASSFILE || join(userWorld(terminal).homeDirectory, ".pgpass"),
  };
  const storage = isAbsent ? await openEmpty(url, terminal) : await openStorage(url, opening);
  return { configuration, directories, storage, isAbsent, [Symbol.asyncDispose]: () => storage.close() };
}

/** False only when there certainly is no such file: one that cannot be reached is not to be called empty. */
function mayExist(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** True for an address as typed that has a password in it. */
export function holdsPassword(typed: string | undefined): boolean {
  return typed !== undefined && /^\w+:\/\/[^/?#@]*:[^/?#]+@|[?&]password=./.test(typed);
}

const passwordInSight =
  "everybody on this machine can read the password on the command line (ps): put it into ~/.pgpass, PGPASSWORD or ORION_STORAGE.";

/** Nothing is stored there yet, and looking does not change that. Messages still name the place that was looked at. */
async function openEmpty(url: string, terminal: Terminal): Promise<Storage> {
  if (terminal.verbosity > 0) terminal.error(`Note: there is no database ${url} yet.\n`);
  return { ...(await openStorage("memory:")), url };
}

interface ReadConfiguration {
  readonly configuration: Configuration;
  readonly directories: UserDirectories;
}

/** The configuration alone, for commands that open no storage. Warnings go to standard error. */
export async function readConfiguration(
  terminal: Terminal,
  options: Pick<CommonOptions, "config">,
): Promise<ReadConfiguration> {
  const world = userWorld(terminal);
  const configuration = await loadConfiguration({
    ...world,
    localFile: options.config === undefined ? undefined : resolve(terminal.directory, options.config),
    readFile,
  });
  for (const warning of configuration.warnings) terminal.error(`Warning: ${warning}\n`);
  return { configuration, directories: userDirectories(world) };
}

interface StorageChoice {
  readonly terminal: Terminal;
  readonly configuration: Configuration;
  readonly directories: UserDirectories;
  readonly options: Pick<CommonOptions, "storage">;
}

/** The address of the storage, which may hold a password, and who chose it: for people. */
export function chooseStorage({ terminal, configuration, directories, options }: StorageChoice): {
  readonly url: string;
  readonly source: string;
} {
  const debug = configuration.pick("debug", { commandLine: terminal.isDebug || undefined });
  if (debug.value) return { url: "memory:", source: debug.source };
  const { value, source } = configuration.pick("storage", { commandLine: options.storage });
  const url = storageUrl(value, {
    dataDirectory: directories.data,
    currentDirectory: terminal.directory,
    homeDirectory: userWorld(terminal).homeDirectory,
    source,
  });
  return { url, source };
}

/**
 * The experiment that `-n` (or the configuration) and `-v` name.
 *
 * @throws {NotFoundError} when there is none, or it is another user's than `-u` says.
 * @throws {ConfigurationError} when no name was given.
 */
export async function requireExperiment(
  terminal: Terminal,
  { configuration, storage }: Pick<Session, "configuration" | "storage">,
  options: Pick<CommonOptions, "name" | "version" | "user">,
): Promise<ExperimentRecord> {
  const name = configuration.pick("experiment.name", { commandLine: options.name }).value;
  if (name === undefined) throw noNameError();
  const version = configuration.pick("experiment.version", { commandLine: options.version }).value;
  const { record, notes } = await findExperiment(storage, name, version);
  for (const note of notes) terminal.error(`Warning: ${oneLine(note)}\n`);
  const remedy = "`orion list` shows what there is.";
  if (record === undefined) throw new NotFoundError(`There is no experiment "${name}" in ${storage.url}.`, remedy);
  const { user } = record.definition.metadata;
  if (options.user === undefined || options.user === user) return record;
  throw new NotFoundError(`Experiment "${name}" in ${storage.url} is of ${user}, not of ${options.user}.`, remedy);
}

export function noNameError(): ConfigurationError {
  return new ConfigurationError(
    "No name was given for the experiment.",
    "Add -n NAME, or `experiment: {name: NAME}` in the configuration file.",
  );
}

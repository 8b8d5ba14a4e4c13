import path from "node:path";
import { ConfigurationError } from "../errors.js";
import { isMapping, type Mapping } from "./mapping.js";
import type { StorageSetting } from "./setting-types.js";

export interface StorageUrlOptions {
  /** Directory of the default database, see `userDirectories`. Absolute. */
  readonly dataDirectory: string;
  /** Relative paths start here. Absolute. */
  readonly currentDirectory: string;
  /** What a leading `~/` stands for. Absolute. */
  readonly homeDirectory: string;
  /** Where the setting was written, for error messages. */
  readonly source?: string;
}

/** What stands before the colon of an address; each gives the full address, or `undefined` when `rest` is no place. */
const schemes: Readonly<Record<string, (rest: string, options: StorageUrlOptions) => string | undefined>> = {
  sqlite: (rest, options) => sqliteUrl(rest.replace(/^\/\/(?=\/)/, ""), options),
  memory: () => "memory:",
  postgresql: postgresqlUrl,
  postgres: postgresqlUrl,
};

/** How the address is written in a mapping of each `type`. */
const types: Readonly<Record<string, (setting: Mapping) => unknown>> = {
  sqlite: ({ path: file }) => (typeof file === "string" ? `sqlite:${file}` : undefined),
  memory: () => "memory:",
  postgresql: postgresqlUrlOf,
  postgres: postgresqlUrlOf,
};

const forms = [
  'storage: "sqlite:FILE", or {type: sqlite, path: FILE}, for one machine',
  'storage: "postgresql://USER@HOST/DATABASE", or {type: postgresql, host: HOST, user: USER, database: DATABASE}, for many',
  'storage: "memory:" for a history that may be forgotten',
].join("; ");

/**
 * The address under which a storage is opened: `sqlite:/absolute/path`, `memory:` or `postgresql://…`.
 *
 * @param setting - As picked from the configuration; `undefined` gives the default file in the data directory.
 * @throws {ConfigurationError} for a kind of database that is not read here, such as Oríon's PickledDB or MongoDB.
 */
export function storageUrl(setting: StorageSetting | undefined, options: StorageUrlOptions): string {
  if (setting === undefined) return `sqlite:${path.join(options.dataDirectory, "orion.sqlite")}`;
  return isMapping(setting) ? urlOfMapping(setting, options) : urlOfText(setting.trim(), options);
}

function urlOfText(text: string, options: StorageUrlOptions): string {
  // One letter before a colon is a drive of Windows.
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(text) ?? [];
  const isBarePath = scheme === undefined && (/[./\\]/.test(text) || path.isAbsolute(text));
  const name = isBarePath ? "sqlite" : (scheme ?? text).toLowerCase();
  const url = Object.hasOwn(schemes, name) ? schemes[name]!(isBarePath ? text : (rest ?? ""), options) : undefined;
  // Never quote the rest: it may hold a password.
  return url ?? refuse(scheme === undefined ? `"${text}"` : `"${scheme}:…"`, options);
}

function urlOfMapping(setting: Mapping, options: StorageUrlOptions): string {
  const { database } = setting;
  if (isMapping(database)) return refuse(`{database: {type: ${database.type ?? "?"}}}`, options);
  const type = setting.type ?? ("path" in setting ? "sqlite" : "?");
  const name = String(type).toLowerCase();
  const text = Object.hasOwn(types, name) ? types[name]!(setting) : undefined;
  if (typeof text === "string") return urlOfText(text, options);
  return refuse(`{type: ${type}} with ${keyList(setting)}`, options);
}

function keyList(setting: Mapping): string {
  const keys = Object.keys(setting).filter((key) => key !== "type");
  return keys.length === 0 ? "nothing else" : `the keys ${keys.join(", ")}`;
}

function sqliteUrl(file: string, { currentDirectory, homeDirectory }: StorageUrlOptions): string | undefined {
  if (file === "") return undefined;
  if (file === ":memory:") return "memory:";
  const fromHome = /^~[/\\]/.test(file) ? path.join(homeDirectory, file.slice(2)) : file;
  return `sqlite:${path.resolve(currentDirectory, fromHome)}`;
}

function postgresqlUrl(rest: string): string | undefined {
  return rest.startsWith("//") ? `postgresql:${rest}` : undefined;
}

/** `{type: postgresql, host, port, user, password, database}`; every other key becomes a parameter of the address. */
function postgresqlUrlOf({ type: _, url, ...setting }: Mapping): unknown {
  if (url !== undefined) return url;
  const { host = "localhost", port = "", user = "", password = "", database = "", ...parameters } = setting;
  if (![host, port, user, password, database, ...Object.values(parameters)].every(isPlain)) return undefined;
  const address = new URL("postgresql://localhost");
  // A directory of sockets is a parameter, and wins over the host.
  if (String(host).startsWith("/")) address.searchParams.set("host", String(host));
  else address.hostname = String(host);
  address.port = String(port);
  address.username = String(user);
  address.password = String(password);
  address.pathname = `/${encodeURIComponent(String(database))}`;
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, String(value));
  return address.href;
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

function refuse(what: string, { source }: StorageUrlOptions): never {
  const place = source === undefined ? "" : ` (${source})`;
  throw new ConfigurationError(
    `The storage ${what} is of a kind that is not read here${place}.`,
    `Write one of these: ${forms}.`,
  );
}

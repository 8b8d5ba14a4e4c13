import { isIPv6 } from "node:net";
import path from "node:path";
import { ConfigurationError } from "../errors.js";
import { nearestName } from "../nearest-name.js";
import { isMapping, type Mapping, withoutNulls } from "./mapping.js";
import { resolvePath } from "./resolve-path.js";
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

/** What the keys of a mapping of each `type` say, as an address; `undefined` when it names no place. */
const types: Readonly<Record<string, (keys: Mapping, refuseKey: RefuseKey) => unknown>> = {
  sqlite: ({ path: file, ...others }, refuseKey) => {
    refuseOthers(others, { type: "sqlite", known: ["path"] }, refuseKey);
    if (file === undefined || typeof file === "string") return file && `sqlite:${file}`;
    return refuseKey("path", "must be a text", "Put quotes around it.");
  },
  memory: (keys, refuseKey) => {
    refuseOthers(keys, { type: "memory", known: [] }, refuseKey);
    return "memory:";
  },
  postgresql: postgresqlUrlOf,
  postgres: postgresqlUrlOf,
};

/** Completes the sentence "The key host of the storage …". */
type RefuseKey = (key: string, problem: string, remedy: string) => never;

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
  if (isBarePath) refuseCovered(text, options);
  const name = isBarePath ? "sqlite" : (scheme ?? text).toLowerCase();
  const url = Object.hasOwn(schemes, name) ? schemes[name]!(isBarePath ? text : (rest ?? ""), options) : undefined;
  // Never quote the rest: it may hold a password.
  return url ?? refuse(scheme === undefined ? `"${text}"` : `"${scheme}:…"`, options);
}

/** With its quotation marks an address would be a file here, named after the password, in which every machine hunts alone. */
function refuseCovered(text: string, options: StorageUrlOptions): void {
  const [, scheme] = new RegExp(`(?<![a-z0-9])(${Object.keys(schemes).join("|")}):`, "i").exec(text) ?? [];
  if (scheme === undefined) return;
  throw new ConfigurationError(
    `The storage has something before its "${scheme}:"${placeOf(options)}.`,
    "Take it away: quotation marks, for instance, are taken literally where no shell reads them, as in docker's files of variables. A file of such a name is written sqlite:FILE.",
  );
}

function urlOfMapping(setting: Mapping, options: StorageUrlOptions): string {
  const { type: givenType, ...keys } = withoutNulls(setting);
  const { database } = keys;
  if (isMapping(database)) return refuse(`{database: {type: ${database.type ?? "?"}}}`, options);
  const type = givenType ?? ("path" in keys ? "sqlite" : "?");
  const refuseKey: RefuseKey = (key, problem, remedy) => {
    throw new ConfigurationError(`The key "${key}" of the storage ${problem}${placeOf(options)}.`, remedy);
  };
  const name = String(type).toLowerCase();
  const text = Object.hasOwn(types, name) ? types[name]!(keys, refuseKey) : undefined;
  if (typeof text === "string") return urlOfText(text, options);
  return refuse(`{type: ${type}} with ${keyList(keys)}`, options);
}

interface KnownKeys {
  readonly type: string;
  readonly known: readonly string[];
}

function refuseOthers(others: Mapping, { type, known }: KnownKeys, refuseKey: RefuseKey): void {
  const [other] = Object.keys(others);
  if (other === undefined) return;
  const nearest = nearestName(other, known);
  const list = known.length === 0 ? "It has no keys but type." : `It has the keys type, ${known.join(", ")}.`;
  refuseKey(other, `is none of {type: ${type}}`, nearest === undefined ? list : `Did you mean "${nearest}"?`);
}

function keyList(keys: Mapping): string {
  const names = Object.keys(keys);
  return names.length === 0 ? "nothing else" : `the keys ${names.join(", ")}`;
}

function sqliteUrl(file: string, options: StorageUrlOptions): string | undefined {
  if (file === "") return undefined;
  return file === ":memory:" ? "memory:" : `sqlite:${resolvePath(file, options)}`;
}

function postgresqlUrl(rest: string): string | undefined {
  return rest.startsWith("//") ? `postgresql:${rest}` : undefined;
}

/**
 * `{host, port, user, password, database}`, each of them literal; every other key becomes a parameter of the address.
 * Nothing is quoted in an error: it may hold a password.
 */
function postgresqlUrlOf({ url, ...keys }: Mapping, refuseKey: RefuseKey): unknown {
  if (url !== undefined) return wholeUrl(url, keys, refuseKey);
  const { host = "localhost", port = "", user = "", password = "", database = "", ...parameters } = keys;
  for (const [key, value] of Object.entries({ host, port, user, password, database })) {
    if (!isPlain(value)) refuseKey(key, "must be a text or a number", "Put quotes around it.");
  }
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    const isWord = isPlain(value) || typeof value === "boolean";
    query.set(
      key,
      isWord ? wordOf(value) : refuseKey(key, "must be one text, number or boolean", "Put quotes around it."),
    );
  }
  // A directory of sockets is a parameter, and wins over the host.
  const isDirectory = String(host).startsWith("/");
  if (isDirectory) query.set("host", String(host));
  const login = `${encode(user)}${password === "" ? "" : `:${encode(password)}`}`;
  const server = `${isDirectory ? "localhost" : readHost(host, refuseKey)}${readPort(port, refuseKey)}`;
  return `postgresql://${login === "" ? "" : `${login}@`}${server}/${encode(database)}${query.size === 0 ? "" : `?${query}`}`;
}

function wholeUrl(url: unknown, others: Mapping, refuseKey: RefuseKey): string {
  const [other] = Object.keys(others);
  if (other !== undefined) refuseKey(other, "stands beside a whole url", "Keep the url, or the keys.");
  if (typeof url === "string" && /^postgres(ql)?:/i.test(url)) return url;
  return refuseKey("url", "is no address of PostgreSQL", "Write postgresql://USER@HOST:PORT/DATABASE.");
}

/** Literal, though it may have signs that mean something in an address. */
const encode = (value: unknown): string => encodeURIComponent(String(value));

/** Switches are on or off in an address. */
const wordOf = (value: unknown): string => (typeof value === "boolean" ? (value ? "on" : "off") : String(value));

function readHost(value: unknown, refuseKey: RefuseKey): string {
  const host = String(value);
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIPv6(bare)) return `[${bare}]`;
  if (/^[^\s:/?#@<>[\]\\^|%]+$/.test(host)) return host;
  return refuseKey(
    "host",
    "must be the name or the address of one server",
    "Write {host: db.example.org, port: 5432}: the port, the user and the database have keys of their own.",
  );
}

function readPort(value: unknown, refuseKey: RefuseKey): string {
  const port = String(value);
  if (port === "") return "";
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535) return `:${Number(port)}`;
  return refuseKey("port", "must be a whole number from 1 to 65535", "Leave it out for the usual one, 5432.");
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

function refuse(what: string, options: StorageUrlOptions): never {
  throw new ConfigurationError(
    `The storage ${what} is of a kind that is not read here${placeOf(options)}.`,
    `Write one of these: ${forms}.`,
  );
}

function placeOf({ source }: StorageUrlOptions): string {
  return source === undefined ? "" : ` (${source})`;
}

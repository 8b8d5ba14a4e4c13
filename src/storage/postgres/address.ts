import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { StorageError } from "../../errors.js";

/** What a URL of PostgreSQL says. What it leaves out the driver looks up as libpq does: PGUSER, PGPASSWORD, .pgpass. */
export interface Address {
  /** For people: without the password. */
  readonly url: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** `false` for none. */
  readonly tls: TlsOptions | false;
  /** Go on without TLS where the server has none (`sslmode=prefer`). */
  readonly isTlsOptional: boolean;
  /** At most this many connections for statements, per process. */
  readonly poolSize: number;
  /** Whether to hear of news with LISTEN; else the revision is asked for five times a second or more. */
  readonly listen: boolean;
  readonly connectTimeoutMs: number;
  readonly applicationName: string;
}

const parameters = [
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "connect_timeout",
  "application_name",
  "pool",
  "listen",
];

/**
 * Read `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETERS`, each part percent-encoded where need be.
 *
 * @throws {StorageError} saying what is wrong, without quoting what may hold a password.
 */
export function readAddress(url: string): Address {
  const parsed = parse(url);
  const given = parsed.searchParams;
  for (const name of given.keys()) {
    if (parameters.includes(name)) continue;
    throw new StorageError(
      `The address of the database has a parameter that is not known here: "${name}".`,
      `Known parameters: ${parameters.join(", ")}.`,
    );
  }
  const part = (name: string, fromUrl: string) => given.get(name) ?? (fromUrl === "" ? undefined : decode(fromUrl));
  const host = part("host", parsed.hostname.replace(/^\[(.*)\]$/, "$1"));
  const shown = new URL(parsed);
  shown.password = "";
  shown.searchParams.delete("password");
  return {
    url: shown.href,
    host,
    port: wholeNumber("port", part("port", parsed.port)),
    user: part("user", parsed.username),
    password: part("password", parsed.password),
    database: part("dbname", parsed.pathname.slice(1)),
    ...readTls(given, host),
    poolSize: wholeNumber("pool", given.get("pool"), 1) ?? 3,
    listen: readSwitch("listen", given.get("listen") ?? "on"),
    connectTimeoutMs: 1000 * (wholeNumber("connect_timeout", given.get("connect_timeout"), 1) ?? 10),
    applicationName: given.get("application_name") ?? "orion",
  };
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url.replace(/^postgres:/, "postgresql:")) : undefined;
  if (parsed === undefined || isCutByPassword(parsed)) {
    throw new StorageError(
      "The address of the database cannot be read as postgresql://USER@HOST:PORT/DATABASE.",
      "Write one host, and % for what is special in a name or password: %40 for @, %2F for /, %3A for :, %3F for ?, %23 for #.",
    );
  }
  return parsed;
}

/** A sign of the password ended the host, and the rest of it, with what belongs before the @, went elsewhere. */
function isCutByPassword({ pathname, searchParams, hash }: URL): boolean {
  return hash !== "" || [pathname, ...searchParams.keys()].some((part) => part.includes("@"));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StorageError(
      "The address of the database has a % that is not followed by two hexadecimal digits.",
      "Write %25 for the sign itself.",
    );
  }
}

const modes: Readonly<Record<string, (files: TlsOptions) => Pick<Address, "tls" | "isTlsOptional">>> = {
  disable: () => ({ tls: false, isTlsOptional: false }),
  prefer: (files) => ({ tls: { ...files, rejectUnauthorized: false }, isTlsOptional: true }),
  // As with libpq: an authority that is named is used, else anybody's certificate will do.
  require: (files) => (files.ca === undefined ? encrypted(files) : ofAuthority(files)),
  "verify-ca": (files) => ofAuthority(files),
  "verify-full": (files) => ({ tls: { ...files, rejectUnauthorized: true }, isTlsOptional: false }),
};

const encrypted = (files: TlsOptions) => ({ tls: { ...files, rejectUnauthorized: false }, isTlsOptional: false });
const ofAuthority = (files: TlsOptions) => ({
  tls: { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined },
  isTlsOptional: false,
});

function readTls(given: URLSearchParams, host: string | undefined): Pick<Address, "tls" | "isTlsOptional"> {
  const isHere = host === undefined || host.startsWith("/") || ["localhost", "127.0.0.1", "::1"].includes(host);
  const mode = given.get("sslmode") ?? (isHere ? "disable" : "prefer");
  if (!Object.hasOwn(modes, mode)) {
    throw new StorageError(
      `sslmode=${mode} is not known here.`,
      `Write one of ${Object.keys(modes).join(", ")}; without it, prefer for another machine and disable for this one.`,
    );
  }
  const file = (name: string, key: string) => {
    const path = given.get(name);
    return path === null || path === "system" ? {} : { [key]: readCertificate(name, path) };
  };
  return modes[mode]!({ ...file("sslrootcert", "ca"), ...file("sslcert", "cert"), ...file("sslkey", "key") });
}

function readCertificate(parameter: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new StorageError(
      `The file of ${parameter} cannot be read: ${(cause as Error).message}.`,
      "Name it by an absolute path.",
      { cause },
    );
  }
}

function wholeNumber(name: string, text: string | null | undefined, from = 0): number | undefined {
  if (text === null || text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text) && Number(text) >= from) return Number(text);
  throw new StorageError(`${name}=${text} in the address of the database is not a whole number from ${from}.`);
}

function readSwitch(name: string, text: string): boolean {
  if (text === "on" || text === "off") return text === "on";
  throw new StorageError(`${name}=${text} in the address of the database is neither on nor off.`);
}

import { closeSync, existsSync, openSync, readSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StorageError } from "../errors.js";
import { fileTrouble } from "../file-trouble.js";
import { makeFolder } from "../make-folder.js";
import { defineBackend, type OpenOptions } from "./backend.js";
import { type Connection, connect, type Database, isUnwritable } from "./sqlite/connection.js";
import { experimentOperations } from "./sqlite/experiments.js";
import { expectNoWriter, immutable } from "./sqlite/immutable.js";
import { leaseOperations } from "./sqlite/leases.js";
import { outcomeOperations } from "./sqlite/outcomes.js";
import { queryOperations } from "./sqlite/queries.js";
import { reportOperations } from "./sqlite/reports.js";
import { applicationId, migrations, schema, schemaVersion } from "./sqlite/schema.js";
import { selfChecks } from "./sqlite/self-checks.js";
import { transferOperations } from "./sqlite/transfer.js";
import type { Storage } from "./storage.js";

/** One file, any number of processes of one machine. */
export default defineBackend({
  summary: "One file on a local disk, for any number of processes of one machine (the default).",
  open: async (url, options) => {
    const path = url.slice("sqlite:".length);
    if (path === "") {
      throw new StorageError(
        "The storage URL sqlite: names no file.",
        "Write sqlite:PATH, e.g. sqlite:./orion.sqlite.",
      );
    }
    prepareFile(path, options);
    const database = await openDatabase(path, url);
    try {
      return await openSqlite({ database, url, path, ...options });
    } catch (error) {
      if (options.forReading !== true || !isUnwritable(error)) throw error;
      const checkFile = expectNoWriter(path, url);
      return await openSqlite({ database: await openDatabase(immutable(path), url), url, checkFile, ...options });
    }
  },
});

interface SqliteOptions extends OpenOptions {
  readonly database: Database;
  readonly url: string;
  /** Where the file is; absent for one that has no name. */
  readonly path?: string;
  /** Throws when the file cannot be believed any more; asks whether it is still there, if absent. */
  readonly checkFile?: () => void;
}

/**
 * Storage on an opened SQLite database, which it owns from now on.
 *
 * Every operation is one `begin immediate` transaction of synchronous statements: SQLite lets one writer in at a time,
 * so what is read inside cannot change before it is written. WAL lets readers go on meanwhile; `synchronous = normal`
 * survives the death of any process (not the last moments before a power cut).
 *
 * @throws {StorageError} when the file is foreign, damaged, of another schema version, or locked for a minute.
 */
export async function openSqlite({
  database,
  url,
  path,
  checkFile = path === undefined ? () => {} : fileCheck(path, url),
  ...options
}: SqliteOptions): Promise<Storage> {
  const db = connect(database, { url, checkFile });
  try {
    await prepareSchema(db, database, options);
  } catch (error) {
    db.close();
    throw error;
  }
  return {
    url,
    ...experimentOperations(db),
    ...leaseOperations(db),
    ...outcomeOperations(db),
    ...queryOperations(db),
    ...reportOperations(db),
    ...transferOperations(db),
    checks: selfChecks(db),
    close: async () => db.close(),
    [Symbol.asyncDispose]: async () => db.close(),
  };
}

/** Finds out that the file was removed, or another put in its place, since it was opened. */
function fileCheck(path: string, url: string): () => void {
  const opened = inodeOf(path);
  return () => {
    const found = inodeOf(path);
    if (found !== undefined && found === opened) return;
    const isThere = found !== undefined && opened !== undefined;
    const what = isThere ? "was replaced by another file" : "was removed or moved";
    throw new StorageError(
      `The database ${url} ${what} while it was in use.`,
      "Put the file back; results that cannot be stored meanwhile are kept in files and handed in later.",
      { retryable: !isThere },
    );
  };
}

/** `undefined` when there is no such file, or nobody can tell: it may have gone in the instant after it was opened. */
function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}

/** The driver: the packaged SQLite, else Node's own where it is new enough. */
export async function openDatabase(path: string, url: string): Promise<Database> {
  const { DatabaseSync, version } = await loadDriver();
  try {
    const database = new DatabaseSync(path, { timeout: 0 });
    requireSafeVersion(database, version);
    return database;
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(
      `The database ${url} cannot be opened: ${(error as Error).message}.`,
      "Check that its folder exists and that you may read and write there.",
      { cause: error, retryable: true },
    );
  }
}

type DriverModule = { DatabaseSync: new (path: string, options: { timeout: number }) => Database };

async function loadDriver(): Promise<DriverModule & { version: string }> {
  try {
    const packaged = await import("@photostructure/sqlite");
    return { DatabaseSync: packaged.DatabaseSync as unknown as DriverModule["DatabaseSync"], version: "packaged" };
  } catch (cause) {
    const name = "node:sqlite"; // a variable, so that a bundler leaves it alone where Node has none
    const builtIn = await import(name).catch(() => undefined);
    if (builtIn === undefined) {
      throw new StorageError(
        `No SQLite driver loads on ${process.platform}-${process.arch}: ${(cause as Error).message}.`,
        "Reinstall the package @photostructure/sqlite, or use Node 22.13 or newer, which has its own. " +
          "If your program is bundled, leave orion-hpo out of the bundle.",
        { cause },
      );
    }
    return { DatabaseSync: builtIn.DatabaseSync as DriverModule["DatabaseSync"], version: "node:sqlite" };
  }
}

/** SQLite before 3.51.3 (3.50.7 on its line) can damage a WAL file that several processes checkpoint at once. */
function requireSafeVersion(database: Database, driver: string): void {
  if (driver === "packaged") return;
  const { version } = database.prepare("select sqlite_version() as version").get() as { version: string };
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const isSafe = major > 3 || minor > 51 || (minor === 51 && patch >= 3) || (minor === 50 && patch >= 7);
  if (isSafe) return;
  throw new StorageError(
    `The SQLite ${version} of ${driver} can damage a database that several processes write to.`,
    "Reinstall the package @photostructure/sqlite, or use a newer Node.",
  );
}

/** Magic numbers of `statfs` where file locks cannot be trusted. */
const networkFileSystems: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB2",
  198183888: "Lustre",
  1196443219: "GPFS",
  427819522: "BeeGFS",
  12805120: "Ceph",
  1397113167: "AFS",
};

function prepareFile(path: string, { create = true }: OpenOptions): void {
  const folder = dirname(path);
  if (create) makeRoom(folder);
  if (!existsSync(folder)) return;
  const kind = networkFileSystems[statfsSync(folder).type >>> 0];
  if (kind !== undefined) {
    throw new StorageError(
      `${path} is on a network file system (${kind}), where SQLite loses data as soon as two machines write.`,
      "Put it on a local disk; one machine at a time can use it.",
    );
  }
  refuseOrphanedLog(path);
  refuseForeignHeader(path);
}

/**
 * A log without its database: SQLite would delete it for the new one, and with it the last results of workers that go on
 * while somebody moves the file. (The log is asked for first, since whoever makes a database makes its log second.)
 */
function refuseOrphanedLog(path: string): void {
  if (!existsSync(`${path}-wal`) || existsSync(path)) return;
  throw new StorageError(
    `The database ${path} is not there, but the log of its last changes is (${path}-wal).`,
    "Put the database back to where it was, beside its log; only if it is gone for good, remove the log.",
    { retryable: true },
  );
}

/** @throws {StorageError} when the folder of the database cannot be made. */
function makeRoom(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new StorageError(
      `The folder "${folder}" of the database cannot be made: ${fileTrouble(cause)}.`,
      "Make it, or name another file with --storage sqlite:PATH.",
      { cause },
    );
  }
}

/** A pickled database of Oríon would only be called "not a database"; say what it is. */
function refuseForeignHeader(path: string): void {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return; // absent, or the driver will say why it cannot be opened
  }
  const header = Buffer.alloc(2);
  let length: number;
  try {
    length = readSync(file, header, 0, 2, 0);
  } catch (cause) {
    throw new StorageError(
      `${path} cannot be read as a database: ${fileTrouble(cause)}.`,
      "Name a file with --storage sqlite:PATH.",
      { cause },
    );
  } finally {
    closeSync(file);
  }
  if (length === 2 && header[0] === 0x80 && header[1]! <= 5) {
    throw new StorageError(
      `${path} is a Python pickle, probably a PickledDB of Oríon, and not an SQLite database.`,
      "Name another file with --storage sqlite:PATH.",
    );
  }
}

async function prepareSchema(
  db: Connection,
  database: Database,
  { upgrade = false, forReading = false }: OpenOptions,
): Promise<void> {
  const state = await db.read(() => {
    const version = (database.prepare("pragma user_version").get() as { user_version: number }).user_version;
    const application = (database.prepare("pragma application_id").get() as { application_id: number }).application_id;
    const tables = (database.prepare("select count(*) as n from sqlite_master").get() as { n: number }).n;
    return { version, application, tables };
  });
  if (state.application !== applicationId && state.tables > 0) {
    throw new StorageError(
      `${db.url} is an SQLite database of another program.`,
      "Name another file with --storage sqlite:PATH; nothing was written to this one.",
    );
  }
  if (state.version > schemaVersion) {
    throw new StorageError(
      `${db.url} was written by a newer version of orion (schema ${state.version}, this one knows ${schemaVersion}).`,
      "Install the newer version here too.",
    );
  }
  const isOutdated = state.tables > 0 && state.version < schemaVersion;
  if (isOutdated && !upgrade) {
    throw new StorageError(
      `${db.url} was written by an older version of orion (schema ${state.version}, this one needs ${schemaVersion}).`,
      "Run `orion db upgrade` once; a copy of the file first is a good idea.",
    );
  }
  database.exec(settings);
  if (!forReading) await keepLog(db, database);
  if (state.tables > 0 && !isOutdated) return;
  await db.write(() => {
    // Asked again inside the transaction: thirty-two workers may start at once on an empty file.
    const { user_version: version } = database.prepare("pragma user_version").get() as { user_version: number };
    if (version === schemaVersion) return;
    if (version === 0) database.exec(schema);
    else for (const migration of migrations.slice(version - 1)) database.exec(migration);
    database.exec(`pragma application_id = ${applicationId}; pragma user_version = ${schemaVersion}`);
  });
}

/** The cache stays at SQLite's own 2 MB: with 8 a step costs the same, and each worker on a long history 7 MiB more. */
const settings = "pragma foreign_keys = on; pragma synchronous = normal; pragma wal_autocheckpoint = 4000";

/** Switch to a write-ahead log, unless the database has one. */
async function keepLog(db: Connection, database: Database): Promise<void> {
  const { journal_mode: mode } = database.prepare("pragma journal_mode").get() as { journal_mode: string };
  if (mode === "wal" || mode === "memory") return;
  // Needs the file alone for a moment, so it waits its turn like a transaction.
  await db.alone(() => database.exec("pragma journal_mode = wal"));
}

import { ConflictError, OrionError, StorageError } from "../../errors.js";
import { closedError } from "../closed-error.js";
import { jitter } from "../jitter.js";

/** What we use of a driver; `@photostructure/sqlite` and `node:sqlite` both have it. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface Statement {
  run(...parameters: Value[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...parameters: Value[]): unknown;
  all(...parameters: Value[]): unknown[];
}

export type Value = string | number | null;

/** How long a caller waits for other processes to release the database, in milliseconds. */
const busyDeadlineMs = 60_000;

const leastPauseMs = 4;
const mostPauseMs = 60;

/** One connection: prepared statements by their text, and transactions that wait their turn. */
export interface Connection {
  readonly url: string;
  /** The prepared statement of this text. */
  sql(text: string): Statement;
  /**
   * Run `work` in a writing transaction, without interruption: it must not await. It sees what was written before it,
   * and may be run again from the start, so it changes nothing but the database.
   */
  write<T>(work: () => T): Promise<T>;
  /** As `write`, for work that cannot be run again: it has a transaction of its own, and is begun once. */
  writeOnce<T>(work: () => T): Promise<T>;
  /** Run `work` on one consistent state of the database; it must not await. */
  read<T>(work: () => T): Promise<T>;
  /** Another number after each write, of this connection or of any other; costs a few microseconds. */
  changeMark(): number;
  /** Run `work` outside a transaction, waiting while others hold the database. */
  alone<T>(work: () => T): Promise<T>;
  /** A second time does nothing. */
  close(): void;
}

interface ConnectOptions {
  readonly url: string;
  /**
   * Throws when the file that was opened is not the one under its name any more. SQLite would not notice, and what it
   * writes into a removed file is gone with the process. Asked before each transaction, and again after one that reads.
   */
  readonly checkFile: () => void;
}

/**
 * Wrap an opened database.
 *
 * Waiting is ours, not SQLite's busy handler: that one sleeps in fixed steps and starves some writers (worst wait of 16
 * writers 2.6 s against 0.9 s), and it would block the event loop while scripts end.
 */
export function connect(database: Database, { url, checkFile }: ConnectOptions): Connection {
  const statements = new Map<string, Statement>();
  let isClosed = false;
  const sql = (text: string): Statement => {
    if (isClosed) throw closedError(url);
    let statement = statements.get(text);
    if (statement === undefined) {
      statement = database.prepare(text);
      statements.set(text, statement);
    }
    return statement;
  };

  function transaction<T>(begin: string, work: () => T): T {
    sql(begin).run();
    try {
      checkFile();
      const value = work();
      sql("commit").run();
      return value;
    } catch (error) {
      // A failed commit or a full disk may have rolled back already.
      try {
        sql("rollback").run();
      } catch {}
      throw error;
    }
  }

  /** How long to wait when others hold the database: as long as was right the last time. */
  let pauseMs = leastPauseMs;
  async function patiently<T>(attempt: () => T): Promise<T> {
    const started = performance.now();
    for (let tries = 0; ; tries++) {
      try {
        const value = attempt();
        if (tries === 0) pauseMs = Math.max(leastPauseMs, pauseMs * 0.8);
        return value;
      } catch (error) {
        if (!isBusy(error)) throw translate(error, url);
        if (performance.now() - started > busyDeadlineMs) throw busyError(url, error);
        if (tries > 0) pauseMs = Math.min(pauseMs * 1.5, mostPauseMs);
        // Jitter, so that workers which collided once do not collide again.
        await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + jitter())));
      }
    }
  }

  const close = () => {
    if (!isClosed) database.close();
    isClosed = true;
  };

  let ownWrites = 0;
  const waiting: Write[] = [];
  let flushed = Promise.resolve();
  const flush = () => {
    const writes = waiting.splice(0);
    if (writes.length > 0) flushed = flushed.then(() => writeTogether(writes));
  };
  const pending = <T>(work: () => T, add: (write: Write) => void): Promise<T> =>
    new Promise((resolve, reject) => add({ work, resolve: resolve as (value: unknown) => void, reject }));

  async function writeTogether(writes: readonly Write[]): Promise<void> {
    try {
      const values = await patiently(() => transaction("begin immediate", () => writes.map(({ work }) => work())));
      ownWrites++;
      for (const [index, { resolve }] of writes.entries()) resolve(values[index]);
    } catch (error) {
      // Nothing of them was written. Where others hold the database, all have waited as long as anybody has to. Else one
      // of them is to blame, and the others must not suffer: each by itself now.
      if (writes.length === 1 || isBusy((error as Error).cause)) for (const { reject } of writes) reject(error);
      else for (const write of writes) await writeTogether([write]);
    }
  }

  return {
    url,
    sql,
    changeMark: () => {
      checkFile();
      return (sql("pragma data_version").get() as { data_version: number }).data_version + ownWrites;
    },
    write: (work) =>
      pending(work, (write) => {
        // What is asked for in the same turn of the event loop, such as the end of a trial and the next one, shares one
        // transaction: half the commits, and half the turns to wait for other processes.
        if (waiting.push(write) === 1) setImmediate(flush);
      }),
    writeOnce: (work) =>
      pending(work, (write) => {
        flush();
        waiting.push(write);
        flush();
      }),
    read: (work) =>
      patiently(() => {
        try {
          return transaction("begin", work);
        } finally {
          checkFile(); // of a file that became another meanwhile, neither what was found nor what went wrong is true
        }
      }),
    alone: patiently,
    close,
  };
}

/** A piece of work that waits for its transaction. */
interface Write {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** SQLite's extended result code; 0 for an error that is not SQLite's. */
function code(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  const { errcode, code: kind, message }: { errcode?: number; code?: string; message: string } = error;
  if (errcode !== undefined || kind !== "ERR_SQLITE_ERROR") return errcode ?? 0;
  return codesByMessage[message] ?? genericError;
}

/** Where the driver says no more than the message, as it does while it reads all rows of a statement. */
const codesByMessage: Readonly<Record<string, number>> = {
  "database is locked": 5,
  "database table is locked": 6,
  "attempt to write a readonly database": 8,
  "disk I/O error": 10,
  "database disk image is malformed": 11,
  "database or disk is full": 13,
  "unable to open database file": 14,
  "file is not a database": 26,
};

const genericError = 1;

/** SQLITE_BUSY (5) or SQLITE_LOCKED (6), extended codes included. */
export function isBusy(error: unknown): boolean {
  const primary = code(error) & 0xff;
  return primary === 5 || primary === 6;
}

/**
 * True for an error of ours behind which is SQLITE_READONLY (8) or SQLITE_CANTOPEN (14): what SQLite says of a database
 * in a folder where it may make no log depends on what forbids it.
 */
export function isUnwritable(error: unknown): boolean {
  if (!(error instanceof StorageError)) return false;
  const primary = code(error.cause) & 0xff;
  return primary === 8 || primary === 14;
}

/** SQLITE_CONSTRAINT_UNIQUE or _PRIMARYKEY. */
export function isDuplicate(error: unknown): boolean {
  return code(error) === 2067 || code(error) === 1555;
}

function busyError(url: string, cause: unknown): StorageError {
  return new StorageError(
    `The database ${url} has been locked by another process for ${busyDeadlineMs / 1000} seconds.`,
    "Look for a program that holds a transaction open on this file, and end it.",
    { cause, retryable: true },
  );
}

export const damagedRemedy = "Restore it from a copy, or rescue what can be read with `sqlite3 FILE .recover`.";

const explanations: Readonly<Record<number, { what: string; mend: string; retryable: boolean }>> = {
  8: { what: "cannot be written to", mend: "Check the permissions of the file and of its folder.", retryable: false },
  10: { what: "could not be read or written (I/O error)", mend: "Check the disk.", retryable: true },
  11: {
    what: "is damaged",
    mend: damagedRemedy,
    retryable: false,
  },
  13: {
    what: "cannot grow: the disk is full",
    mend: "Free some space; workers that wait go on by themselves.",
    retryable: true,
  },
  14: {
    what: "cannot be opened",
    mend: "Check that its folder exists and that you may write there.",
    retryable: true,
  },
  26: {
    what: "is not an SQLite database",
    mend: "Name another file with --storage sqlite:PATH.",
    retryable: false,
  },
};

/** Turn a driver's error into ours; anything that is not the database's is let through. */
export function translate(error: unknown, url: string): unknown {
  if (error instanceof OrionError || code(error) === 0) return error;
  const known = explanations[code(error) & 0xff];
  if (known !== undefined) {
    return new StorageError(`The database ${url} ${known.what}.`, known.mend, {
      cause: error,
      retryable: known.retryable,
    });
  }
  if (isDuplicate(error)) return new ConflictError(`The database ${url} already has this record.`);
  return new StorageError(`The database ${url} failed: ${(error as Error).message}.`, undefined, { cause: error });
}

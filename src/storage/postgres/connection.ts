import { randomUUID } from "node:crypto";
import type { ClientBase, Pool, QueryResultRow } from "pg";
import { StorageError } from "../../errors.js";
import { closedError } from "../closed-error.js";
import { jitter } from "../jitter.js";
import { type Trouble, translate, troubleOf } from "./errors.js";

/**
 * The server ends a transaction in which nothing happens for so long, and its locks with it: of a client that was cut off
 * without a word, or stands still, it would hear nothing for hours.
 */
export const endsAfter = (time: string): string => `set local idle_in_transaction_session_timeout = '${time}'`;

/** For how long one call is repeated by itself, in milliseconds. Afterwards it is up to the caller. */
const patienceMs: Readonly<Record<Trouble, number>> = { collision: 60_000, full: 10_000, lost: 3000 };

/**
 * The way to a server that may go away at any time.
 *
 * Every operation is **one statement**, most of them a call of a function in the database: one round trip, nothing of
 * ours stays open on the server while we think or die, and no connection has a state, so a pooler may give each
 * statement another one.
 */
export interface Connection {
  /** Without a password. */
  readonly url: string;
  /**
   * The rows of a statement. It is repeated when it collided or when its answer was lost, so it must be one that may be
   * carried out twice: a question, or a change that notices that it was made. Values may depend on whether it is.
   */
  readonly rows: Rows;
  /**
   * Run `work` when all that was given here before has ended: changes take effect in the order of the calls. What it asks
   * by its `rows` is repeated for less long the longer it stood in line behind calls that got no answer.
   */
  inOrder<T>(work: (rows: Rows) => Promise<T>): Promise<T>;
  /**
   * In order, but sent at the end of this turn of the event loop: until then the next call may go with it, if it is made
   * by `join` under the same key. What was called in between would come too late, so then nobody joins.
   */
  joinable<T>(key: number, work: (guest: Guest | undefined, rows: Rows) => Promise<T>): Promise<T>;
  /** Go with the call before; false when there is none that can be joined. */
  join(key: number, guest: Guest): boolean;
  /** A change: one statement, in order. */
  change<Row extends QueryResultRow>(text: string, values: Values): Promise<Row[]>;
  /**
   * In order, too. Call a function of the database that remembers under a name what it answered. When every attempt
   * failed, the name is kept for the next call with the same arguments.
   */
  once<Answer>(name: string, ...values: readonly unknown[]): Promise<Answer>;
  /** Run `work` in a transaction of one connection. It may be run again; it must be quick. */
  transaction<T>(work: (client: ClientBase) => Promise<T>): Promise<T>;
  /**
   * Run `work` in one transaction, and never again once it has begun: it may read and write other things, too. What it
   * throws takes everything back. When the answer to its commit is lost, `isCommitted` is asked what became of it.
   *
   * @param begin - The statement that begins it.
   */
  transactionOnce<T>(begin: string, work: (session: Session) => Promise<T>, isCommitted?: Question): Promise<T>;
  readonly nonces: Nonces;
  close(): Promise<void>;
}

export type Rows = <Row extends QueryResultRow>(text: string, values?: Values) => Promise<Row[]>;

/** A call that goes with another one, whose statement has to hold what it says: see `outcomes.ts`. */
export type Guest = (ask: Ask) => Promise<void>;
/** Send the question of a reservation. */
export type Ask = <Row extends QueryResultRow>(question: Reserving) => Promise<Row>;

/** A call of `orion.reserve`: what it takes after the experiment. */
export type Reserving = (isRepeated: boolean) => readonly unknown[];

interface Seat {
  readonly key: number;
  guest?: Guest;
}

type Question = () => Promise<boolean>;

/** Statements of one transaction. */
export interface Session {
  rows<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]>;
}

export type Values = readonly unknown[] | ((isRepeated: boolean) => readonly unknown[]);

export function connect(pool: Pool, url: string): Connection {
  const nonces = createNonces();
  let hasConnected = false;
  let lastAnswer = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  async function attempt<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    if (isClosed) throw closedError(url);
    const client = await pool.connect();
    hasConnected = true;
    try {
      const value = await work(client);
      client.release();
      lastAnswer = performance.now();
      return value;
    } catch (error) {
      client.release(troubleOf(error) === "lost");
      throw error;
    }
  }

  /** @param askedAt - When somebody began to wait for it: nobody got through since. In ms of the monotonic clock. */
  async function patiently<T>(
    work: (client: ClientBase, isRepeated: boolean) => Promise<T>,
    askedAt = performance.now(),
  ): Promise<T> {
    const started = performance.now();
    const lostSince = Math.max(askedAt, lastAnswer);
    let isRepeated = false;
    for (let pause = 5; ; pause = Math.min(pause * 2, 500)) {
      try {
        return await attempt((client) => work(client, isRepeated));
      } catch (error) {
        const trouble = troubleOf(error);
        // Who never got through has a wrong address, more likely than bad luck.
        const isHopeless = trouble === undefined || isClosed || (trouble === "lost" && !hasConnected);
        const since = trouble === "lost" ? lostSince : started;
        if (isHopeless || performance.now() - since > patienceMs[trouble]) throw translate(error, url);
        isRepeated = true;
        // Jitter, so that workers which lost the server together do not come back together.
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + jitter())));
      }
    }
  }

  const rowsFor =
    (askedAt?: number): Rows =>
    <Row extends QueryResultRow>(text: string, values: Values = []) =>
      patiently(async (client, isRepeated) => {
        const given = typeof values === "function" ? values(isRepeated) : values;
        return (await client.query<Row>(text, [...given])).rows;
      }, askedAt);

  const transactionOnce: Connection["transactionOnce"] = async (begin, work, isCommitted = async () => false) => {
    const outcome = await patiently(async (client) => {
      await client.query(begin);
      try {
        const value = await work(sessionOn(client));
        return {
          value,
          lost: await client.query("commit").then(
            () => undefined,
            (error: unknown) => error,
          ),
        };
      } catch (thrown) {
        await client.query("rollback").catch(() => {}); // gone with the connection
        return { thrown };
      }
    });
    if ("thrown" in outcome) throw outcome.thrown;
    const { value, lost } = outcome;
    if (lost === undefined || (troubleOf(lost) === "lost" && (await isCommitted()))) return value;
    throw translate(lost, url);
  };

  const sessionOn = (client: ClientBase): Session => ({
    rows: async <Row extends QueryResultRow>(text: string, values: readonly unknown[]) => {
      const { rows: found } = await client.query<Row>(text, [...values]).catch((error: unknown) => {
        throw translate(error, url);
      });
      return found;
    },
  });

  let last: Promise<unknown> = Promise.resolve();
  let seat: Seat | undefined;
  const inOrder = <T>(work: (rows: Rows) => Promise<T>): Promise<T> => {
    seat = undefined;
    const own = rowsFor(performance.now());
    const ended = last.then(() => work(own));
    last = ended.catch(() => {}); // told to its own caller
    return ended;
  };

  return {
    url,
    rows: rowsFor(),
    nonces,
    inOrder,
    joinable: (key, work) => {
      const own: Seat = { key };
      const ended = inOrder(async (rows) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (seat === own) seat = undefined;
        return work(own.guest, rows);
      });
      seat = own;
      return ended;
    },
    join: (key, guest) => {
      if (seat?.key !== key) return false;
      seat.guest = guest;
      seat = undefined;
      return true;
    },
    change: (text, values) => inOrder((rows) => rows(text, values)),
    once: <Answer>(name: string, ...values: readonly unknown[]) =>
      inOrder((rows) =>
        nonces.use(JSON.stringify([name, values]), async (nonce) => {
          const places = ["$1", ...values.map((_, index) => `$${index + 2}`)].join(", ");
          const [row] = await rows<{ answer: Answer }>(`select orion.${name}(${places}) as answer`, [nonce, ...values]);
          return row!.answer;
        }),
      ),
    transaction: (work) =>
      patiently(async (client) => {
        await client.query(`begin; ${endsAfter("1min")}`);
        try {
          const value = await work(client);
          await client.query("commit");
          return value;
        } catch (error) {
          await client.query("rollback").catch(() => {}); // gone with the connection
          throw error;
        }
      }),
    transactionOnce,
    close: () => {
      isClosed = true;
      return pool.end();
    },
  };
}

/**
 * Names for calls whose answer may be lost.
 *
 * A name is used again by the next call of the same kind (`key`) when a call ended without an answer, and so the
 * database can tell that it has done the work. They live in memory: whoever forgets them with his process has also
 * forgotten that he asked.
 */
export interface Nonces {
  /** Run `work` with a name: an old one that got no answer (then `isRepeated`), else a new one. */
  use<T>(key: string, work: (nonce: string, isRepeated: boolean) => Promise<T>): Promise<T>;
}

function createNonces(): Nonces {
  const failed = new Map<string, string[]>();
  return {
    async use(key, work) {
      const old = failed.get(key)?.pop();
      const nonce = old ?? randomUUID();
      try {
        return await work(nonce, old !== undefined);
      } catch (error) {
        if (error instanceof StorageError && error.retryable) failed.set(key, [...(failed.get(key) ?? []), nonce]);
        throw error;
      } finally {
        if (failed.get(key)?.length === 0) failed.delete(key);
      }
    },
  };
}

import type { Client } from "pg";
import type { Storage } from "../storage.js";
import type { Connection } from "./connection.js";
import { lockSpace } from "./history-functions.js";

/** How often the revisions are asked for where nobody tells us. */
const pollMs = 150;
/** Also where everything is heard, the revision is asked for after this long: a broken line is silent, too. */
const doubtMs = 5000;
/** The listening connection is given back after this long without anybody who waits. */
const lingerMs = 15_000;
/** After a listening connection failed, the next one is not tried before. */
const retryMs = 1000;

interface NewsOptions {
  readonly db: Connection;
  /** A new connection, connected; `undefined` when notifications are not wanted. */
  readonly openListener: (() => Promise<Client>) | undefined;
}

export interface News extends Pick<Storage, "waitForNews"> {
  close(): Promise<void>;
}

/**
 * Waiting for news: one connection of the process hears of all experiments that somebody waits for (LISTEN), opened when
 * the first one waits. Through a pooler that lends a connection for one transaction, notifications do not arrive; there,
 * and while the listening connection is broken, the revisions of all of them are asked for with one statement.
 */
export function openNews({ db, openListener }: NewsOptions): News {
  const waiting = new Map<number, Set<(revision: number) => void>>();
  /** What was last heard of an experiment that we listen to, and when it was last asked for. */
  const heard = new Map<number, { revision: number; askedAt: number }>();
  let listener: Promise<Listener | undefined> | undefined;
  let poll: NodeJS.Timeout | undefined;
  let linger: NodeJS.Timeout | undefined;

  const tell = (experimentId: number, revision: number) => {
    const known = heard.get(experimentId);
    if (known !== undefined && revision > known.revision) known.revision = revision;
    for (const notice of waiting.get(experimentId) ?? []) notice(revision);
  };

  async function ask(experimentIds: readonly number[]): Promise<void> {
    try {
      const rows = await db.rows<{ experiment: number; revision: number }>(
        "select experiment, revision from orion.histories where experiment = any ($1)",
        [experimentIds],
      );
      const found = new Map(rows.map((row) => [row.experiment, row.revision]));
      // That it was removed is news, too.
      for (const experimentId of experimentIds) tell(experimentId, found.get(experimentId) ?? Number.POSITIVE_INFINITY);
    } catch {
      // The database is away: whoever waits will find out when he asks for work.
    }
  }

  const startPolling = () => {
    poll ??= setTimeout(async () => {
      await ask([...waiting.keys()]);
      poll = undefined;
      if (waiting.size > 0) startPolling();
    }, pollMs);
  };

  /** The listening connection; `undefined` where there can be none, and for a while after it failed. */
  const listen = (open: () => Promise<Client>) => {
    listener ??= openListenerOn({ open, tell, onEnd: forget }).catch(() => {
      setTimeout(forget, retryMs).unref();
      return undefined;
    });
    return listener;
  };
  const forget = () => {
    listener = undefined;
    heard.clear();
    if (waiting.size > 0) startPolling();
  };

  /** From now on changes of the experiment are heard; then its revision is read, so that none is missed. */
  async function follow(experimentId: number): Promise<void> {
    const ear = openListener === undefined ? undefined : await listen(openListener);
    const isHeard = await ear?.follow(experimentId).catch(() => false);
    if (!isHeard) startPolling();
    const known = isHeard ? heard.get(experimentId) : undefined;
    const now = performance.now();
    if (known !== undefined && now - known.askedAt < doubtMs) return tell(experimentId, known.revision);
    if (isHeard) heard.set(experimentId, { revision: known?.revision ?? 0, askedAt: now });
    await ask([experimentId]);
  }

  const hangUp = async () => {
    const ear = await listener;
    listener = undefined;
    heard.clear();
    await ear?.close();
  };

  return {
    waitForNews: (experimentId, { since, timeoutMs, signal }) =>
      new Promise((resolve) => {
        clearTimeout(linger);
        const end = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", end);
          notices.delete(notice);
          if (notices.size === 0) waiting.delete(experimentId);
          if (waiting.size === 0) {
            clearTimeout(linger);
            linger = setTimeout(hangUp, lingerMs).unref();
          }
          resolve();
        };
        const notice = (revision: number) => {
          if (revision > since) end();
        };
        const timer = setTimeout(end, timeoutMs);
        const notices = waiting.get(experimentId) ?? new Set();
        waiting.set(experimentId, notices.add(notice));
        signal?.addEventListener("abort", end);
        if (signal?.aborted === true) end();
        else void follow(experimentId);
      }),

    async close() {
      clearTimeout(linger);
      clearTimeout(poll);
      await hangUp();
    },
  };
}

interface Listener {
  /** False where notifications do not arrive. */
  follow(experimentId: number): Promise<boolean>;
  close(): Promise<void>;
}

interface ListenerOptions {
  readonly open: () => Promise<Client>;
  readonly tell: (experimentId: number, revision: number) => void;
  readonly onEnd: () => void;
}

async function openListenerOn({ open, tell, onEnd }: ListenerOptions): Promise<Listener> {
  const client = await open();
  let isOpen = true;
  const drop = () => {
    if (!isOpen) return;
    isOpen = false;
    onEnd();
  };
  client.on("error", drop).on("end", drop);
  client.on("notification", ({ channel, payload }) => tell(Number(channel.slice("orion_".length)), Number(payload)));
  if (await isPooled(client)) {
    // Not an end: it would only be tried again.
    isOpen = false;
    await client.end().catch(() => {});
    return { follow: async () => false, close: async () => {} };
  }
  const followed = new Map<number, Promise<unknown>>();
  return {
    async follow(experimentId) {
      if (!isOpen) return false;
      // The shared lock tells writers that somebody listens, see `advance`.
      const lock = `select pg_advisory_lock_shared(${lockSpace}, ${Number(experimentId)})`;
      if (!followed.has(experimentId)) {
        followed.set(experimentId, client.query(`listen orion_${Number(experimentId)}; ${lock}`));
      }
      await followed.get(experimentId);
      return isOpen;
    },
    async close() {
      isOpen = false;
      await client.end().catch(() => {});
    },
  };
}

/** A pooler names its own process at the start of a connection; the server that a statement reaches has another. */
async function isPooled(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]!.pid !== (client as Client & { processID: number }).processID;
}

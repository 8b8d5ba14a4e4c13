import { Socket } from "node:net";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import type { Client, ClientConfig, Pool } from "pg";
import { StorageError } from "../errors.js";
import { defineBackend, type OpenOptions } from "./backend.js";
import { type Address, readAddress } from "./postgres/address.js";
import { connect } from "./postgres/connection.js";
import { translate } from "./postgres/errors.js";
import { experimentOperations } from "./postgres/experiments.js";
import { leaseOperations } from "./postgres/leases.js";
import { openNews } from "./postgres/news.js";
import { outcomeOperations } from "./postgres/outcomes.js";
import { findPassword } from "./postgres/password-file.js";
import { prepareSchema } from "./postgres/prepare-schema.js";
import { queryOperations } from "./postgres/queries.js";
import { reportOperations } from "./postgres/reports.js";
import { selfChecks } from "./postgres/self-checks.js";
import { transferOperations } from "./postgres/transfer.js";
import type { Storage } from "./storage.js";

/** A server that any number of machines can reach. */
export default defineBackend({
  summary: "A PostgreSQL server, for any number of machines.",
  open: async (url, options) => {
    const address = readAddress(url);
    const driver = await loadDriver();
    const sockets = trackSockets();
    const passwordFile = options.passwordFile ?? join(homedir(), ".pgpass");
    const config = { ...(await configure(driver, address, passwordFile)), stream: sockets.open };
    return openPostgres({
      pool: new driver.Pool({ ...config, max: address.poolSize, idleTimeoutMillis: 10_000, allowExitOnIdle: true }),
      openListener: address.listen ? () => connected(new driver.Client(config)) : undefined,
      hangUp: sockets.destroy,
      url: address.url,
      ...options,
    });
  },
});

interface PostgresOptions extends OpenOptions {
  /** Owned by the storage from now on. */
  readonly pool: Pool;
  /** Opens the connection that hears of news; without it the revision is asked for now and then. */
  readonly openListener: (() => Promise<Client>) | undefined;
  /** Ends all connections at once, whatever they wait for. */
  readonly hangUp: () => void;
  /** Without a password. */
  readonly url: string;
}

/**
 * Storage on a PostgreSQL server.
 *
 * Every operation is one statement, see `postgres/connection.ts`; the rules are kept by functions in the schema `orion`
 * of the database, which take the lock of one history, see `postgres/schema.ts`.
 *
 * @throws {StorageError} when the server cannot be used, or its schema is of another version.
 */
async function openPostgres({ pool, openListener, hangUp, url, upgrade = false }: PostgresOptions): Promise<Storage> {
  // A connection broke: the pool drops one that is idle, and one that is at work says so to its caller.
  pool.on("error", () => {}).on("connect", (client) => client.on("error", () => {}));
  const db = connect(pool, url);
  const news = openNews({ db, openListener });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= inTime(news.close().then(() => db.close())).then(hangUp);
    return closing;
  };
  try {
    await prepareSchema(db, upgrade);
  } catch (error) {
    await close();
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
    waitForNews: news.waitForNews,
    checks: selfChecks(db),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A server that answers has said goodbye by then; who waited for one that does not has waited before. */
const goodbyeMs = 1000;

function inTime(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, goodbyeMs);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/**
 * The sockets of all connections. What a network swallows is sent again and again, for a quarter of an hour, goodbyes too;
 * until then a process would not end.
 */
function trackSockets(): { open(): Socket; destroy(): void } {
  const sockets = new Set<Socket>();
  return {
    open() {
      const socket = new Socket();
      sockets.add(socket.once("close", () => sockets.delete(socket)));
      return socket;
    },
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

type Driver = typeof import("pg")["default"];

async function loadDriver(): Promise<Driver> {
  try {
    return (await import("pg")).default;
  } catch (cause) {
    throw new StorageError(
      "PostgreSQL needs the package pg, which is not installed.",
      "Install it beside orion-hpo: `npm install pg@8`, with -g if orion was installed so.",
      { cause },
    );
  }
}

/** int8 comes as text from the driver, since not each one is a number of JavaScript. All of ours are. */
const int8 = 20;

/** What the driver wants to know. Where `sslmode=prefer` finds no TLS, it goes on without. */
async function configure(driver: Driver, address: Address, passwordFile: string): Promise<ClientConfig> {
  const { host, port, user, password, database, tls, isTlsOptional, applicationName, connectTimeoutMs } = address;
  const getTypeParser = ((oid: number, format: "text") =>
    oid === int8 ? Number : driver.types.getTypeParser(oid, format)) as typeof driver.types.getTypeParser;
  const config: ClientConfig = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ssl: tls,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: 120_000, // a server that is frozen, or a network that swallows everything
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser },
  };
  // The driver knows what the variables say that libpq has for each of them, but not who runs us where USER is not set.
  if (!new driver.Client(config).user) config.user = systemUser();
  const login = new driver.Client(config);
  if (login.password == null) {
    const { host, port, user = "", database = user } = login;
    const found = findPassword(passwordFile, { host, port, user, database });
    if (found !== undefined) config.password = found;
  }
  if (!isTlsOptional) return config;
  try {
    await (await connected(new driver.Client(config))).end();
    return config;
  } catch (error) {
    if (!/does not support SSL/.test((error as Error).message)) throw translate(error, address.url);
    return { ...config, ssl: false };
  }
}

/** As libpq has it. A user id without a name, as in many containers, leaves it to the server to refuse us. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

async function connected(client: Client): Promise<Client> {
  client.on("error", () => {}); // told by the promise, or by "end"
  await client.connect();
  return client;
}

import { setTimeout as pause } from "node:timers/promises";
import { type CuttingProxy, openCuttingProxy } from "../storage/cutting-proxy.js";
import { type PostgresServer, startPostgres } from "../storage/postgres-server.js";
import type { Fault } from "./faults.js";
import { missingNetwork, openTwoHosts, type TwoHosts } from "./network.js";

/** A PostgreSQL server of its own, and a way to it that can be cut. */
export interface Post extends AsyncDisposable {
  /** Of a new database, by way of the proxy. */
  createDatabase(): Promise<string>;
  readonly faults: Readonly<Record<string, Fault>>;
}

export async function openPost(): Promise<Post> {
  const server = await startPostgres({ isDurable: true });
  const proxy = await openCuttingProxy(server.port);
  return {
    createDatabase: async () => (await server.createDatabase()).replace(`:${server.port}/`, `:${proxy.port}/`),
    faults: serverFaults(server, proxy),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A PostgreSQL server on one machine, workers on another, as it were, and a cable between them. */
export interface FarPost extends Post {
  readonly hosts: TwoHosts;
  /** The same database, as the workers reach it. */
  addressForWorkers(url: string): string;
}

/** Only where `missingNetwork` names no reason against it. */
export async function openFarPost(): Promise<FarPost> {
  if (missingNetwork !== undefined) throw new Error(missingNetwork);
  const hosts = await openTwoHosts();
  const server = await startPostgres({ isDurable: true, host: hosts.server });
  return {
    hosts,
    createDatabase: server.createDatabase,
    addressForWorkers: (url) => url.replace("127.0.0.1", hosts.server.address).replace(/\?host=.*/, ""),
    faults: {
      /** For longer than the lease of one second. Waiting on both sides is up to TCP: nobody says that anything is wrong. */
      "cable out": async ({ rng }) => {
        hosts.cut(rng.below(2) === 0 ? "server" : "workers");
        await pause(1200 + rng.below(3000));
        hosts.mend();
      },
    },
    async [Symbol.asyncDispose]() {
      hosts.mend();
      await server[Symbol.asyncDispose]();
      await hosts[Symbol.asyncDispose]();
    },
  };
}

/** What can happen to a database that is a server. */
function serverFaults(server: PostgresServer, proxy: CuttingProxy): Readonly<Record<string, Fault>> {
  return {
    "answers cut": async ({ rng }) => {
      for (let cuts = 1 + rng.below(10); cuts > 0; cuts--) {
        proxy.cutNextAnswer(["", "COMMIT", "SELECT 1"][rng.below(3)]);
        await pause(rng.below(60));
      }
    },
    "network away": async ({ rng }) => {
      proxy.break();
      await pause(200 + rng.below(1500));
      proxy.mend();
    },
    "server restarted": async () => {
      await server.stop("fast");
      await server.start();
    },
    "server crashed": async ({ rng }) => {
      await server.stop("immediate");
      await pause(rng.below(1000));
      await server.start();
    },
    "postmaster killed": async () => {
      server.kill();
      await startAgain(server);
    },
    "server frozen": async ({ rng }) => {
      const thaw = server.freeze();
      await pause(200 + rng.below(1500));
      thaw();
    },
  };
}

/** The memory of the dead one is in use until the last of its processes has noticed. */
async function startAgain(server: PostgresServer): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await server.start();
    } catch (error) {
      if (tries === 20) throw error;
      await pause(250);
    }
  }
}

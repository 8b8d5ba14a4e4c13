import { setTimeout as pause } from "node:timers/promises";
import { type CuttingProxy, openCuttingProxy } from "../storage/cutting-proxy.js";
import { type PostgresServer, startPostgres } from "../storage/postgres-server.js";
import type { Fault } from "./faults.js";

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

/** What can happen to a database that is a server. */
function serverFaults(server: PostgresServer, proxy: CuttingProxy): Readonly<Record<string, Fault>> {
  return {
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

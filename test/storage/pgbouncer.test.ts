import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/registry.js";
import { until } from "../orion.js";
import {
  freePort,
  missingServer,
  type PostgresServer,
  serverPassword,
  startPostgres,
  unprivileged,
} from "./postgres-server.js";

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));
const missing = missingServer ?? (program === undefined ? "pgbouncer is not installed" : undefined);

/** Connections that the pooler may have to the server. */
const poolSize = 3;

describe.skipIf(missing !== undefined)(`behind pgbouncer, which lends transactions (${missing ?? program})`, () => {
  let server: PostgresServer;
  let url: string;
  let pooled: string;
  let pooler: ReturnType<typeof spawn>;

  beforeAll(async () => {
    server = await startPostgres();
    url = await server.createDatabase();
    const port = await freePort();
    const folder = join(server.folder, "bouncer");
    mkdirSync(folder);
    writeFileSync(join(folder, "users"), `"ada" "${serverPassword}"\n`);
    writeFileSync(
      join(folder, "pgbouncer.ini"),
      `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, "users")}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
`,
    );
    const user = unprivileged();
    if (user.uid !== undefined) for (const path of ["", "users"]) chownSync(join(folder, path), user.uid, user.gid);
    pooler = spawn(program!, ["-q", join(folder, "pgbouncer.ini")], { ...user, stdio: "ignore" });
    pooled = url.replace(`:${server.port}/`, `:${port}/`);
    await until(() => accepts(port));
  });
  afterAll(async () => {
    pooler?.kill("SIGKILL");
    await server?.[Symbol.asyncDispose]();
  });

  const connections = () =>
    server.query(
      url,
      "select from pg_stat_activity where application_name = 'orion' and backend_type = 'client backend'",
    );

  it("many more workers than connections complete exactly the budget, and wake each other", async () => {
    const storages = await Promise.all(Array.from({ length: 40 }, () => openStorage(`${pooled}?pool=1`)));
    const [first] = storages as [(typeof storages)[0]];
    const { id } = await first.createExperiment({
      name: "many",
      definition: {
        space: { "/x": "uniform(0, 1)" },
        algorithm: { name: "random", options: {} },
        seed: "1",
        direction: "minimize",
        metadata: { user: "", datetime: "", orionVersion: "", userArgs: [] },
      },
      maxTrials: 100,
      maxBroken: 3,
      workingDir: "",
    });
    const suggest = (number: number) => ({
      id: String(number).padStart(32, "0"),
      params: { "/x": number },
      workingDir: "",
      basisRevision: 0,
      attempt: 0,
    });
    const finished: number[] = [];
    let most = 0;
    await Promise.all(
      storages.map(async (storage, index) => {
        for (;;) {
          const got = await storage.reserveTrial(id, { worker: `w${index}`, leaseMs: 60_000, suggest });
          if (got.kind === "done" || got.kind === "broken") return;
          if (got.kind === "busy") {
            await storage.waitForNews(id, { since: got.revision, timeoutMs: 60_000 });
            continue;
          }
          const lease = got.kind === "trial" ? got.trial : got.slot;
          if (got.kind === "slot") await storage.fillSlot(got.slot, suggest(got.slot.number));
          if (index === 0) most = Math.max(most, (await connections()).length);
          await storage.finishTrial(lease, [{ name: "o", type: "objective", value: lease.number }]);
          finished.push(lease.number);
        }
      }),
    );
    expect(finished.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(most).toBeLessThanOrEqual(poolSize);
    for (const storage of storages) await storage.close();
  });

  it("a waiting worker asks by itself, since nothing can be heard there", async () => {
    await using storage = await openStorage(pooled);
    await using direct = await openStorage(url);
    const { id } = (await direct.getExperiment("many"))!;
    const since = await direct.readRevision(id);
    const told = storage.waitForNews(id, { since, timeoutMs: 60_000 });
    await direct.setStatus(id, {}, "interrupted");
    await told;
    expect(await server.query(url, "select from pg_locks where locktype = 'advisory' and mode = 'ShareLock'")).toEqual(
      [],
    );
  });
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== undefined));
    socket.on("error", () => resolve(false));
  });
}

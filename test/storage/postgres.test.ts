import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { schemaVersion } from "../../src/storage/postgres/schema.js";
import type { StoredRecord } from "../../src/storage/records.js";
import { openStorage } from "../../src/storage/registry.js";
import type { Storage } from "../../src/storage/storage.js";
import { openDump } from "../../src/transfer/read-dump.js";
import { writeDump } from "../../src/transfer/write-dump.js";
import { sketch } from "../cli/fake-terminal.js";
import { until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";
import { postgresContract } from "./postgres-contract.js";
import { missingServer, type PostgresServer, serverPassword, startPostgres } from "./postgres-server.js";

describe.skipIf(missingServer !== undefined)(`PostgreSQL (${missingServer ?? "the system's"})`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  postgresContract("postgres", () => server);

  describe("the schema", () => {
    it("is made once by thirty-two openings at once, beside the tables of others", async () => {
      const url = await server.createDatabase();
      await server.query(url, "create table songs (title text); create table trials (mine text)");
      const storages = await Promise.all(Array.from({ length: 32 }, () => openStorage(`${url}?pool=1`)));
      for (const storage of storages) expect(await storage.listExperiments()).toEqual([]);
      for (const storage of storages) await storage.close();
      expect(await server.query(url, "select * from orion.schema_version")).toHaveLength(1);
    });

    it("of an older version is refused with the command that mends it, and upgraded when that is asked for", async () => {
      const url = await server.createDatabase();
      await server.query(
        url,
        "create schema orion; create table orion.schema_version (version integer); insert into orion.schema_version values (0)",
      );
      await expect(openStorage(url)).rejects.toMatchObject({ remedy: expect.stringContaining("orion db upgrade") });
      const upgraded = await Promise.all(Array.from({ length: 4 }, () => openStorage(url, { upgrade: true })));
      for (const storage of upgraded) await storage.close();
      await (await openStorage(url)).close();
    });

    it("has new functions after an upgrade, and keeps what was stored", async () => {
      const url = await server.createDatabase();
      await using before = await openStorage(url);
      await before.createExperiment(sketch("exp"));
      await server.query(
        url,
        `create or replace function orion.now_ms() returns bigint language sql as 'select 0::bigint';
         update orion.schema_version set version = ${schemaVersion - 1}`,
      );
      await using after = await openStorage(url, { upgrade: true });
      expect(await after.listExperiments()).toHaveLength(1);
      const [clock] = await server.query<{ now: string }>(url, "select orion.now_ms() as now");
      expect(Number(clock!.now)).toBeGreaterThan(0);
    });

    it.each([
      ["a table", "create table orion.experiments (mine text)", "select * from orion.experiments"],
      ["a function", "create function orion.mine() returns int language sql return 1", "select orion.mine()"],
    ])("is refused, and left alone, when it is of another program, with %s", async (_, made, question) => {
      const url = await server.createDatabase();
      await server.query(url, `create schema orion; ${made}`);
      await expect(openStorage(url)).rejects.toMatchObject({
        code: "STORAGE",
        message: expect.stringMatching(/schema "orion" with tables or functions of another program/),
        remedy: expect.stringContaining("another database"),
      });
      await expect(server.query(url, question)).resolves.toBeDefined();
    });

    it("may have been made for it, if it is empty", async () => {
      const url = await server.createDatabase();
      await server.query(url, "create schema orion");
      await (await openStorage(url)).close();
    });

    it("of a newer version is refused", async () => {
      const url = await server.createDatabase();
      await (await openStorage(url)).close();
      await server.query(url, "update orion.schema_version set version = 999");
      await expect(openStorage(url)).rejects.toThrow(/newer version/);
    });
  });

  it("the end of a trial and the next one are one commit when they are asked for in the same turn", async () => {
    const url = await server.createDatabase();
    await using storage = await openStorage(url);
    const { id } = await storage.createExperiment(sketch("exp"));
    const claim = { worker: "w", leaseMs: 60_000 };
    const suggested = { params: {}, workingDir: "", basisRevision: 0, attempt: 0 };
    const suggest = (number: number) => ({ ...suggested, id: `${number}` });
    const results = (value: number) => [{ name: "o", type: "objective" as const, value }];
    const take = async () => {
      const got = await storage.reserveTrial(id, { ...claim, suggest });
      if (got.kind !== "trial") throw new Error(got.kind);
      return got.trial;
    };
    const first = await take();
    const [fate, second] = await Promise.all([storage.finishTrial(first, results(1)), take()]);
    expect(fate).toBe("completed");
    expect(second.number).toBe(2);
    const [, third] = await Promise.all([storage.finishTrial(second, results(2)), take()]);
    // What stands between them keeps its place.
    await Promise.all([
      storage.finishTrial(third, results(3)),
      storage.changeExperiment(id, { maxTrials: 3 }),
      expect(storage.reserveTrial(id, { ...claim, suggest })).resolves.toEqual({ kind: "done" }),
    ]);
    const rows = await server.query<{ finished: string; made: string }>(
      url,
      `select finished_revision as finished, created_revision as made, xmin::text from orion.trials order by number`,
    );
    expect(rows.map((row) => Number(row.made))).toEqual([2, 4, 6]);
    expect(rows.map((row) => Number(row.finished))).toEqual([3, 5, 7]);
    const log = await server.query(url, "select distinct xmin::text from orion.trials");
    expect(log).toHaveLength(3);
  });

  it("an error of either is told to its own caller", async () => {
    const url = await server.createDatabase();
    await using storage = await openStorage(url);
    const { id } = await storage.createExperiment(sketch("exp"));
    const claim = { worker: "w", leaseMs: 60_000 };
    const got = await storage.reserveTrial(id, claim);
    if (got.kind !== "slot") throw new Error(got.kind);
    const suggest = () => {
      throw new RangeError("no idea");
    };
    await storage.reserveTrial(id, { ...claim, suggest: () => undefined });
    const ending = () => storage.finishTrial(got.slot, [{ name: "o", type: "objective", value: 1 }]);
    const both = () => Promise.allSettled([ending(), storage.reserveTrial(id, { ...claim, suggest })]);
    expect(await both()).toMatchObject([{ value: "removed" }, { reason: { message: "no idea" } }]);
    await storage.removeExperiments([id]);
    expect(await Promise.allSettled([ending(), storage.reserveTrial(id, claim)])).toMatchObject([
      { value: "removed" },
      { reason: { code: "NOT_FOUND" } },
    ]);
  });

  it.each([
    ["lock_timeout", "was held up by another transaction"],
    ["statement_timeout", "cancelled the call"],
  ])("does not call the connection lost when the server ends a call by its %s", async (setting, what) => {
    const url = await server.createDatabase();
    await using before = await openStorage(url);
    const { id } = await before.createExperiment(sketch("exp"));
    const records: StoredRecord[] = [];
    await before.exportExperiments([id], (record) => void records.push(record));
    await server.query(url, `alter database ${new URL(url).pathname.slice(1)} set ${setting} = '500ms'`);
    await using storage = await openStorage(url);
    const holder = new pg.Client(url);
    await holder.connect();
    await holder.query("begin; select from orion.histories for update");
    const merged = storage.importExperiments(records, () => ({ kind: "merge", experimentId: id }));
    const message = expect.stringContaining(what);
    await expect(merged).rejects.toMatchObject({ code: "STORAGE", retryable: true, message });
    await holder.end();
  });

  it("a dump is the same file, to the byte, on the way to SQLite and back", async () => {
    const folder = temporaryFolder();
    const dumpOf = async (storage: Storage, name: string) => {
      const path = join(folder, name);
      const experimentIds = (await storage.listExperiments()).map((record) => record.id);
      await writeDump(storage, { path, experimentIds, isForced: false });
      return path;
    };
    const load = (storage: Storage, path: string) =>
      storage.importExperiments(openDump(path).records(), ({ version }) => ({ kind: "create", version }));
    await using first = await openStorage(await server.createDatabase());
    const { id } = await first.createExperiment(sketch("exp"));
    await first.createExperiment(sketch("exp", { version: 2, parent: { experimentId: id, adapters: [{ a: "\0" }] } }));
    const odd = { "/x": -0, "/kind": "é \u2028\0\ud800" };
    await first.insertTrials(id, [
      { id: "a", params: odd, workingDir: "/é", results: [{ name: "o", type: "objective", value: Number.NaN }] },
      { id: "b", params: { "/x": 2 ** 53 }, workingDir: "" },
    ]);
    const got = await first.reserveTrial(id, { worker: "w", leaseMs: 60_000 });
    if (got.kind !== "trial") throw new Error(got.kind);
    const reports = [0.1, 1e21, 1e-7].map((step) => ({ step, value: Number.NEGATIVE_INFINITY }));
    await first.addReports(got.trial, reports);
    await first.finishTrial({ ...got.trial, number: 1 }, [{ name: "o", type: "objective", value: 0.1 + 0.2 }]);
    await first.changeExperiment(id, { maxTrials: Number.POSITIVE_INFINITY });
    const dump = await dumpOf(first, "postgres.jsonl");

    await using file = await openStorage(`sqlite:${join(folder, "a.sqlite")}`);
    await load(file, dump);
    await using second = await openStorage(await server.createDatabase());
    await load(second, await dumpOf(file, "sqlite.jsonl"));
    await dumpOf(second, "again.jsonl");
    const texts = ["postgres", "sqlite", "again"].map((name) => readFileSync(join(folder, `${name}.jsonl`), "utf8"));
    expect(texts[0]!.split("\n").length).toBe(12);
    expect(texts[1]).toBe(texts[0]);
    expect(texts[2]).toBe(texts[0]);
  });

  it("no step of a worker walks through all trials of an experiment", async () => {
    const url = await server.createDatabase();
    const size = 3000;
    let id = 0;
    const visit = async (work: (storage: Storage) => Promise<void>) => {
      const storage = await openStorage(`${url}?pool=1`);
      await work(storage);
      await storage.close();
      // A session counts what it read until it ends.
      const sessions = "select from pg_stat_activity where application_name = 'orion' and datname = current_database()";
      await until(async () => (await server.query(url, sessions)).length === 0);
    };
    await visit(async (storage) => {
      const metadata = { user: "", datetime: "", orionVersion: "", userArgs: [] };
      const algorithm = { name: "random", options: {} };
      const definition = { space: {}, algorithm, seed: "", direction: "minimize" as const, metadata };
      id = (await storage.createExperiment({ name: "e", definition, maxTrials: 1e6, maxBroken: 9, workingDir: "" })).id;
      const results = [{ name: "o", type: "objective" as const, value: 1 }];
      const trial = (_: unknown, index: number) => ({ id: `${index}`, params: {}, workingDir: "", results });
      await storage.insertTrials(id, Array.from({ length: size }, trial));
    });
    await server.query(url, "select pg_stat_reset()");
    await visit(async (storage) => {
      const claim = { worker: "w", leaseMs: 60_000, goneWorkers: ["gone"] };
      const suggested = { params: {}, workingDir: "", basisRevision: 0, attempt: 0 };
      for (let turn = 0; turn < 10; turn++) {
        const got = await storage.reserveTrial(id, claim);
        if (got.kind !== "slot") throw new Error(got.kind);
        await storage.fillSlot(got.slot, { ...suggested, id: `new ${turn}`, claim: `${turn}` });
        await storage.renewLeases("w", [got.slot], 1000);
        await storage.addReports(got.slot, [{ step: 1, value: 1 }]);
        const again = await storage.reserveTrial(id, { ...claim, goneWorkers: ["w"] });
        if (again.kind !== "trial") throw new Error(again.kind);
        if (turn % 2 === 0) await storage.finishTrial(again.trial, [{ name: "o", type: "objective", value: 1 }]);
        else await storage.releaseTrial(again.trial, "broken", { reason: "r" });
        await storage.readChanges(id, await storage.readRevision(id));
        await storage.summarize(id);
        await storage.listOwners(id);
        await storage.getTrial(id, "7");
        await storage.getTrial(id, 7);
      }
    });
    const [read] = await server.query<{ walked: string; found: string }>(
      url,
      `select (select seq_tup_read from pg_stat_user_tables where schemaname = 'orion' and relname = 'trials') as walked,
              (select sum(idx_tup_read) from pg_stat_user_indexes where schemaname = 'orion' and relname = 'trials') as found`,
    );
    expect(Number(read!.found)).toBeGreaterThan(50);
    expect(Number(read!.walked) + Number(read!.found)).toBeLessThan(size);
  });

  describe("an error", () => {
    const errorOf = (url: string) =>
      openStorage(url).then(
        () => undefined,
        (error: Error & { remedy: string; retryable: boolean }) => error,
      );

    it("says what is wrong with an address, and how to mend it", async () => {
      const url = await server.createDatabase();
      expect(await errorOf(url.replace(/\w+$/, "absent"))).toMatchObject({
        message: expect.stringMatching(/absent does not exist/),
        remedy: expect.stringContaining("createdb"),
      });
      expect(await errorOf(url.replace(serverPassword, "wrong"))).toMatchObject({
        message: expect.stringMatching(/password/),
        retryable: false,
      });
      expect(await errorOf(url.replace(`:${serverPassword}`, ""))).toMatchObject({
        message: expect.stringMatching(/none was given/),
        remedy: expect.stringContaining(".pgpass"),
      });
      expect(await errorOf(url.replace(/:\d+\//, ":1/"))).toMatchObject({
        message: expect.stringMatching(/nothing listens/),
        retryable: true,
      });
      expect(await errorOf(`${url}?sslmode=require`)).toMatchObject({ message: expect.stringMatching(/no TLS/) });
      expect(await errorOf(`${url}?sslmod=require`)).toMatchObject({ remedy: expect.stringContaining("sslmode") });
      expect(await errorOf(`${url}?pool=many`)).toMatchObject({ message: expect.stringMatching(/whole number/) });
      expect(await errorOf("postgresql://ada:s%zz@h:1/d")).toMatchObject({
        message: expect.not.stringContaining("zz"),
      });
    });

    it.each([
      "p@s3/cr3t", // found in the name of the database
      "12/cr3t",
      "12?cr3t", // … of a parameter
      "12#cr3t",
    ])("shows nothing of a password whose signs are not encoded: %s", async (password) => {
      const error = (await errorOf(`postgresql://ada:${password}@127.0.0.1:1/d`))!;
      expect(error.remedy).toContain("%23 for #");
      expect(error.message + error.remedy).not.toMatch(/cr3t|s3/);
    });

    it("says which permission is missing", async () => {
      const url = await server.createDatabase();
      const name = url.replace(/.*\//, "");
      await server.query(url, `create role guest_${name} login password '${serverPassword}'`);
      const error = await errorOf(url.replace("//ada:", `//guest_${name}:`));
      expect(error).toMatchObject({ remedy: expect.stringContaining("GRANT CREATE ON DATABASE"), retryable: false });
    });

    it("never shows the password, nor does the address", async () => {
      const url = await server.createDatabase();
      await using storage = await openStorage(url);
      expect(storage.url).toBe(url.replace(`:${serverPassword}`, ""));
      const words = [storage.url];
      for (const wrong of [url.replace(/\w+$/, "absent"), url.replace(/:\d+\//, ":1/"), `${url}?x=1`]) {
        const error = (await errorOf(wrong))!;
        words.push(error.message, error.remedy, String(error.cause), JSON.stringify(error));
      }
      expect(words.join("\n")).not.toContain(serverPassword);
    });
  });

  it("takes the system's name for the user where neither the address nor a variable has one", async () => {
    const name = userInfo().username;
    const url = await server.createDatabase();
    await server.query(url, `create role "${name}" superuser login password '${serverPassword}'`);
    const nameInEnvironment = pg.defaults.user;
    pg.defaults.user = undefined; // as where USER is not set: in jobs of cron, in containers
    vi.stubEnv("PGUSER", undefined);
    try {
      await using storage = await openStorage(`${url.replace(/ada:.*@/, "")}?password=${serverPassword}`);
      expect(await storage.listExperiments()).toEqual([]);
    } finally {
      pg.defaults.user = nameInEnvironment;
      vi.unstubAllEnvs();
    }
  });

  describe("the password", () => {
    afterEach(() => vi.unstubAllEnvs());

    it("comes from PGPASSWORD, or from the file of passwords", async () => {
      const url = (await server.createDatabase()).replace(`:${serverPassword}`, "");
      vi.stubEnv("PGPASSWORD", serverPassword);
      await (await openStorage(url)).close();
      vi.stubEnv("PGPASSWORD", undefined);
      const passwordFile = join(temporaryFolder(), "passwords");
      const lines = ["# ours", "other:*:*:ada:wrong", `127.0.0.1:${server.port}:*:ada:${serverPassword}`, "*:*:*:*:no"];
      writeFileSync(passwordFile, lines.join("\n"));
      chmodSync(passwordFile, 0o600);
      await (await openStorage(url, { passwordFile })).close();
      chmodSync(passwordFile, 0o644);
      await expect(openStorage(url, { passwordFile })).rejects.toThrow(/read by others/);
    });
  });

  it("encrypts, and checks the server's certificate where that is asked for", async () => {
    const data = join(server.folder, "data");
    const file = (name: string) => join(data, name);
    execFileSync(
      "openssl",
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost
       -keyout ${file("server.key")} -out ${file("server.crt")}`.split(/\s+/),
      { stdio: "ignore" },
    );
    server.give(file("server.key"));
    chmodSync(file("server.key"), 0o600);
    const url = await server.createDatabase();
    await server.query(url, "alter system set ssl = on");
    await server.query(url, "select pg_reload_conf()");
    const usesTls = async (address: string) => {
      await using storage = await openStorage(address);
      await storage.listExperiments();
      // The newest session: those of storages that were closed before may not have ended yet.
      const [row] = await server.query<{ ssl: boolean }>(
        url,
        `select ssl from pg_stat_ssl join pg_stat_activity using (pid)
          where application_name = 'orion' and datname = current_database() order by backend_start desc limit 1`,
      );
      return row!.ssl;
    };
    const named = url.replace("127.0.0.1", "localhost");
    await vi.waitFor(() => usesTls(`${url}?sslmode=require`), { timeout: 30_000 }); // until it has read its settings
    expect(await usesTls(`${url}?sslmode=prefer`)).toBe(true);
    expect(await usesTls(url)).toBe(false);
    expect(await usesTls(`${named}?sslmode=verify-full&sslrootcert=${file("server.crt")}`)).toBe(true);
    expect(await usesTls(`${url}?sslmode=verify-ca&sslrootcert=${file("server.crt")}`)).toBe(true);
    for (const wrong of [
      `${named}?sslmode=verify-full`,
      `${url}?sslmode=verify-full&sslrootcert=${file("server.crt")}`,
    ]) {
      await expect(openStorage(wrong)).rejects.toThrow(/certificate that cannot be trusted/);
    }
  });
});

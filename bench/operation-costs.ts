import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStorage } from "../src/storage/registry.js";
import type { LeaseKey, Storage } from "../src/storage/storage.js";
import type { PostgresServer } from "../test/storage/postgres-server.js";

/** What one call costs, in milliseconds; linear in `per`, where it reads rows. */
export interface Cost {
  /** From the call to its answer, with nobody else there: of many, one that a tenth is faster than. */
  readonly latencyMs: number;
  /** Processor time of all processes of the server. */
  readonly serverMs: number;
  readonly clientMs: number;
}

/** A cost that grows with a number of rows. */
export interface GrowingCost {
  readonly base: Cost;
  readonly perRow: Cost;
}

/** What the operations of a worker cost on PostgreSQL. */
export interface OperationCosts {
  /** The cheapest question there is: what any statement costs before it does anything. */
  readonly ask: Cost;
  /** A new connection, its first statement included. */
  readonly connect: Cost;
  /** A trial whose parameters follow from its number. */
  readonly reserveTrial: Cost;
  /** A number, and later the parameters for it. */
  readonly reserveSlot: Cost;
  readonly fillSlot: Cost;
  readonly finishTrial: Cost;
  /** The end of a trial and the next one in one statement. */
  readonly finishAndReserve: Cost;
  /** Asking for a trial when all are taken. */
  readonly busy: Cost;
  /** Per live lease of the experiment. */
  readonly renewLeases: GrowingCost;
  /** Per live lease of the experiment. */
  readonly listOwners: GrowingCost;
  /** Per trial that changed. */
  readonly readChanges: GrowingCost;
}

/** What a call costs that reads so many rows. */
export function at({ base, perRow }: GrowingCost, rows: number): Cost {
  const sum = (what: keyof Cost) => base[what] + rows * perRow[what];
  return { latencyMs: sum("latencyMs"), serverMs: sum("serverMs"), clientMs: sum("clientMs") };
}

/** What a change waits for besides processors: that its commit is on the disk. */
export function diskMs(cost: Cost, ask: Cost): number {
  const computing = cost.serverMs - ask.serverMs + cost.clientMs - ask.clientMs;
  return Math.max(0, cost.latencyMs - ask.latencyMs - computing);
}

/** For how long a change holds the lock of its history, which is how long the others wait. */
export function lockMs(cost: Cost, ask: Cost): number {
  return Math.max(0, cost.serverMs - ask.serverMs);
}

interface Bench {
  readonly server: PostgresServer;
  readonly url: string;
  readonly storage: Storage;
  readonly experimentId: number;
  readonly turns: number;
}

const worker =
  "node17.cluster.example.org:123456:7654321:0b8f8b7e-3c52-4b6e-9df3-0d2f4c4b1f7a:4026531836:00112233aabbccdd";

/** Measure them one by one, on a server that does nothing else. */
export async function measureCosts(server: PostgresServer, turns: number): Promise<OperationCosts> {
  const url = await server.createDatabase();
  await using storage = await openStorage(url);
  const { id } = await storage.createExperiment({
    name: "costs",
    definition: {
      space: { "/x": "uniform(0, 1)", "/y": "loguniform(1e-05, 1)" },
      algorithm: { name: "random", options: {} },
      seed: "1",
      direction: "minimize",
      metadata: { user: "", datetime: "", orionVersion: "", userArgs: [] },
    },
    maxTrials: 1e9,
    maxBroken: 1,
    workingDir: "",
  });
  const bench: Bench = { server, url, storage, experimentId: id, turns };
  for (let warm = 0; warm < 200; warm++) await one(bench);
  const ask = await measure(bench, () => storage.readRevision(id));
  const steps = await measureSteps(bench);
  const connect = await measureConnect(bench);
  const busy = await measureBusy(bench);
  const sizes = [100, 5000] as const;
  const [few, many] = [await measureCrowd(bench, sizes[0]), await measureCrowd(bench, sizes[1])];
  const growing = (what: keyof CrowdCosts): GrowingCost => grow(sizes, few[what], many[what]);
  return {
    ask,
    connect,
    ...steps,
    busy,
    renewLeases: growing("renew"),
    listOwners: growing("owners"),
    readChanges: growing("news"),
  };
}

/**
 * `turns` calls one after the other, in small groups. What counts is the latency that a tenth of the calls, and the
 * processor time that a quarter of the groups stay below: the machine's other work, and how it empties the caches, makes
 * the rest slower.
 */
async function measure(
  { server, turns }: Pick<Bench, "server" | "turns">,
  call: (turn: number) => Promise<unknown>,
): Promise<Cost> {
  const [times, served, own]: [number[], number[], number[]] = [[], [], []];
  for (let turn = 0; turn < turns; ) {
    const before = { server: server.cpuMs(), client: process.cpuUsage() };
    for (const end = turn + groupSize; turn < end; turn++) {
      const began = performance.now();
      await call(turn);
      times.push(performance.now() - began);
    }
    const { user, system } = process.cpuUsage(before.client);
    own.push((user + system) / 1000 / groupSize);
    served.push((server.cpuMs() - before.server) / groupSize);
  }
  return { latencyMs: quantile(times, 0.1), serverMs: quantile(served, 0.25), clientMs: quantile(own, 0.25) };
}

const groupSize = 10;

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!;
}

const suggest = (number: number) => ({
  id: String(number).padStart(32, "0"),
  params: { "/x": number / 1e9, "/y": 1 / number },
  workingDir: "",
  basisRevision: 0,
  attempt: 0,
});
const results = [{ name: "loss", type: "objective" as const, value: 0.123456789 }];

async function one({ storage, experimentId }: Bench): Promise<void> {
  await storage.finishTrial(await reserve({ storage, experimentId }), results);
}

async function reserve({ storage, experimentId }: Pick<Bench, "storage" | "experimentId">): Promise<LeaseKey> {
  const got = await storage.reserveTrial(experimentId, { worker, leaseMs: 3_600_000, suggest });
  if (got.kind === "trial") return got.trial;
  if (got.kind !== "slot") throw new Error(got.kind);
  await storage.fillSlot(got.slot, suggest(got.slot.number));
  return got.slot;
}

type Steps = Pick<OperationCosts, "reserveTrial" | "reserveSlot" | "fillSlot" | "finishTrial" | "finishAndReserve">;

async function measureSteps(bench: Bench): Promise<Steps> {
  const { storage, experimentId } = bench;
  const trials: LeaseKey[] = [];
  const reserveTrial = await measure(bench, async () => trials.push(await reserve(bench)));
  const finishTrial = await measure(bench, () => storage.finishTrial(trials.pop()!, results));
  const slots: (LeaseKey & { worker: string })[] = [];
  const reserveSlot = await measure(bench, async () => {
    const got = await storage.reserveTrial(experimentId, { worker, leaseMs: 3_600_000 });
    if (got.kind === "slot") slots.push(got.slot);
  });
  const fillSlot = await measure(bench, (turn) => storage.fillSlot(slots[turn]!, suggest(slots[turn]!.number)));
  for (const slot of slots) await storage.finishTrial(slot, results);
  let held = await reserve(bench);
  const finishAndReserve = await measure(bench, async () => {
    const finished = storage.finishTrial(held, results);
    [held] = await Promise.all([reserve(bench), finished]);
  });
  await storage.finishTrial(held, results);
  return { reserveTrial, reserveSlot, fillSlot, finishTrial, finishAndReserve };
}

/** Sessions that have ended are counted with the time of the server's first process. */
async function measureConnect(bench: Bench): Promise<Cost> {
  const { server, url, experimentId } = bench;
  const before = reapedMs(server);
  const cost = await measure({ ...bench, turns: 40 }, async () => {
    await using storage = await openStorage(url); // opening asks for the version of the tables
    await storage.readRevision(experimentId);
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { ...cost, serverMs: (reapedMs(server) - before) / 40 };
}

function reapedMs({ folder }: PostgresServer): number {
  const pid = readFileSync(join(folder, "data/postmaster.pid"), "utf8").split("\n")[0];
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return 10 * [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
}

async function measureBusy(bench: Bench): Promise<Cost> {
  const { storage, experimentId } = bench;
  return measure(bench, () => storage.reserveTrial(experimentId, { worker, leaseMs: 1000, maxTrials: 1 }));
}

interface CrowdCosts {
  readonly renew: Cost;
  readonly owners: Cost;
  readonly news: Cost;
}

/** With so many live leases, and so many trials that changed since somebody looked. */
async function measureCrowd(bench: Bench, size: number): Promise<CrowdCosts> {
  const { server, url, storage, experimentId, turns } = bench;
  // Rows as many workers leave them, written by one statement.
  await server.query(
    url,
    `insert into orion.trials (experiment, number, id, status, params, owner, epoch, reservation, lease_until,
                               submit_time, start_time, created_revision, filled_revision, changed_revision)
     select ${experimentId}, n, md5(n::text), 'reserved', '{"/x": 0.12345678901234568, "/y": 0.0012345678901234567}',
            replace('${worker}', '123456', n::text), 1, gen_random_uuid(), orion.now_ms() + 3600000,
            orion.now_ms(), orion.now_ms(), h.revision + n, h.revision + n, h.revision + n
       from orion.histories h, generate_series(1000001, 1000000 + ${size}) as n where experiment = ${experimentId};
     update orion.histories set revision = revision + 2000000 where experiment = ${experimentId};
     analyze orion.trials`,
  );
  const revision = await storage.readRevision(experimentId);
  const few = { ...bench, turns: Math.max(40, Math.round(turns / 10)) };
  const costs = {
    renew: await measure(few, (turn) => {
      const number = 1_000_001 + turn;
      const lease = { experimentId, number, epoch: 1 };
      return storage.renewLeases(worker.replace("123456", String(number)), [lease], 3_600_000);
    }),
    owners: await measure(few, () => storage.listOwners(experimentId)),
    news: await measure(few, () => storage.readChanges(experimentId, revision - 2_000_000)),
  };
  await server.query(url, `delete from orion.trials where experiment = ${experimentId} and number > 1000000`);
  await server.query(url, "vacuum orion.trials");
  return costs;
}

function grow([few, many]: readonly [number, number], atFew: Cost, atMany: Cost): GrowingCost {
  const slope = (what: keyof Cost) => Math.max(0, (atMany[what] - atFew[what]) / (many - few));
  const perRow = { latencyMs: slope("latencyMs"), serverMs: slope("serverMs"), clientMs: slope("clientMs") };
  const left = (what: keyof Cost) => Math.max(0, atFew[what] - few * perRow[what]);
  return { perRow, base: { latencyMs: left("latencyMs"), serverMs: left("serverMs"), clientMs: left("clientMs") } };
}

import type { Pool } from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connect } from "../../src/storage/postgres/connection.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that is there, or not. */
function openServer() {
  const server = { isAway: false, attempts: 0 };
  const pool = {
    connect: async () => {
      server.attempts++;
      if (server.isAway) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
      return { query: async () => ({ rows: [{ n: 1 }] }), release: () => {} };
    },
  } as unknown as Pool;
  return { server, connection: connect(pool, "postgresql://host/d") };
}

const settled = (calls: readonly Promise<unknown>[]) => {
  const kinds = calls.map(() => "waits");
  for (const [index, call] of calls.entries()) {
    call.then(
      () => (kinds[index] = "done"),
      () => (kinds[index] = "failed"),
    );
  }
  return kinds;
};

it("is patient with an outage once, and not with each call that stands in line behind the first", async () => {
  const { server, connection } = openServer();
  await connection.rows("select 1");
  server.isAway = true;
  const changes = Array.from({ length: 20 }, () => connection.change("report()", []));
  const kinds = settled(changes);
  await vi.advanceTimersByTimeAsync(2000);
  expect(kinds).toEqual(Array(20).fill("waits"));
  await vi.advanceTimersByTimeAsync(3000);
  expect(kinds).toEqual(Array(20).fill("failed"));
});

it("is patient again with the next outage", async () => {
  const { server, connection } = openServer();
  await connection.rows("select 1");
  for (let outage = 0; outage < 2; outage++) {
    server.isAway = true;
    const kinds = settled([connection.change("report()", [])]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(kinds).toEqual(["failed"]);
    server.isAway = false;
    expect(await connection.change("report()", [])).toHaveLength(1);

    server.isAway = true;
    const saved = connection.change("finish()", []);
    await vi.advanceTimersByTimeAsync(1000);
    server.isAway = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await saved).toHaveLength(1);
  }
});

it("is patient with an outage that follows one of long ago without a call in between", async () => {
  const { server, connection } = openServer();
  await connection.rows("select 1");
  server.isAway = true;
  const kinds = settled([connection.change("report()", [])]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(kinds).toEqual(["failed"]);
  const saved = connection.change("finish()", []);
  await vi.advanceTimersByTimeAsync(1000);
  server.isAway = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(await saved).toHaveLength(1);
});

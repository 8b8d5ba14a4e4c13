import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkExperiment } from "../../src/check/check-experiment.js";
import { readStoredHistory } from "../../src/check/stored-history.js";
import { openExperiment } from "../../src/experiment/experiment.js";
import type { Database, Statement } from "../../src/storage/sqlite/connection.js";
import { openDatabase, openSqlite } from "../../src/storage/sqlite.js";
import { sketch } from "../cli/fake-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

class Crash extends Error {}

/** A database whose process dies in the place of one statement: nothing that comes after it is done, not even a rollback. */
function dying(database: Database, atStatement: number): { database: Database; count: () => number } {
  let count = 0;
  const step = () => {
    if (++count >= atStatement) throw new Crash();
  };
  const wrap = (statement: Statement): Statement => {
    const before =
      <Method extends "run" | "get" | "all">(method: Method) =>
      (...values: Parameters<Statement["run"]>) => {
        step();
        return statement[method](...values) as ReturnType<Statement[Method]>;
      };
    return { run: before("run"), get: before("get"), all: before("all") };
  };
  return {
    count: () => count,
    database: {
      exec: (sql) => {
        step();
        database.exec(sql);
      },
      prepare: (sql) => wrap(database.prepare(sql)),
      close: () => {},
    },
  };
}

/** One worker's life: it creates, reserves, renews, reports, gives up, breaks, finishes, and changes the limit. */
async function live(database: Database, url: string): Promise<void> {
  await using storage = await openSqlite({ database, url });
  const experiments = await storage.listExperiments();
  const record = experiments[0] ?? (await storage.createExperiment(sketch("e", { maxTrials: 2, maxBroken: 99 })));
  const experiment = await openExperiment(storage, record);
  const claim = { worker: "w", leaseMs: 60_000, goneWorkers: ["w"] }; // whatever an earlier life held is lost
  for (let turn = 0; turn < 100; turn++) {
    const next = await experiment.nextTrial(claim);
    if (next.kind === "done") break;
    if (next.kind !== "trial") continue;
    const { trial } = next;
    await storage.addReports(trial, [{ step: 1, value: turn }]);
    await storage.renewLeases("w", [trial], 60_000);
    if (turn === 0) await storage.releaseTrial(trial, "broken", { reason: "r" });
    else if (turn === 1) await storage.releaseTrial(trial, "interrupted");
    else await storage.finishTrial(trial, [{ name: "o", type: "objective", value: trial.number }]);
    if (turn === 2) await storage.changeExperiment(record.id, { maxTrials: 3 });
  }
}

it("a worker that dies in the place of any statement leaves a sound history, which the next one finishes", async () => {
  const folder = temporaryFolder();
  let isThrough = false;
  for (let statement = 1; !isThrough; statement++) {
    const path = join(folder, `${statement}.sqlite`);
    const url = `sqlite:${path}`;
    const mortal = await openDatabase(path, url);
    const { database, count } = dying(mortal, statement);
    const death = await live(database, url).catch((error: unknown) => error);
    if (death !== undefined && !(death instanceof Crash)) throw death;
    isThrough = count() < statement;
    // What a dead process leaves are its files: those, and not what closing the connection makes of them.
    const remains = join(folder, `${statement}-remains.sqlite`);
    for (const ending of ["", "-wal"]) if (existsSync(path + ending)) copyFileSync(path + ending, remains + ending);
    mortal.close();
    await live(await openDatabase(remains, remains), remains);

    const again = await openDatabase(remains, remains);
    await using storage = await openSqlite({ database: again, url: remains });
    const [record] = await storage.listExperiments();
    const { findings, suggestions } = await checkExperiment(await readStoredHistory(storage, record!.id));
    expect(findings, `death at statement ${statement}`).toEqual([]);
    expect(suggestions!.unknown).toEqual({});
    expect((await storage.summarize(record!.id)).counts.completed).toBe(record!.maxTrials);
    if (statement > 1000) throw new Error("the worker never comes through");
  }
});

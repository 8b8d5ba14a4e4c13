import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import dask from "../../src/executors/dask.js";
import { openExecutor, resolveExecutor } from "../../src/executors/registry.js";
import { executorContract } from "../../src/testing/executor-contract.js";
import { until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";
import { type DaskCluster, startDask } from "./dask-cluster.js";
import { findPython } from "./find-python.js";

const python = findPython("distributed");
const why = python === undefined ? " (skipped: no Python here has distributed; Debian: python3-distributed)" : "";

// A real cluster takes its time on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe.skipIf(python === undefined)(`on a real cluster of two workers${why}`, () => {
  let cluster: DaskCluster;
  /** The address is known only when the cluster runs. */
  const configuration = { python: python ?? "", address: "" };
  beforeAll(async () => {
    cluster = await startDask(python!);
    configuration.address = cluster.address;
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  describe("whose scheduler has died", () => {
    /** Three programs that run for ever, on a cluster of their own. @param timeout - Seconds for which it is looked for. */
    async function openOrphaned(timeout: number) {
      const alone = await startDask(python!);
      onTestFinished(() => alone[Symbol.asyncDispose]());
      const folder = temporaryFolder();
      const choice = { executor: "dask", configuration: { ...configuration, address: alone.address, timeout } };
      const executor = await openExecutor(await resolveExecutor(choice), { nWorkers: 3 });
      onTestFinished(() => executor.close());
      const stop = new AbortController();
      const runs = ["a", "b", "c"].map((name) => {
        const stdoutPath = join(folder, name);
        const argv = ["/bin/sh", "-c", "echo started; exec sleep 1000"] as const;
        const evaluation = { kind: "command", argv, environment: {}, directory: folder, stdoutPath } as const;
        const run = executor.run({ ...evaluation, stderrPath: stdoutPath }, { signal: stop.signal, graceMs: 100 });
        const ended = run.then(
          ({ signal }) => signal,
          (error: Error) => error.message,
        );
        return { ended, hasStarted: () => existsSync(stdoutPath) && readFileSync(stdoutPath, "utf8") !== "" };
      });
      await until(() => runs.some(({ hasStarted }) => hasStarted()));
      alone.scheduler.kill("SIGKILL");
      return { executor, stop, ends: Promise.all(runs.map(({ ended }) => ended)) };
    }

    it("is no fault of the programs", async () => {
      const { ends } = await openOrphaned(2);
      const message = "The bridge to dask has ended: The scheduler of Dask cannot be reached any more.";
      expect(await ends).toEqual([message, message, message]);
    });

    it("does not keep anybody who has to stop", async () => {
      const { ends, stop } = await openOrphaned(600);
      stop.abort();
      expect(await ends).toEqual(["SIGTERM", "SIGTERM", "SIGTERM"]);
    });

    it("does not keep anybody who has to go, as after a second Ctrl-C", async () => {
      const { ends, executor } = await openOrphaned(600);
      await executor.close();
      expect(await ends).toEqual(["SIGTERM", "SIGTERM", "SIGTERM"]);
    });
  });

  executorContract("dask", { module: dask, configuration, isSlowToOpen: true });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
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

  it("can be left though its scheduler has died, as by a second Ctrl-C", async () => {
    await using alone = await startDask(python!);
    const folder = temporaryFolder();
    const choice = { executor: "dask", configuration: { ...configuration, address: alone.address, timeout: 600 } };
    const executor = await openExecutor(await resolveExecutor(choice), { nWorkers: 1 });
    const stdoutPath = join(folder, "out");
    const argv = ["/bin/sh", "-c", "echo started; exec sleep 1000"] as const;
    const evaluation = { kind: "command", argv, environment: {}, directory: folder, stdoutPath } as const;
    const control = { signal: new AbortController().signal, graceMs: 100 };
    const run = executor.run({ ...evaluation, stderrPath: stdoutPath }, control);
    await until(() => existsSync(stdoutPath) && readFileSync(stdoutPath, "utf8") !== "");
    alone.scheduler.kill("SIGKILL");
    await executor.close();
    expect((await run).signal).toBe("SIGTERM");
  });

  executorContract("dask", { module: dask, configuration, isSlowToOpen: true });
});

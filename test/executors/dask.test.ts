import { afterAll, beforeAll, describe, vi } from "vitest";
import dask from "../../src/executors/dask.js";
import { executorContract } from "../../src/testing/executor-contract.js";
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

  executorContract("dask", { module: dask, configuration, isSlowToOpen: true });
});

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import ray from "../../src/executors/ray.js";
import { openExecutor, resolveExecutor } from "../../src/executors/registry.js";
import { executorContract } from "../../src/testing/executor-contract.js";
import { findPython } from "./find-python.js";
import { type RayCluster, startRay } from "./ray-cluster.js";

const python = findPython("ray");
const why = python === undefined ? " (skipped: no Python here has ray; python3 -m pip install ray)" : "";

// A real cluster takes its time on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe.skipIf(python === undefined)(`on a real head${why}`, () => {
  let cluster: RayCluster;
  /** The address is known only when the cluster runs. */
  const configuration = { python: python ?? "", address: "", log_to_driver: false };
  beforeAll(async () => {
    cluster = await startRay(python!, 4);
    configuration.address = cluster.address;
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it("says so before any trial is taken, and not after minutes, when nobody is at the address", async () => {
    const nobody = { python: python!, address: "127.0.0.1:1" };
    const opening = resolveExecutor({ executor: ray, configuration: nobody }).then((resolved) =>
      openExecutor(resolved),
    );
    await expect(opening).rejects.toThrow(/cannot reach its cluster: ConnectionRefusedError/);
  });

  executorContract("ray", { module: ray, configuration, isSlowToOpen: true });
});

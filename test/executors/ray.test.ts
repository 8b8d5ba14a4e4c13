import { describe, vi } from "vitest";
import ray from "../../src/executors/ray.js";
import { executorContract } from "../../src/testing/executor-contract.js";
import { findPython } from "./dask-cluster.js";

const python = findPython("ray");
const why = python === undefined ? " (skipped: no Python here has ray; python3 -m pip install ray)" : "";

// Without an address `ray.init` starts a head on this machine.
// A real cluster takes its time on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe.skipIf(python === undefined)(`on a real head${why}`, () => {
  const configuration = { python: python ?? "", num_cpus: 4, include_dashboard: false };
  executorContract("ray", { module: ray, configuration, isSlowToOpen: true });
});

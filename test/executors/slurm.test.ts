import { afterAll, beforeAll, describe, vi } from "vitest";
import slurm from "../../src/executors/slurm.js";
import { executorContract } from "../../src/testing/executor-contract.js";
import { type SlurmCluster, startSlurm, whyNoSlurm } from "./slurm-cluster.js";

const reason = whyNoSlurm();

// A real cluster takes its time on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe.skipIf(reason !== undefined)(`on a real cluster${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurm();
    process.env.SLURM_CONF = cluster.configuration;
  });
  afterAll(async () => {
    delete process.env.SLURM_CONF;
    await cluster[Symbol.asyncDispose]();
  });

  executorContract("slurm", {
    module: slurm,
    isSlowToOpen: true,
    configuration: { poll_interval: 0.5 },
    exempt: [
      { promise: "gets exactly the environment it was given", reason: "Slurm adds what it tells a job about itself" },
      {
        promise: "gets exactly the environment it was given when another one ran before it",
        reason: "Slurm adds what it tells a job about itself",
      },
      {
        promise: "ends what has made a process group of its own, as `timeout` does",
        reason: "the script of a job ends the group of its program; what has left that is for Slurm to track",
      },
    ],
  });
});

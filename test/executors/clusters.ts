import { startDask } from "./dask-cluster.js";
import { findPython } from "./find-python.js";
import { startRay } from "./ray-cluster.js";
import { startSlurm, whyNoSlurm } from "./slurm-cluster.js";

export type ClusterName = "dask" | "ray" | "slurm";

/** A cluster on this machine that is the test file's own. */
export interface Cluster extends AsyncDisposable {
  readonly configuration: Readonly<Record<string, unknown>>;
  /** For the program that uses it. */
  readonly environment: Readonly<Record<string, string>>;
}

interface ClusterKind {
  /** Why there can be none here. */
  readonly whyNot: string | undefined;
  start(): Promise<Cluster>;
}

const pythons = { dask: findPython("distributed"), ray: findPython("ray") };

export const clusters: Readonly<Record<ClusterName, ClusterKind>> = {
  dask: {
    whyNot: pythons.dask === undefined ? "no Python here has distributed; Debian: python3-distributed" : undefined,
    start: async () => {
      const cluster = await startDask(pythons.dask!);
      return running(cluster, { python: pythons.dask, address: cluster.address });
    },
  },
  ray: {
    whyNot: pythons.ray === undefined ? "no Python here has ray; python3 -m pip install ray" : undefined,
    start: async () => {
      const cluster = await startRay(pythons.ray!, 8);
      return running(cluster, { python: pythons.ray, address: cluster.address });
    },
  },
  slurm: {
    whyNot: whyNoSlurm(),
    start: async () => {
      const cluster = await startSlurm();
      return running(cluster, { poll_interval: 0.5 }, { SLURM_CONF: cluster.configuration });
    },
  },
};

export const clusterNames = Object.keys(clusters) as ClusterName[];

/** For the title of what needs it. */
export function skipped(name: ClusterName): string {
  const { whyNot } = clusters[name];
  return whyNot === undefined ? "" : ` (skipped: ${whyNot})`;
}

function running(
  cluster: AsyncDisposable,
  configuration: Cluster["configuration"],
  environment: Cluster["environment"] = {},
): Cluster {
  return { configuration, environment, [Symbol.asyncDispose]: () => Promise.resolve(cluster[Symbol.asyncDispose]()) };
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createExperiment, type ExperimentOptions } from "../../src/client/create-experiment.js";
import type { ExperimentClient } from "../../src/client/experiment-client.js";
import type { ParamsOf, SpaceInput } from "../../src/client/typed-space.js";
import type { ClientWorld } from "../../src/client/world.js";
import { temporaryFolder } from "../temporary-folder.js";

/** A program with a home of its own and an empty database, in which every random number is the same each time. */
export interface ClientBench {
  readonly world: ClientWorld;
  readonly folder: string;
  /** URL of the database. */
  readonly storage: string;
  /** What the user was told. */
  readonly warnings: string[];
  create<const Space extends SpaceInput = { x: "uniform(0, 1)" }>(
    options?: Partial<ExperimentOptions<Space>>,
  ): Promise<ExperimentClient<ParamsOf<Space>>>;
}

export function openClientBench(env: Readonly<Record<string, string>> = {}): ClientBench {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "home"));
  const storage = `sqlite:${join(folder, "history.sqlite")}`;
  const warnings: string[] = [];
  let drawn = 0;
  const world: ClientWorld = {
    env: { HOME: join(folder, "home"), XDG_CONFIG_DIRS: join(folder, "etc"), ORION_STORAGE: storage, ...env },
    directory: folder,
    pid: process.pid,
    now: () => Date.now(),
    randomHex: (bytes) => (++drawn).toString(16).padStart(2 * bytes, "0"),
    warn: (text) => warnings.push(text),
  };
  return {
    world,
    folder,
    storage,
    warnings,
    create: (options) => createExperiment(world, { name: "e", space: { x: "uniform(0, 1)" }, ...options } as never),
  };
}

/** A promise, and how to fulfil it. */
export function latch<T = void>(): { readonly promise: Promise<T>; readonly open: (value: T) => void } {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

import { inspect } from "node:util";
import type { Algorithm } from "../algorithms/algorithm.js";
import type { AlgorithmName } from "../algorithms/registry.js";
import { isAlgorithm, nameOfAlgorithm, resolveAlgorithm } from "../algorithms/resolve-algorithm.js";
import { resolvePath } from "../config/resolve-path.js";
import { systemUser } from "../config/system-user.js";
import { userWorld } from "../config/user-world.js";
import { UsageError } from "../errors.js";
import { askedLimits } from "../experiment/asked-limits.js";
import { defineExperiment } from "../experiment/define-experiment.js";
import { openExperiment } from "../experiment/experiment.js";
import type { ExperimentRequest } from "../experiment/experiment-request.js";
import { printSpace } from "../space/print-dimension.js";
import type { StoppingRuleName } from "../stopping/registry.js";
import { resolveRule } from "../stopping/resolve-rule.js";
import type { Definition, SearchLimits, Storage } from "../storage/storage.js";
import { version as orionVersion } from "../version.js";
import { requireExecutorChoice } from "./executor-choice.js";
import type { ExperimentClient } from "./experiment-client.js";
import { type ClientSettings, openClient } from "./open-client.js";
import { readSpace } from "./read-space.js";
import { type NamesOf, objectOption, requireOptions } from "./require-options.js";
import type { ParamsOf, SpaceInput } from "./typed-space.js";
import { type ClientWorld, readSetup, requireName, type Setup, type StorageAddress } from "./world.js";

/** What an experiment is to be. All but the name may be left out for one that is stored. */
export interface ExperimentOptions<Space extends SpaceInput> extends ClientSettings {
  readonly name: string;
  /** The newest one if absent. */
  readonly version?: number;
  /** A prior for each dimension, as text or from a builder. */
  readonly space?: Space;
  /** A name, or `{ name: options }`: `"sobol"`, `{ sobol: { seed: 7 } }`; or what `defineAlgorithm` gives. */
  readonly algorithm?: AlgorithmName | (string & {}) | Readonly<Record<string, unknown>> | Algorithm;
  /** Completed trials after which the experiment is done. Stored with it; may be raised later. */
  readonly maxTrials?: number;
  /** Broken trials after which the experiment is given up. Stored with it. */
  readonly maxBroken?: number;
  readonly direction?: Definition["direction"];
  /**
   * Rule that stops trials early by what they report: `"median"`, `{ asha: { min_resource: 2 } }`; `"none"` takes the
   * stored one away. Stored with the experiment.
   */
  readonly stopping?: StoppingRuleName | "none" | (string & {}) | Readonly<Record<string, unknown>>;
  /** What ends the whole search besides `maxTrials`; those that are given replace the stored ones, and `"none"` lifts one. */
  readonly limits?: { readonly [Limit in keyof SearchLimits]: SearchLimits[Limit] | "none" };
  /** An address, such as `sqlite:./runs.sqlite` or `memory:`; an open storage; the user's own if absent. */
  readonly storage?: StorageAddress | Storage;
  /** Parent of the directories of all trials, which are then kept. */
  readonly workingDir?: string;
  /**
   * What to do when the stored experiment has another space or direction: refuse, go on in place, or make a new version
   * of it, which starts without the trials of the old one.
   */
  readonly onChange?: NonNullable<ExperimentRequest["onChange"]>;
}

const onChanges: readonly unknown[] = ["refuse", "force", "new-version"] satisfies ExperimentRequest["onChange"][];

export const experimentOptions: NamesOf<ExperimentOptions<SpaceInput>> = {
  ...{ name: true, version: true, space: true, algorithm: true, maxTrials: true, maxBroken: true, direction: true },
  ...{ stopping: true, limits: objectOption, storage: true, workingDir: true, onChange: true },
  ...{ heartbeat: true, idleTimeout: true, executor: true },
};

/**
 * Create an experiment, or go on with the stored one of that name, to work on it.
 *
 * @throws {ConfigurationError} when nothing is stored and no space is given.
 * @throws {ConflictError} when the stored one has another space or direction; the message says what differs.
 */
export async function createExperiment<Space extends SpaceInput>(
  world: ClientWorld,
  options: ExperimentOptions<Space>,
): Promise<ExperimentClient<ParamsOf<Space>>> {
  requireOptions("createExperiment", options, experimentOptions);
  const setup = await readSetup(world);
  const request = await requestOf(setup, options);
  const opened = await setup.openStorage(options.storage);
  try {
    const { record, notes } = await defineExperiment(opened.storage, request);
    for (const note of notes) world.warn(note);
    const experiment = await openExperiment(opened.storage, record, sourcesOf(setup, options));
    return await openClient({ setup, opened, record, experiment, mode: "x", settings: options });
  } catch (error) {
    if (opened.isOwn) await opened.storage.close();
    throw error;
  }
}

/** Everything is understood before anything is stored, so that a mistake leaves no trace. */
async function requestOf<Space extends SpaceInput>(
  setup: Setup,
  options: ExperimentOptions<Space>,
): Promise<ExperimentRequest> {
  const { version, maxTrials, maxBroken, direction, onChange } = options;
  const { world } = setup;
  const name = requireName(setup, options.name, 'createExperiment({ name: "…" })');
  if (onChange !== undefined && !onChanges.includes(onChange)) {
    throw new UsageError(`The option onChange is ${inspect(onChange)}.`, `Say one of ${onChanges.join(", ")}.`);
  }
  requireExecutorChoice(options.executor);
  const space = options.space === undefined ? undefined : readSpace(options.space);
  const { algorithm: given } = options;
  const asked = isAlgorithm(given) ? nameOfAlgorithm(given) : given;
  const algorithm = setup.pick("experiment.algorithm", { name: "algorithm", value: asked });
  if (space !== undefined) await resolveAlgorithm(algorithm, space, sourcesOf(setup, options));
  const rules = await rulesOf(setup, options);
  const workingDir = setup.pick("experiment.working_dir", { name: "workingDir", value: options.workingDir });
  const places = { currentDirectory: world.directory, homeDirectory: userWorld(world).homeDirectory };
  const limits = {
    maxTrials: setup.pick("experiment.max_trials", { name: "maxTrials", value: maxTrials }),
    maxBroken: setup.pick("experiment.max_broken", { name: "maxBroken", value: maxBroken }),
    direction: setup.pick("experiment.direction", { name: "direction", value: direction }),
    workingDir: workingDir === "" ? "" : resolvePath(workingDir, places),
  };
  const chosenVersion = setup.pick("experiment.version", { name: "version", value: version });
  const makesVersions = setup.pick("evc.enable", { name: "onChange", value: undefined });
  return {
    name,
    ...(chosenVersion === undefined ? {} : { version: chosenVersion }),
    ...(space === undefined ? {} : { space: printSpace(space) }),
    ...(options.algorithm === undefined ? {} : { algorithm }),
    ...rules.asked,
    ...(maxTrials === undefined ? {} : { maxTrials: limits.maxTrials }),
    ...(maxBroken === undefined ? {} : { maxBroken: limits.maxBroken }),
    ...(direction === undefined ? {} : { direction: limits.direction }),
    ...(options.workingDir === undefined ? {} : { workingDir: limits.workingDir }),
    // A stored experiment keeps its own over what the user set up for all.
    defaults: { algorithm, ...limits, ...rules.all },
    metadata: {
      user: setup.pick("experiment.user", { name: "user", value: undefined }) ?? systemUser(world),
      datetime: new Date(world.now()).toISOString(),
      orionVersion,
      userArgs: [],
      directory: world.directory,
    },
    onChange: onChange ?? (makesVersions ? "new-version" : "refuse"),
    drawSeed: () => world.randomHex(8),
  };
}

/** An algorithm that is handed over comes before all that have its name. */
function sourcesOf({ world }: Setup, { algorithm }: Pick<ExperimentOptions<SpaceInput>, "algorithm">) {
  return { directory: world.directory, ...(isAlgorithm(algorithm) ? { atHand: [algorithm] } : {}) };
}

/**
 * What the program asks for, and what a new experiment has: where it says nothing, what the user set up for all.
 *
 * @throws {UsageError} for a rule, an option or a limit that cannot be.
 */
async function rulesOf(setup: Setup, options: Pick<ExperimentOptions<SpaceInput>, "stopping" | "limits">) {
  const chosen = setup.pick("experiment.stopping", { name: "stopping", value: options.stopping });
  const isNone = chosen?.name.toLowerCase() === "none";
  if (chosen !== undefined && !isNone) await resolveRule(chosen);
  const { target, patience, seconds, cost, ...others } = options.limits ?? {};
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) {
    throw new UsageError(`There is no limit "${unknown}".`, "The limits: target, patience, seconds, cost.");
  }
  const limits = {
    target: setup.pick("experiment.target", { name: "limits.target", value: target }),
    patience: setup.pick("experiment.patience", { name: "limits.patience", value: patience }),
    seconds: setup.pick("experiment.max_time", { name: "limits.seconds", value: seconds }),
    cost: setup.pick("experiment.max_cost", { name: "limits.cost", value: cost }),
  };
  const given: Readonly<Record<string, unknown>> = { target, patience, seconds, cost };
  const asked = Object.fromEntries(Object.entries(limits).filter(([limit]) => given[limit] !== undefined));
  const stopping = chosen === undefined ? {} : { stopping: isNone ? null : chosen };
  return {
    asked: { ...(options.stopping === undefined ? {} : stopping), limits: askedLimits(asked) },
    all: { ...stopping, limits: askedLimits(limits) },
  };
}

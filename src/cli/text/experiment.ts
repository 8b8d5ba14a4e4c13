import type { Space } from "../../space/dimension.js";
import type { AlgorithmChoice, Definition, ExperimentRecord, Metadata } from "../../storage/storage.js";
import { showBlock } from "./block.js";
import { showNumber } from "./numbers.js";
import type { Paint } from "./paint.js";
import { oneLine } from "./printable.js";
import { type Stats, showStats } from "./stats.js";
import { treeLines } from "./tree-lines.js";

/** Everything about an experiment, as `--json` prints it. An infinite limit is `null` there. */
export interface ExperimentInfo {
  readonly name: string;
  readonly version: number;
  /** Canonical text of each prior, in the order of names. */
  readonly space: Readonly<Record<string, string>>;
  readonly algorithm: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Keys all randomness; drawn when the user gave none. */
  readonly seed: string;
  readonly direction: Definition["direction"];
  readonly maxTrials: number;
  readonly maxBroken: number;
  readonly workingDir: string;
  /** Rule that stops trials early, with its options; `null` for none. */
  readonly stopping: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  /** What ends the search besides the number of its trials; `null` where it does not. */
  readonly target: number | null;
  readonly patience: number | null;
  /** In seconds. */
  readonly maxTime: number | null;
  readonly maxCost: number | null;
  readonly metadata: Omit<Metadata, "command">;
  readonly parent: ParentInfo | null;
  readonly stats: Stats;
}

export interface ParentInfo {
  /** `NAME-vVERSION`. */
  readonly root: string;
  readonly parent: string;
  readonly adapters: readonly unknown[];
}

export interface InfoInput {
  readonly record: ExperimentRecord;
  readonly space: Space;
  readonly parent: ParentInfo | null;
  readonly stats: Stats;
  /** Whom the algorithm chooses among, if it does. */
  readonly members: readonly string[] | undefined;
}

export function infoOf({ record, space, parent, stats, members }: InfoInput): ExperimentInfo {
  const { definition, name, version, maxTrials, maxBroken, workingDir } = record;
  const { command: _, ...metadata } = definition.metadata; // only good for building commands
  const { limits = {} } = definition;
  const texts = space.dimensions.map((dimension) => [dimension.name, definition.space[dimension.name]!]);
  return {
    name,
    version,
    space: Object.fromEntries(texts),
    algorithm: algorithmTree(definition.algorithm, members),
    seed: definition.seed,
    direction: definition.direction,
    maxTrials,
    maxBroken,
    workingDir,
    stopping: definition.stopping === undefined ? null : { [definition.stopping.name]: definition.stopping.options },
    target: limits.target ?? null,
    patience: limits.patience ?? null,
    maxTime: limits.seconds ?? null,
    maxCost: limits.cost ?? null,
    metadata,
    parent,
    stats,
  };
}

function algorithmTree({ name, options }: AlgorithmChoice, members: InfoInput["members"]): ExperimentInfo["algorithm"] {
  return { [name]: { seed: null, ...options, ...(members === undefined ? {} : { "chooses among": members }) } };
}

/** The blocks of `orion info`. */
export function showExperiment(info: ExperimentInfo, space: Space, paint: Paint): string[] {
  const { metadata, parent } = info;
  const seedNote = Object.values(info.algorithm)[0]?.seed === null ? [`drawn seed: ${info.seed}`] : [];
  const block = (title: string, lines: readonly string[]) => showBlock(title, lines, paint);
  return [
    block("Identification", [
      `name: ${oneLine(info.name)}`,
      `version: ${info.version}`,
      `user: ${oneLine(metadata.user)}`,
    ]),
    block("Commandline", [oneLine(metadata.userArgs.join(" "))]),
    block("Config", [
      `max trials: ${showLimit(info.maxTrials)}`,
      `max broken: ${showLimit(info.maxBroken)}`,
      `working dir: ${info.workingDir}`.trimEnd(),
      `direction: ${info.direction}`,
      ...endingLines(info),
      ...(metadata.objectivePattern ? [`objective pattern: ${metadata.objectivePattern}`] : []),
    ]),
    block("Algorithm", [...treeLines(info.algorithm, 4), ...seedNote]),
    block("Space", treeLines(info.space, 2)),
    block("Meta-data", metadataLines(metadata)),
    block("Parent experiment", [
      `root: ${oneLine(parent?.root ?? "")}`.trimEnd(),
      `parent: ${oneLine(parent?.parent ?? "")}`.trimEnd(),
      ...(parent === null || parent.adapters.length === 0 ? ["adapter:"] : treeLines({ adapter: parent.adapters }, 2)),
    ]),
    showStats(info.stats, space, paint),
  ];
}

/** Those that are set. */
function endingLines({ stopping, target, patience, maxTime, maxCost }: ExperimentInfo): string[] {
  const limits = { target, patience, "max time": maxTime, "max cost": maxCost };
  const units: Readonly<Record<string, string>> = { patience: " trials", "max time": " s" };
  return [
    ...(stopping === null ? [] : treeLines({ stopping }, 4)),
    ...Object.entries(limits).flatMap(([name, limit]) =>
      limit === null ? [] : [`${name}: ${showNumber(limit)}${units[name] ?? ""}`],
    ),
  ];
}

function showLimit(limit: number): string {
  return Number.isFinite(limit) ? showNumber(limit) : "infinite";
}

function metadataLines({ user, datetime, orionVersion, vcs = {}, forced = [] }: ExperimentInfo["metadata"]): string[] {
  return [
    ...treeLines(
      { user, datetime, "orion version": orionVersion, ...(Object.keys(vcs).length === 0 ? {} : { VCS: vcs }) },
      2,
    ),
    ...forced.map(({ datetime: time, changes }) => `changed in place: ${time}: ${changes.map(showChange).join("; ")}`),
  ];
}

/** It is stored as it was said before the change: `dimension "lr" is uniform(0, 1), not uniform(2, 3)`. */
function showChange(difference: string): string {
  return oneLine(difference.replace(/\.$/, "").replace(/ is (.+), not (.+)$/s, " was $1, is now $2"));
}

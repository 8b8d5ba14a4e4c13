import { UsageError } from "../errors.js";
import { nearestName } from "../nearest-name.js";
import { type TrialStatus, trialStatuses } from "../trial/trial.js";
import { isRecord, readNamed } from "./named-option.js";

/**
 * What a model is told of a trial that has no objective: a lie, or `undefined` to leave the trial out.
 *
 * @param status - Of the trial; never `completed`.
 */
export type ParallelStrategy = (status: TrialStatus, completed: Completed) => number | undefined;

/** The finite objectives of the completed trials, to be minimised. */
export interface Completed {
  /** `undefined` when there is none, as is `mean`. */
  readonly max: number | undefined;
  readonly mean: number | undefined;
}

/**
 * Read a strategy as it stands in a configuration: `MaxParallelStrategy`, `{of_type: MaxParallelStrategy, default_result:
 * 1}` or `{MaxParallelStrategy: {default_result: 1}}`. The case of its name does not matter.
 *
 * | name | lie |
 * |---|---|
 * | NoParallelStrategy | none |
 * | MaxParallelStrategy | the largest completed objective, `default_result` while there is none: null, which is ∞, or a number |
 * | MeanParallelStrategy | the mean of the completed objectives, `default_result` while there is none |
 * | StubParallelStrategy | `stub_value`; none when that is null |
 * | StatusBasedParallelStrategy | as the strategy in `strategy_configs` for the trial's status, or `default_strategy` |
 *
 * @param where - For error messages: `tpe: parallel_strategy`.
 * @throws {UsageError} for anything else.
 */
export function readParallelStrategy(configuration: unknown, where: string): ParallelStrategy {
  const { name, options } = readNamed(configuration, { where, example: "MaxParallelStrategy" });
  const known = Object.keys(builders) as StrategyName[];
  const found = known.find((other) => other.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    const meant = nearestName(name, known);
    throw new UsageError(
      `${where}: there is no parallel strategy "${name}"${meant === undefined ? "" : `; is it "${meant}"`}.`,
      `Known ones: ${known.join(", ")}.`,
    );
  }
  const { defaults, build } = builders[found];
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(defaults, option));
  if (unknown !== undefined) {
    const names = Object.keys(defaults);
    throw new UsageError(
      `${where}: ${found} has no option "${unknown}".`,
      names.length === 0 ? "It has no options." : `Its options: ${names.join(", ")}.`,
    );
  }
  return build({ ...defaults, ...options }, where);
}

interface Builder {
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly build: (options: Readonly<Record<string, unknown>>, where: string) => ParallelStrategy;
}

const builders = {
  NoParallelStrategy: { defaults: {}, build: () => () => undefined },
  MaxParallelStrategy: {
    defaults: { default_result: null },
    build: (options, where) => summary("max", options, where),
  },
  MeanParallelStrategy: {
    defaults: { default_result: null },
    build: (options, where) => summary("mean", options, where),
  },
  StubParallelStrategy: { defaults: { stub_value: null }, build: buildStub },
  StatusBasedParallelStrategy: { defaults: { strategy_configs: {}, default_strategy: null }, build: buildStatusBased },
} satisfies Readonly<Record<string, Builder>>;

type StrategyName = keyof typeof builders;

function summary(which: keyof Completed, options: Readonly<Record<string, unknown>>, where: string): ParallelStrategy {
  const { default_result: value } = options;
  // JSON, in which options are stored, turns an infinity into null.
  const isInfinite = value === null || value === Number.POSITIVE_INFINITY;
  const fallback = isInfinite ? Number.POSITIVE_INFINITY : readNumber(value, `${where}: default_result`);
  return (_status, completed) => completed[which] ?? fallback;
}

function buildStub({ stub_value: value }: Readonly<Record<string, unknown>>, where: string): ParallelStrategy {
  const lie = value === null ? undefined : readNumber(value, `${where}: stub_value`);
  return () => lie;
}

function buildStatusBased(options: Readonly<Record<string, unknown>>, where: string): ParallelStrategy {
  const { strategy_configs: configs, default_strategy: otherwise } = options;
  if (!isRecord(configs)) {
    throw new UsageError(
      `${where}: strategy_configs is ${JSON.stringify(configs)}.`,
      'Give a strategy for each status, for example {"broken": "MaxParallelStrategy"}.',
    );
  }
  const strategies = new Map(
    Object.entries(configs).map(([status, strategy]) => [
      readStatus(status, where),
      readParallelStrategy(strategy, `${where}: strategy_configs of ${status}`),
    ]),
  );
  const rest = readParallelStrategy(otherwise ?? "NoParallelStrategy", `${where}: default_strategy`);
  return (status, completed) => (strategies.get(status) ?? rest)(status, completed);
}

function readStatus(word: string, where: string): TrialStatus {
  const lying = trialStatuses.filter((status) => status !== "completed");
  const found = lying.find((status) => status === word);
  if (found !== undefined) return found;
  throw new UsageError(
    `${where}: strategy_configs has the status "${word}".`,
    `Statuses of trials without a result: ${lying.join(", ")}.`,
  );
}

function readNumber(value: unknown, where: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const text = typeof value === "number" ? `${value}` : JSON.stringify(value);
  throw new UsageError(`${where} is ${text}.`, "Give a finite number, or null.");
}

import { pathToFileURL } from "node:url";
import { findModule } from "../algorithms/find-module.js";
import { UsageError } from "../errors.js";
import type { CallContext, FunctionEvaluation } from "../executors/executor.js";
import type { Space } from "../space/dimension.js";
import { encodeJson } from "../space/odd-floats.js";
import { bareName } from "../space/parse-space.js";
import type { Result, Trial } from "../trial/trial.js";
import type { Reported } from "../worker/read-returned.js";
import type { TrialFiles } from "../worker/trial-directory/trial-files.js";
import type { ExecutorChoice } from "./executor-choice.js";
import { functionOption, type NamesOf, objectOption, signalOption, textOption } from "./require-options.js";

/**
 * A function to be minimised, or maximised.
 *
 * @param params - The values of this trial by name, and the constants.
 * @param trial - Which trial it is, and its directory.
 * @param context - Takes its reports, and tells it to stop.
 * @returns The objective; or `{ objective, … }`, whose other members are kept; or a list of results.
 */
export type Objective<Params, Constants = unknown> = (
  params: Params & Constants,
  trial: TrialInfo,
  context: CallContext,
) => Reported | PromiseLike<Reported>;

/** What a function is told of its trial: plain data, since it may run in another process. */
export interface TrialInfo {
  readonly id: string;
  /** 1, 2, 3 … within the experiment. */
  readonly number: number;
  /** The trial's own directory, absolute. It exists; for a closure it is made when this is read. */
  readonly workingDir: string;
  /** Id of the trial that this one continues, or `null`: its directory began as a copy of that one's. */
  readonly parent: string | null;
  /** What the algorithm wrote down for the trial, such as its rung. */
  readonly facts: Trial["facts"];
  readonly experiment: { readonly name: string; readonly version: number };
}

export interface WorkonOptions<Params, Constants = unknown> {
  /** Evaluations at a time; that of the configuration if absent, else 1. */
  readonly nWorkers?: number;
  /** Stop when the experiment has so many completed trials, whoever completed them. Its own limit stays. */
  readonly maxTrials?: number;
  /** Trials that this call may complete. */
  readonly maxTrialsPerWorker?: number;
  /** Broken trials after which this call gives up; that of the configuration if absent, else 3. */
  readonly maxBroken?: number;
  /** Seconds to wait when there is nothing to start; then what others are at is left to them. */
  readonly idleTimeout?: number;
  /** Where the function runs in this call; that of the client if absent. */
  readonly executor?: ExecutorChoice;
  /** More members of `params`, the same in every call. For a module: JSON values. */
  readonly constants?: Constants & NoCollision<Params>;
  // Methods, so that a client of a certain space can stand where one of any space is wanted.
  /** Called after each result of the function, wherever it ran. What it throws, or rejects with, ends the call. */
  onCompleted?(completed: CompletedReport<Params>): void | PromiseLike<void>;
  /** Called after each broken trial. What it throws, or rejects with, ends the call. */
  onError?(broken: BrokenReport<Params>): void | PromiseLike<void>;
  /** Aborted: what runs is stopped and will be resumed, and the call returns. */
  readonly signal?: AbortSignal;
}

export const workonOptions: NamesOf<WorkonOptions<unknown> & { readonly exportName?: string }> = {
  ...{ nWorkers: true, maxTrials: true, maxTrialsPerWorker: true, maxBroken: true, idleTimeout: true, executor: true },
  ...{ constants: objectOption, onCompleted: functionOption, onError: functionOption, signal: signalOption },
  exportName: textOption,
};

/** A constant with the name of a parameter would hide it. */
type NoCollision<Params> = { readonly [Name in keyof Params as string extends Name ? never : Name]?: never };

/** Which trial `workon` tells of. */
export interface ToldTrial<Params> {
  readonly id: string;
  readonly number: number;
  readonly params: Params;
}

export interface CompletedReport<Params> {
  readonly trial: ToldTrial<Params>;
  /** May be infinite. */
  readonly objective: number;
  /** The objective and what was returned with it. */
  readonly results: readonly Result[];
  /** The step at which a rule has stopped it early. */
  readonly stoppedAt: number | undefined;
  /** How many results there were in this call, this one included. */
  readonly completedCount: number;
}

export interface BrokenReport<Params> {
  readonly trial: ToldTrial<Params>;
  /** One sentence. */
  readonly reason: string;
  /** Where it was thrown, if it was. */
  readonly stack: string | undefined;
  /** How many trials broke in this call, this one included. */
  readonly brokenCount: number;
}

/** What is to be called: a function of this process, or an export of a module. */
export type Callable =
  | { readonly kind: "closure"; readonly objective: Objective<object> }
  | { readonly kind: "module"; readonly url: string; readonly exportName: string };

interface CallableOptions {
  /** The default one if absent. */
  readonly exportName: string | undefined;
  /** Where packages are looked for, and above: the current directory. */
  readonly directory: string;
}

/**
 * Understand what somebody handed to `workon`.
 *
 * @throws {UsageError} for anything but a function, a URL, or the name of a package.
 */
export function readCallable(given: unknown, { exportName = "default", directory }: CallableOptions): Callable {
  if (typeof given === "function") return { kind: "closure", objective: given as Objective<object> };
  if (given instanceof URL) return { kind: "module", url: given.href, exportName };
  const remedy = 'Give a function, or new URL("./objective.js", import.meta.url).';
  if (typeof given !== "string") {
    throw new UsageError(`What workon is to evaluate is of type ${given === null ? "null" : typeof given}.`, remedy);
  }
  // A path means another file in each module that says it.
  if (/^\.{0,2}[/\\]|^[a-z]:[/\\]/i.test(given)) {
    const file = given.startsWith("/") ? ` Or new URL("${pathToFileURL(given).href}").` : "";
    throw new UsageError(`The path "${given}" does not name a module.`, `${remedy}${file}`);
  }
  const file = findModule(given, directory);
  return { kind: "module", url: file === undefined ? given : pathToFileURL(file).href, exportName };
}

/** @throws {UsageError} when a constant has the name of a dimension. */
export function refuseCollisions(space: Space, constants: object): void {
  const names = space.dimensions.map(({ name }) => bareName(name));
  const twin = Object.keys(constants).find((name) => names.includes(bareName(name)));
  if (twin === undefined) return;
  throw new UsageError(
    `The constant "${twin}" has the name of a dimension of the search space.`,
    "Rename it, or leave it out: the function gets the trial's value.",
  );
}

/**
 * A module may run elsewhere, and gets its arguments as JSON.
 *
 * @throws {UsageError} for a constant that would not arrive there.
 */
export function requireSendable({ kind }: Callable, constants: object): void {
  if (kind !== "module") return;
  for (const [name, value] of Object.entries(constants)) {
    if (value === undefined) continue;
    try {
      encodeJson(value);
    } catch (cause) {
      const reason = (cause as Error).message.split("\n")[0];
      throw new UsageError(
        `The constant "${name}" cannot be sent to the module: ${reason}.`,
        "Give JSON values, or make it in the module itself.",
        { cause },
      );
    }
  }
}

interface Call {
  readonly callable: Callable;
  readonly params: object;
  readonly trial: TrialInfo;
  /** For a module. */
  readonly files?: TrialFiles;
}

/** One call of it. A module's arguments are plain; behind them, each gets its context. */
export function evaluationOf({ callable, params, trial, files }: Call): FunctionEvaluation {
  if (callable.kind === "module") {
    const places = files === undefined ? {} : { files: { reportPath: files.reportPath, stopPath: files.stopPath } };
    return { ...callable, ...places, args: [params, { ...trial }] };
  }
  return { kind: "closure", call: (context) => callable.objective(params, trial, context) };
}

import { randomBytes } from "node:crypto";
import { resolveAlgorithm } from "../../algorithms/resolve-algorithm.js";
import type { Configuration } from "../../config/configuration.js";
import { resolvePath } from "../../config/resolve-path.js";
import { systemUser } from "../../config/system-user.js";
import { userWorld } from "../../config/user-world.js";
import { ConfigurationError } from "../../errors.js";
import { type AskedLimits, askedLimits } from "../../experiment/asked-limits.js";
import type { ExperimentRequest } from "../../experiment/experiment-request.js";
import { parseSpace } from "../../space/parse-space.js";
import { printSpace } from "../../space/print-dimension.js";
import { resolveRule } from "../../stopping/resolve-rule.js";
import type { Metadata } from "../../storage/storage.js";
import { version } from "../../version.js";
import { openCommandWorld } from "../../worker/command/command-world.js";
import { compareCommands } from "../../worker/command/describe-changes.js";
import { checkTemplates } from "../../worker/command/fill-template.js";
import { parseCommand, requireDistinctWords, requirePriors } from "../../worker/command/parse-command.js";
import { restoreCommand, type UserCommand } from "../../worker/command/user-command.js";
import { readVcs } from "../../worker/vcs.js";
import { readingOption } from "../exit-codes.js";
import { noNameError } from "../session.js";
import type { Terminal } from "../terminal.js";
import type { HuntOptions } from "./hunt-options.js";
import { parseAlgorithm } from "./parse-algorithm.js";
import { shortenedOptions, strayOptions } from "./word-notes.js";
import { readPattern } from "./worker-settings.js";

interface HuntInput {
  readonly terminal: Terminal;
  readonly configuration: Configuration;
  readonly options: HuntOptions;
  /** The user's command; empty to go on as stored. */
  readonly words: readonly string[];
  /** False where the command is only registered, or started on other machines. */
  readonly startsHere: boolean;
}

/** A hunt that has been understood completely, before anything was stored. */
export interface PlannedHunt {
  readonly request: ExperimentRequest;
  readonly command: UserCommand | undefined;
  /** What the user should know of the command and the algorithm. */
  readonly notes: readonly string[];
}

/**
 * Read the user's command and all that was said about the experiment. Nothing is stored or run, so every mistake in
 * them leaves no trace.
 *
 * @throws {OrionError} for each of the mistakes.
 */
export async function planHunt({
  terminal,
  configuration,
  options,
  words,
  startsHere,
}: HuntInput): Promise<PlannedHunt> {
  const name = configuration.pick("experiment.name", { commandLine: options.name }).value;
  if (name === undefined || name.trim() === "") throw noNameError();
  const { directory } = terminal;
  const world = openCommandWorld({ directory, searchPath: terminal.env.PATH ?? "", startsHere });
  const configOption = configuration.pick("worker.user_script_config", { commandLine: options.userScriptConfig }).value;
  const command = words.length === 0 ? undefined : await parseCommand(words, { configOption, world });
  const wordNotes: string[] = [];
  if (command !== undefined) {
    const misses = await requirePriors(command, { configOption, world });
    wordNotes.push(...misses, ...strayOptions(command), ...shortenedOptions(words));
    checkTemplates(command);
  }
  const space = command === undefined ? undefined : parseSpace(command.priors);
  if (command !== undefined && space !== undefined) requireDistinctWords(command, space);
  const algorithm = pickAlgorithm(configuration, options);
  // Checked here, so that a wrong name or option is not stored with a new experiment.
  const sources = { directory: terminal.directory };
  const isChosen = space !== undefined || algorithm.isAsked;
  const chosen = isChosen
    ? await readingOption(options.algorithm !== undefined, () =>
        resolveAlgorithm(algorithm.value, space ?? parseSpace({}), sources),
      )
    : undefined;

  const stopping = await pickStopping(configuration, options);
  const rule = stopping.value === undefined ? {} : { stopping: stopping.value };
  const limits = pickLimits(configuration, options);

  const pick = <Key extends "experiment.max_trials" | "experiment.max_broken">(key: Key, commandLine: unknown) =>
    configuration.pick(key, { commandLine });
  const maxTrials = pick("experiment.max_trials", options.expMaxTrials);
  const maxBroken = pick("experiment.max_broken", options.expMaxBroken);
  const direction = configuration.pick("experiment.direction", { commandLine: options.direction });
  const workingDir = configuration.pick("experiment.working_dir", { commandLine: options.workingDir });
  const places = { currentDirectory: terminal.directory, homeDirectory: userWorld(terminal).homeDirectory };
  const absoluteDir = workingDir.value === "" ? "" : resolvePath(workingDir.value, places);
  const chosenVersion = configuration.pick("experiment.version", { commandLine: options.version }).value;
  const pattern = pickObjectivePattern(configuration, options);
  const nonMonitored = configuration.pick("evc.non_monitored_arguments", {
    commandLine: options.nonMonitoredArguments,
  }).value;

  const request: ExperimentRequest = {
    name,
    ...(chosenVersion === undefined ? {} : { version: chosenVersion }),
    ...(space === undefined ? {} : { space: printSpace(space) }),
    ...(algorithm.isAsked ? { algorithm: algorithm.value } : {}),
    ...(isAsked(direction) ? { direction: direction.value } : {}),
    ...(isAsked(stopping) ? rule : {}),
    limits: limits.asked,
    ...(isAsked(maxTrials) ? { maxTrials: maxTrials.value } : {}),
    ...(isAsked(maxBroken) ? { maxBroken: maxBroken.value } : {}),
    ...(isAsked(workingDir) ? { workingDir: absoluteDir } : {}),
    ...(isAsked(pattern) ? { objectivePattern: pattern.value } : {}),
    defaults: {
      algorithm: algorithm.value,
      direction: direction.value,
      maxTrials: maxTrials.value,
      maxBroken: maxBroken.value,
      workingDir: absoluteDir,
      ...rule,
      limits: limits.all,
    },
    metadata: {
      user: configuration.pick("experiment.user", { commandLine: options.user }).value ?? systemUser(terminal),
      datetime: new Date().toISOString(),
      orionVersion: version,
      userArgs: words,
      directory: terminal.directory,
      ...(command === undefined ? {} : { command, priors: command.priors, vcs: await readVcs(terminal) }),
      ...(command?.script === undefined ? {} : { userScript: command.script }),
      ...(pattern.value ? { objectivePattern: pattern.value } : {}),
    },
    ...(command === undefined
      ? {}
      : { compareCommand: (stored: Metadata) => compareWithStored(stored, command, nonMonitored) }),
    onChange: chooseOnChange(configuration, options),
    drawSeed: () => randomBytes(8).toString("hex"),
  };
  return { request, command, notes: [...wordNotes, ...(chosen?.notes ?? [])] };
}

/** A command, and the absolute directory in which it starts. */
export interface PlacedCommand {
  readonly command: UserCommand;
  readonly directory: string;
}

/**
 * The command of a stored experiment. It starts where it was typed, as relative words in it do; here, where that
 * directory is not on this machine, or holds no such script.
 */
export async function storedCommand(metadata: Metadata, terminal: Terminal): Promise<PlacedCommand> {
  const command = restoreCommand(metadata.command);
  if (command === undefined) {
    throw new ConfigurationError(
      "The experiment was made by a program, so there is no command to run for it.",
      "Run the program that made it, or give a command with another -n NAME.",
    );
  }
  const { script } = command;
  // A program on PATH is in no directory of the user's; a script behind an interpreter is, with a slash or without.
  const isOnPath = script === command.words[0] && !script?.includes("/");
  const here = terminal.directory;
  const { directory: typedIn = here } = metadata;
  for (const directory of new Set([typedIn, here])) {
    const { kindOf } = openCommandWorld({ directory, searchPath: terminal.env.PATH ?? "" });
    const isHere = (await kindOf(directory)) === "directory";
    if (isHere && (script === undefined || isOnPath || (await kindOf(script)) !== undefined))
      return { command, directory };
  }
  throw new ConfigurationError(
    `The script "${script}" of the experiment does not exist here, in ${here}.`,
    (typedIn === here ? "" : `The experiment was started in ${typedIn}, and there is no such script there either. `) +
      "Put it back, or write the command as it is now, with --force-config in front of it.",
  );
}

function chooseOnChange(
  configuration: Configuration,
  { forceConfig }: HuntOptions,
): NonNullable<ExperimentRequest["onChange"]> {
  if (forceConfig) return "force";
  return configuration.pick("evc.enable").value ? "new-version" : "refuse";
}

function compareWithStored(stored: Metadata, given: UserCommand, nonMonitored: readonly string[]): readonly string[] {
  const command = restoreCommand(stored.command);
  return command === undefined ? [] : compareCommands(command, given, { nonMonitored });
}

/** True for what somebody said about this very experiment: a stored one keeps its own over general settings. */
function isAsked({ origin }: { readonly origin: string }): boolean {
  return origin === "local" || origin === "command-line";
}

function pickAlgorithm(configuration: Configuration, options: HuntOptions) {
  const typed = options.algorithm === undefined ? undefined : parseAlgorithm(options.algorithm);
  const picked = configuration.pick("experiment.algorithm", {
    commandLine: typed === undefined ? undefined : { [typed.name]: typed.options },
  });
  return { value: picked.value, isAsked: isAsked(picked) };
}

/** Which output is the objective; "" for none, also of a stored one. Checked here, so that a wrong one is not stored. */
function pickObjectivePattern(configuration: Configuration, options: HuntOptions) {
  const picked = configuration.pick("worker.objective_pattern", { commandLine: options.objectivePattern });
  readPattern(picked);
  return { ...picked, value: picked.value ?? "" };
}

/** `undefined` when nobody says anything, `null` for the word "none". */
async function pickStopping(configuration: Configuration, options: HuntOptions) {
  const typed = options.stopping === undefined ? undefined : parseAlgorithm(options.stopping, "--stopping");
  const { value, origin } = configuration.pick("experiment.stopping", {
    commandLine: typed === undefined ? undefined : { [typed.name]: typed.options },
  });
  if (value === undefined || value.name.toLowerCase() === "none") return { value: value && null, origin };
  // Checked here, so that a wrong name or option is not stored.
  await readingOption(options.stopping !== undefined, () => resolveRule(value));
  return { value, origin };
}

/** Those of this very experiment, and those of all: where a new one has none of its own. */
function pickLimits(configuration: Configuration, options: HuntOptions): { asked: AskedLimits; all: AskedLimits } {
  const picked = {
    target: configuration.pick("experiment.target", { commandLine: options.target }),
    patience: configuration.pick("experiment.patience", { commandLine: options.patience }),
    seconds: configuration.pick("experiment.max_time", { commandLine: options.maxTime }),
    cost: configuration.pick("experiment.max_cost", { commandLine: options.maxCost }),
  };
  const limitsOf = (entries: readonly (readonly [string, { readonly value: number | "none" | undefined }])[]) =>
    askedLimits(Object.fromEntries(entries.map(([limit, { value }]) => [limit, value])));
  const all = Object.entries(picked);
  return { asked: limitsOf(all.filter(([, one]) => isAsked(one))), all: limitsOf(all) };
}

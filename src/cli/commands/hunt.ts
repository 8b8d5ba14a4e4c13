import { randomBytes } from "node:crypto";
import { BrokenExperimentError, ConfigurationError, UsageError } from "../../errors.js";
import { resolveExecutor } from "../../executors/registry.js";
import { defineExperiment } from "../../experiment/define-experiment.js";
import { openExperiment } from "../../experiment/experiment.js";
import type { ExperimentRecord } from "../../storage/storage.js";
import { type CommandSettings, evaluateCommand } from "../../worker/evaluate-command.js";
import { createFollower } from "../../worker/follow-output.js";
import { startGuard } from "../../worker/guard.js";
import { runWorker, type WorkerEnd } from "../../worker/run-worker.js";
import { handInSpooled } from "../../worker/spool.js";
import { removeEmptyRoot, removeTrialDirectory, trialDirectoryOf, trialRoot } from "../../worker/trial-directory.js";
import { createWorkerId, isGone } from "../../worker/worker-id.js";
import { defineCommand } from "../command.js";
import { planHunt, storedCommand } from "../hunt/define-hunt.js";
import { addHuntOptions, deprecated, type HuntOptions, versionControlOptions } from "../hunt/hunt-options.js";
import { showProgress } from "../hunt/progress.js";
import { openSession, readConfiguration, type Session } from "../session.js";
import type { Terminal } from "../terminal.js";
import { showStats, statsOf } from "../text/stats.js";

export default defineCommand<HuntOptions>({
  configure: (command) => {
    addHuntOptions(command.argument("[command...]", "the script and its arguments, with priors in place of values"));
    command.passThroughOptions();
  },
  run: async ({ terminal, options: typed, words: typedWords, help }) => {
    if (typedWords.length === 0 && Object.keys(typed).length === 0) {
      terminal.out(help());
      return 0;
    }
    refuseVersionControl(typed);
    const options = replaceDeprecated(typed, terminal);
    // A single empty word is what a shell makes of an empty variable: no command.
    const words = typedWords.length === 1 && typedWords[0] === "" ? [] : typedWords;
    const read = await readConfiguration(terminal, options);
    const { configuration } = read;
    const settings = workerSettings(configuration, options);
    const executorModule = await resolveExecutor(settings.executor);
    const plan = await planHunt({ terminal, configuration, options, words });

    await using session = await openSession(terminal, options, read);
    const { record, notes } = await defineExperiment(session.storage, plan.request);
    for (const note of notes) terminal.error(`Warning: ${note}\n`);
    if (options.initOnly) return 0;
    const command = plan.command ?? (await storedCommand(record.definition.metadata, terminal));
    await using executor = await executorModule.open();
    return await hunt({ terminal, session, record, command, executor, settings, isJson: options.json ?? false });
  },
});

/** What belongs to experiment version control is known, and answered honestly. */
function refuseVersionControl(options: HuntOptions): void {
  const asked = Object.keys(options).find((key) => Object.hasOwn(versionControlOptions, key));
  if (asked === undefined) return;
  throw new ConfigurationError(
    `The option ${versionControlOptions[asked]} belongs to version control, which is not there yet.`,
    "Give a changed experiment another name with -n, or go on in place with --force-config.",
  );
}

function replaceDeprecated(options: HuntOptions, terminal: Terminal): HuntOptions {
  const replaced: Record<string, unknown> = { ...options };
  for (const [old, now] of Object.entries(deprecated)) {
    if (replaced[old] === undefined) continue;
    const dashed = (key: string) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    terminal.error(`Warning: ${dashed(old)} is deprecated; use ${dashed(now)}.\n`);
    replaced[now] ??= replaced[old];
  }
  return replaced;
}

function workerSettings(configuration: Session["configuration"], options: HuntOptions) {
  const pattern = configuration.pick("worker.objective_pattern", { commandLine: options.objectivePattern });
  return {
    nWorkers: configuration.pick("worker.n_workers", { commandLine: options.nWorkers }).value,
    executor: configuration.pick("worker.executor", { commandLine: options.executor }).value,
    maxTrials: configuration.pick("worker.max_trials", { commandLine: options.workerMaxTrials }).value,
    maxBroken: configuration.pick("worker.max_broken", { commandLine: options.workerMaxBroken }).value,
    heartbeatMs: 1000 * configuration.pick("worker.heartbeat", { commandLine: options.heartbeat }).value,
    idleTimeoutMs: 1000 * configuration.pick("worker.idle_timeout", { commandLine: options.idleTimeout }).value,
    graceMs: 1000 * configuration.pick("worker.grace", { commandLine: options.grace }).value,
    interruptCode: configuration.pick("worker.interrupt_signal_code", { commandLine: options.interruptSignalCode })
      .value,
    objectivePattern: pattern.value === undefined ? undefined : readPattern(pattern.value, pattern.source),
  };
}

function readPattern(text: string, source: string): RegExp {
  try {
    return new RegExp(text, "gm");
  } catch (error) {
    throw new UsageError(
      `The objective pattern "${text}" (${source}) is no regular expression: ${(error as Error).message}.`,
      "For example --objective-pattern 'loss: (\\S+)'.",
    );
  }
}

interface Hunt {
  readonly terminal: Terminal;
  readonly session: Session;
  readonly record: ExperimentRecord;
  readonly command: CommandSettings["command"];
  readonly executor: CommandSettings["executor"];
  readonly settings: ReturnType<typeof workerSettings>;
  readonly isJson: boolean;
}

async function hunt({ terminal, session, record, command, executor, settings, isJson }: Hunt): Promise<number> {
  const { storage, directories } = session;
  const experiment = await openExperiment(storage, record);
  const worker = createWorkerId({ pid: process.pid, nonce: randomBytes(8).toString("hex") });
  const root = trialRoot({ cacheDirectory: directories.cache, record });
  const handedIn = await handInSpooled(root.folder, storage);
  if (handedIn > 0) terminal.error(`Handed in ${handedIn} results that an earlier worker had to leave in files.\n`);

  const guard = startGuard({ worker, path: terminal.env.PATH ?? "/usr/bin:/bin" });
  const display = showProgress({ terminal, experiment, isJson });
  const follower = createFollower({
    stdout: display.print,
    stderr: display.printError,
    ...(settings.nWorkers > 1 ? { prefix: (number: number) => `[trial ${number}] ` } : {}),
  });
  const stop = listenForStop({ terminal, graceMs: settings.graceMs, killAll: () => executor.close() });
  const evaluate = evaluateCommand({
    ...settings,
    record,
    space: experiment.space,
    command,
    executor,
    follower,
    worker,
    root,
    directory: terminal.directory,
    environment: definedOnly(terminal.env),
    onNote: once((note) => display.printText(`Note: ${note}\n`)),
  });
  const warn = once((error) => display.printText(`Warning: ${(error as Error).message} Trying again.\n`));
  try {
    const end = await runWorker({
      ...settings,
      experiment,
      worker,
      signal: stop.signal,
      isGone,
      directoryOf: (trial) => trialDirectoryOf(root, trial),
      evaluate,
      events: {
        started: display.started,
        ended: (trial, verdict) => {
          display.ended(trial, verdict);
          if (verdict.kind === "completed") removeTrialDirectory(root, trial);
        },
        late: (trial, fate) => display.printText(`Trial ${trial.number} ${fates[fate]}\n`),
        trouble: warn,
        spooled: (trial, path) =>
          display.printText(`The results of trial ${trial.number} are kept in ${path}; the next hunt hands them in.\n`),
      },
    });
    await display.stop();
    return await conclude({ terminal, session, record, experiment, end, isJson });
  } finally {
    await display.stop();
    stop.ignore();
    guard.close();
    follower.close();
    removeEmptyRoot(root);
  }
}

const fates = {
  kept: "had been finished by another worker meanwhile; its results are kept beside.",
  removed: "had been removed meanwhile; its results are dropped with it.",
} as const;

/** The same trouble again is no news. */
function once<T>(tell: (value: T) => void): (value: T) => void {
  let isTold = false;
  return (value) => {
    if (!isTold) tell(value);
    isTold = true;
  };
}

interface StopOptions {
  readonly terminal: Terminal;
  readonly graceMs: number;
  readonly killAll: () => Promise<void>;
}

/** The first signal ends the hunt in order; the second one at once. */
function listenForStop({ terminal, graceMs, killAll }: StopOptions): { signal: AbortSignal; ignore: () => void } {
  const controller = new AbortController();
  const ignore = terminal.onStopSignal(() => {
    if (controller.signal.aborted) {
      void killAll().finally(() => terminal.exit(130));
      return;
    }
    controller.abort();
    terminal.error(
      `Stopping: running scripts get TERM, and KILL after ${graceMs / 1000} s. Interrupt again to end at once.\n`,
    );
  });
  return { signal: controller.signal, ignore };
}

interface Conclusion extends Pick<Hunt, "terminal" | "session" | "record" | "isJson"> {
  readonly experiment: Awaited<ReturnType<typeof openExperiment>>;
  readonly end: WorkerEnd;
}

/** What a worker says last, and its exit code. */
async function conclude({ terminal, session, record, experiment, end, isJson }: Conclusion): Promise<number> {
  const { storage } = session;
  const current = (await storage.getExperiment(record.name, record.version)) ?? record;
  const stats = statsOf({ record: current, space: experiment.space, summary: await storage.summarize(record.id) });
  if (isJson) {
    const { name, version } = record;
    terminal.out(
      `${JSON.stringify({ name, version, end: end.kind, completedHere: end.completed, brokenHere: end.broken, stats }, null, 2)}\n`,
    );
  } else {
    if (end.kind === "interrupted") terminal.out("Orion is interrupted.\n");
    terminal.out(`${endings[end.kind]}\n\n${showStats(stats, experiment.space)}`);
    if (!stats.completed)
      terminal.out(`\nHow it goes on: orion status -n ${record.name}; orion hunt -n ${record.name}\n`);
  }
  if (end.kind === "interrupted") return 130;
  if (end.kind !== "broken" && end.kind !== "worker-broken") return 0;
  throw new BrokenExperimentError(
    end.kind === "broken"
      ? `Experiment "${record.name}" is broken: ${current.maxBroken} trials failed.`
      : `This worker stops: ${end.broken} of its trials are broken.`,
    `Look at them with \`orion info -n ${record.name}\`; then \`orion db rm ${record.name} --status broken\`, ` +
      "or go on with a larger --exp-max-broken or --worker-max-broken.",
  );
}

const endings: Readonly<Record<WorkerEnd["kind"], string>> = {
  done: "Search finished successfully.",
  exhausted: "Search finished successfully: every point of the space was tried.",
  broken: "Trials failed too many times.",
  "worker-broken": "Worker has reached broken trials threshold.",
  "worker-limit": "This worker has completed as many trials as it was asked to.",
  "left-to-others": "Nothing left for this worker: the remaining trials run elsewhere.",
  interrupted: "The trials that were running will be resumed by the next hunt.",
};

function definedOnly(env: Terminal["env"]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

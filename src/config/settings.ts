import {
  algorithm,
  boolean,
  choice,
  integer,
  liftable,
  list,
  mapping,
  number,
  type SettingType,
  storage,
  storedName,
  string,
} from "./setting-types.js";

/** One key of the configuration. */
interface Setting {
  readonly type: SettingType<unknown>;
  /** Used when no layer says anything; `undefined` where there is none. */
  readonly default: unknown;
  /** Environment variable. */
  readonly variable?: string;
  /** Option of the command line, for error messages. */
  readonly option?: string;
  /** True for keys that describe one experiment: a file for all of them must not set these. */
  readonly isLocal?: true;
  /** Read so that files can be shared with what knows it, but without effect yet; whoever sets it is warned. */
  readonly isIdle?: true;
  /** One line for the manual. */
  readonly doc: string;
}

const unlimitedCount = integer({ from: 0, unlimited: true });
const brokenCount = integer({ from: 1, unlimited: true });
const changeType = choice("noeffect", "break", "unsure");

/** Every key that a configuration knows. What else a file holds is refused. */
export const settings = {
  storage: {
    type: storage,
    default: undefined,
    variable: "ORION_STORAGE",
    option: "--storage",
    doc: "Where the history is kept. Without it: `orion.sqlite` in the user's data directory.",
  },
  "experiment.name": {
    type: storedName,
    default: undefined,
    option: "--name",
    isLocal: true,
    doc: "Name of the experiment.",
  },
  "experiment.version": {
    type: integer({ from: 1 }),
    default: undefined,
    option: "--version",
    isLocal: true,
    doc: "Version of the experiment; the newest one when absent.",
  },
  "experiment.user": {
    type: string,
    default: undefined,
    option: "--user",
    isLocal: true,
    doc: "User recorded with the experiment; the user of the operating system when absent.",
  },
  "experiment.max_trials": {
    type: unlimitedCount,
    default: Number.POSITIVE_INFINITY,
    variable: "ORION_EXP_MAX_TRIALS",
    option: "--exp-max-trials",
    doc: "Completed trials after which the experiment is done. Stored with the experiment.",
  },
  "experiment.max_broken": {
    type: brokenCount,
    default: 3,
    variable: "ORION_EXP_MAX_BROKEN",
    option: "--exp-max-broken",
    doc: "Broken trials after which the experiment is given up. Stored with the experiment.",
  },
  "experiment.working_dir": {
    type: string,
    default: "",
    variable: "ORION_WORKING_DIR",
    option: "--working-dir",
    doc: "Parent of the directories of all trials, which are then kept. Empty: below the user's cache directory.",
  },
  "experiment.algorithm": {
    type: algorithm,
    default: { name: "auto", options: {} },
    option: "--algorithm",
    doc: "`sobol`, `{sobol: {seed: 7}}` or `{of_type: sobol, seed: 7}`.",
  },
  "experiment.direction": {
    type: choice("minimize", "maximize"),
    default: "minimize",
    option: "--direction",
    doc: "Whether to minimise or to maximise the objective.",
  },
  "experiment.stopping": {
    type: algorithm,
    default: undefined,
    option: "--stopping",
    doc: "Rule that stops trials early, judging by what they report while they run: `median`, `{asha: {min_resource: 2}}`, or `none`.",
  },
  "experiment.target": {
    type: liftable(number({ from: Number.NEGATIVE_INFINITY }), { isOrdered: false }),
    default: undefined,
    option: "--target",
    doc: "The search ends when an objective is as good as this.",
  },
  "experiment.patience": {
    type: liftable(integer({ from: 1 }), { isOrdered: true }),
    default: undefined,
    option: "--patience",
    doc: "The search ends after this many completed trials without an improvement.",
  },
  "experiment.max_time": {
    type: liftable(number({ from: 0 }), { isOrdered: true }),
    default: undefined,
    option: "--max-time",
    doc: "The search ends this many seconds after its first trial began; running trials go on to their ends.",
  },
  "experiment.max_cost": {
    type: liftable(number({ from: 0 }), { isOrdered: true }),
    default: undefined,
    option: "--max-cost",
    doc: 'The search ends when its trials have cost this much: the sum of their statistic "cost", or else of their seconds.',
  },
  "worker.n_workers": {
    type: integer({ from: 1 }),
    default: 1,
    variable: "ORION_N_WORKERS",
    option: "--n-workers",
    doc: "Trials that one process runs at the same time.",
  },
  "worker.pool_size": {
    type: integer({ from: 0 }),
    default: 0,
    variable: "ORION_POOL_SIZE",
    option: "--pool-size",
    isIdle: true,
    doc: "Points to ask of the algorithm at a time; 0 means as many as `worker.n_workers`.",
  },
  "worker.executor": {
    type: string,
    default: "inline",
    variable: "ORION_EXECUTOR",
    option: "--executor",
    doc: "Where the trials of a process run: [executors](parallel.md#executors).",
  },
  "worker.executor_configuration": {
    type: mapping,
    default: {},
    option: "--executor-configuration",
    doc: "Options of the executor: [a list](parallel.md#options-of-executors).",
  },
  "worker.heartbeat": {
    type: integer({ from: 1 }),
    default: 120,
    variable: "ORION_HEARTBEAT",
    option: "--heartbeat",
    doc: "Seconds without a sign of life after which a trial may be taken over. Renewed three times as often.",
  },
  "worker.grace": {
    type: number({ from: 0 }),
    default: 10,
    variable: "ORION_GRACE",
    option: "--grace",
    doc: "Seconds that a program has to end after TERM, before it is killed.",
  },
  "worker.max_trials": {
    type: unlimitedCount,
    default: Number.POSITIVE_INFINITY,
    variable: "ORION_WORKER_MAX_TRIALS",
    option: "--worker-max-trials",
    doc: "Trials that one process completes before it stops.",
  },
  "worker.max_broken": {
    type: brokenCount,
    default: 3,
    variable: "ORION_WORKER_MAX_BROKEN",
    option: "--worker-max-broken",
    doc: "Broken trials after which one process stops.",
  },
  "worker.idle_timeout": {
    type: integer({ from: 0 }),
    default: 60,
    variable: "ORION_IDLE_TIMEOUT",
    option: "--idle-timeout",
    doc: "Seconds that a process waits when it has nothing to run; then it leaves the rest to the workers that have.",
  },
  "worker.interrupt_signal_code": {
    type: integer({ from: 1, to: 255 }),
    default: 130,
    variable: "ORION_INTERRUPT_CODE",
    option: "--interrupt-signal-code",
    doc: "Exit code with which a program says that it was interrupted.",
  },
  "worker.user_script_config": {
    type: string,
    default: "config",
    variable: "ORION_USER_SCRIPT_CONFIG",
    option: "--user-script-config",
    doc: "Name of the program's option that carries its configuration file.",
  },
  "worker.objective_pattern": {
    type: string,
    default: undefined,
    variable: "ORION_OBJECTIVE_PATTERN",
    option: "--objective-pattern",
    doc: "Regular expression whose first group (or the whole match, if it has none) is the objective; its last match in a program's output counts when nothing is reported. Stored with the experiment.",
  },
  "evc.enable": {
    type: boolean,
    default: false,
    variable: "ORION_EVC_ENABLE",
    option: "--enable-evc",
    doc: "Branch an experiment into a new version when its definition changes.",
  },
  "evc.manual_resolution": {
    type: boolean,
    default: false,
    variable: "ORION_EVC_MANUAL_RESOLUTION",
    option: "--manual-resolution",
    isIdle: true,
    doc: "Ask how each change is intended.",
  },
  "evc.non_monitored_arguments": {
    type: list(":"),
    default: [],
    variable: "ORION_EVC_NON_MONITORED_ARGUMENTS",
    option: "--non-monitored-arguments",
    doc: "Arguments of the program that may change without a new version.",
  },
  "evc.ignore_code_changes": {
    type: boolean,
    default: false,
    variable: "ORION_EVC_IGNORE_CODE_CHANGES",
    option: "--ignore-code-changes",
    isIdle: true,
    doc: "Do not look at the program's repository.",
  },
  "evc.algorithm_change": {
    type: boolean,
    default: false,
    variable: "ORION_EVC_ALGO_CHANGE",
    option: "--algorithm-change",
    isIdle: true,
    doc: "A change of the algorithm is intended.",
  },
  "evc.code_change_type": {
    type: changeType,
    default: "break",
    variable: "ORION_EVC_CODE_CHANGE",
    option: "--code-change-type",
    isIdle: true,
    doc: "How trials cross a change of the code.",
  },
  "evc.cli_change_type": {
    type: changeType,
    default: "break",
    variable: "ORION_EVC_CMDLINE_CHANGE",
    option: "--cli-change-type",
    isIdle: true,
    doc: "How trials cross a change of the command line.",
  },
  "evc.config_change_type": {
    type: changeType,
    default: "break",
    variable: "ORION_EVC_CONFIG_CHANGE",
    option: "--config-change-type",
    isIdle: true,
    doc: "How trials cross a change of the program's configuration file.",
  },
  "evc.orion_version_change": {
    type: boolean,
    default: false,
    variable: "ORION_EVC_ORION_VERSION_CHANGE",
    option: "--orion-version-change",
    isIdle: true,
    doc: "A change of the version of `orion` is intended.",
  },
  "evc.branch_from": {
    type: string,
    default: undefined,
    option: "--branch-from",
    isLocal: true,
    isIdle: true,
    doc: "Experiment from which the named one branches.",
  },
  "evc.branch_to": {
    type: string,
    default: undefined,
    option: "--branch-to",
    isLocal: true,
    isIdle: true,
    doc: "Name of the experiment that branches from the named one.",
  },
  frontends_uri: {
    // A colon is part of every address, so it cannot stand between them.
    type: list(","),
    default: ["http://localhost:3000"],
    variable: "ORION_WEBAPI_FRONTENDS_URI",
    isIdle: true,
    doc: "Origins from which a browser may ask the server.",
  },
  gunicorn: {
    type: mapping,
    default: {},
    isLocal: true,
    isIdle: true,
    doc: "Options of the server: `bind` is `HOST:PORT`.",
  },
  debug: {
    type: boolean,
    default: false,
    option: "--debug",
    doc: "Keep the history in memory and forget it at the end.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settings;

/** What `pick` gives for a key. */
export type SettingValue<Key extends SettingKey> =
  | ((typeof settings)[Key]["type"] extends SettingType<infer Value> ? Value : never)
  | Widened<(typeof settings)[Key]["default"]>;

// A default is a value of its type; only `undefined` adds something.
type Widened<Default> = Default extends undefined ? undefined : never;

/** The entry of a key, with the types of all entries alike. */
export function settingOf(key: SettingKey): Setting {
  return settings[key];
}

/** True when `text` is a key of the table. */
export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(settings, text);
}

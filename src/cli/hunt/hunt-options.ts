import type { Command as CommanderCommand } from "commander";
import { CommandLineError } from "../../errors.js";
import { executors } from "../../executors/registry.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../common-options.js";
import { parseAssignments } from "./parse-assignments.js";

export interface HuntOptions extends CommonOptions {
  readonly expMaxTrials?: number;
  readonly expMaxBroken?: number;
  readonly workingDir?: string;
  readonly algorithm?: string;
  readonly direction?: string;
  readonly stopping?: string;
  readonly target?: string;
  readonly patience?: string;
  readonly maxTime?: string;
  readonly maxCost?: string;
  readonly initOnly?: boolean;
  readonly forceConfig?: boolean;
  readonly nWorkers?: number;
  readonly poolSize?: number;
  readonly executor?: string;
  readonly executorConfiguration?: Readonly<Record<string, unknown>>;
  readonly heartbeat?: number;
  readonly workerMaxTrials?: number;
  readonly workerMaxBroken?: number;
  readonly idleTimeout?: number;
  readonly grace?: number;
  readonly interruptSignalCode?: number;
  readonly objectivePattern?: string;
  readonly userScriptConfig?: string;
  readonly nonMonitoredArguments?: string;
  readonly maxTrials?: number;
  readonly workerTrials?: number;
  readonly maxIdleTime?: number;
}

/** Deprecated options, and what they are called now. */
export const deprecated = {
  maxTrials: "expMaxTrials",
  workerTrials: "workerMaxTrials",
  maxIdleTime: "idleTimeout",
} as const satisfies Partial<Record<keyof HuntOptions, keyof HuntOptions>>;

/** Options of experiment version control, which is not there yet: as commander knows them, and as typed. */
export const versionControlOptions: Readonly<Record<string, string>> = {
  enableEvc: "--enable-evc",
  manualResolution: "--manual-resolution",
  branchFrom: "--branch-from",
  branchTo: "--branch-to",
  algorithmChange: "--algorithm-change",
  orionVersionChange: "--orion-version-change",
  codeChangeType: "--code-change-type",
  cliChangeType: "--cli-change-type",
  configChangeType: "--config-change-type",
};

/** Declare the options of `hunt`. */
export function addHuntOptions(command: CommanderCommand): void {
  const count = (flag: string, from?: number) => [`${flag} <n>`, wholeNumber(flag, from)] as const;
  const limit = (flag: string, from?: number) => [`${flag} <n>`, wholeNumber(flag, from, true)] as const;
  const add = ([flags, parse]: readonly [string, (text: string) => number], doc: string) =>
    command.option(flags, doc, parse);

  addCommonOptions(command);
  command.optionsGroup("The experiment (stored with it):");
  add(limit("--exp-max-trials"), "completed trials after which the experiment is done (inf: no limit)");
  add(limit("--exp-max-broken", 1), "broken trials after which the experiment is given up (default 3)");
  command
    .option("--algorithm <name>", "algorithm, with options: sobol, or random:seed=7 (default auto)")
    .option(
      "--direction <which>",
      "minimize (default) or maximize the objective",
      oneOf("--direction", ["minimize", "maximize"]),
    )
    .option("--stopping <rule>", "stop trials early by what they report: median, asha:min_resource=2 … (none: no rule)")
    .option("--target <value>", "end the search when an objective is as good as this (none: no limit)")
    .option("--patience <n>", "end it after this many completed trials without an improvement (none: no limit)")
    .option("--max-time <seconds>", "end it this long after its first trial began (none: no limit)")
    .option("--max-cost <cost>", 'end it when its trials have cost this much: "cost", else seconds (none: no limit)')
    .option("--working-dir <path>", "keep the directory of each trial below this one")
    .option(
      "--objective-pattern <regex>",
      "take the objective from the script's output: last match, first group ('': none)",
    )
    .option("--user-script-config <name>", "the script's option that carries its configuration file (default config)")
    .option("--non-monitored-arguments <names>", "arguments of the script that may differ, separated by colons")
    .option("--init-only", "register the experiment and run nothing")
    .option("--force-config", "continue in place although the space or the command changed; marks the experiment");

  command.optionsGroup("This worker:");
  add(count("--n-workers", 1), "trials to run at the same time (default 1)");
  add(limit("--worker-max-trials"), "trials that this worker completes before it stops");
  add(limit("--worker-max-broken", 1), "broken trials after which this worker stops (default 3)");
  add(count("--heartbeat", 1), "seconds without a sign of life after which a trial is lost (default 120)");
  add(count("--idle-timeout"), "seconds to wait with nothing to do (default 60)");
  command
    .option("--grace <seconds>", "time for the script to end after TERM, before KILL (default 10)", seconds("--grace"))
    .option(
      "--interrupt-signal-code <n>",
      "exit code of the script that means interrupted (default 130)",
      exitCode("--interrupt-signal-code"),
    );
  command
    .option("--executor <which>", `where the trials run: ${Object.keys(executors).join(", ")} (default inline)`)
    .option(
      "--executor-configuration <assignments>",
      "options of the executor: key=value, several with commas or by repeating it",
      assignments("--executor-configuration"),
    );
  add(count("--pool-size"), "accepted for old command lines; suggestions are always made one at a time");

  hidden(command);
  command.addHelpText(
    "after",
    `
Write a prior where the value would stand; everything from the script on reaches it unchanged:
  orion hunt -n mnist --exp-max-trials 100 ./train.py --lr~'loguniform(1e-5, 1)' --layers~'uniform(1, 8, discrete=True)'
  orion hunt -n mnist                                continue; run it in more terminals for more workers
  orion hunt -n fast --n-workers 4 --objective-pattern 'loss: (\\S+)' ./bench --level~'choices([1, 2, 3])'
Exit codes: 0 done, or this worker's limit reached; 1 error; 2 usage; 3 too many broken trials; 130 interrupted.`,
  );
}

/** A parser for commander: a number of seconds, fractions allowed. @throws {CommandLineError} for anything else. */
function seconds(option: string): (text: string) => number {
  return (text) => {
    if (/^(\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
    throw new CommandLineError(`${option} takes a number of seconds, not "${text}".`, `For example ${option} 2.5.`);
  };
}

/** A parser for commander: `key=value,key=value`; what is repeated adds up. @throws {CommandLineError} */
function assignments(option: string) {
  return (text: string, before: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> => ({
    ...before,
    ...parseAssignments(text, (part) => {
      throw new CommandLineError(
        `In ${option} "${text}", "${part}" is not of the form key=value.`,
        `For example ${option} address=tcp://127.0.0.1:8786.`,
      );
    }),
  });
}

function exitCode(option: string): (text: string) => number {
  return (text) => {
    const code = Number(text);
    if (/^\d+$/.test(text) && code >= 1 && code <= 255) return code;
    throw new CommandLineError(
      `${option} takes an exit code from 1 to 255, not "${text}".`,
      `For example ${option} 75.`,
    );
  };
}

function oneOf(option: string, choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new CommandLineError(
      `${option} takes ${choices.join(" or ")}, not "${text}".`,
      `Write ${option} ${choices[0]}.`,
    );
  };
}

/** Deprecated names, and what belongs to version control: known, but not shown. */
function hidden(command: CommanderCommand): void {
  const hide = (flags: string, parse?: (text: string) => number) => {
    const option = command.createOption(flags).hideHelp();
    command.addOption(parse === undefined ? option : option.argParser(parse));
  };
  hide("--max-trials <n>", wholeNumber("--max-trials", 0, true));
  hide("--worker-trials <n>", wholeNumber("--worker-trials", 0, true));
  hide("--max-idle-time <n>", wholeNumber("--max-idle-time"));
  hide("--enable-evc");
  hide("--manual-resolution");
  hide("--auto-resolution");
  hide("--ignore-code-changes");
  hide("--branch-from <name>");
  hide("-b, --branch-to <name>");
  hide("--algorithm-change");
  hide("--orion-version-change");
  hide("--code-change-type <type>");
  hide("--cli-change-type <type>");
  hide("--config-change-type <type>");
}

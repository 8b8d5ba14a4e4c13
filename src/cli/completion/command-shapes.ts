import type { Command as CommanderCommand, Option } from "commander";
import { algorithms } from "../../algorithms/registry.js";
import { executors } from "../../executors/registry.js";
import { stoppingRules } from "../../stopping/registry.js";
import { loadPolicies } from "../../transfer/place-experiments.js";
import { trialStatuses } from "../../trial/trial.js";
import { commandOf, createProgram } from "../program.js";
import { type CommandName, commands } from "../registry.js";

/** What may stand where a value is expected. */
export type ValueKind = "experiment" | "algorithm" | "file" | "text" | readonly string[];

/** The fixed words among which a value is; none where it is something else. */
export function wordsOf(kind: ValueKind | undefined): readonly string[] {
  if (kind === "algorithm") return Object.keys(algorithms);
  return typeof kind === "object" ? kind : [];
}

export interface OptionShape {
  /** `--name`. */
  readonly long: string;
  /** `-n`. */
  readonly short: string | undefined;
  readonly description: string;
  /** `undefined` for an option without a value. */
  readonly value: ValueKind | undefined;
}

/** All that a shell has to know about one command. */
export interface CommandShape {
  /** The words of its name; empty for `orion` itself. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionShape[];
  /** What its positional words are, in their order. */
  readonly positionals: readonly ValueKind[];
  /** True when everything from the first positional word on belongs to the user's script. */
  readonly takesScript: boolean;
}

/** The shapes of `orion` and of each command, as their own declarations say. Loads all commands. */
export async function readCommandShapes(): Promise<CommandShape[]> {
  const program = createProgram({ write: () => {}, width: () => 80 });
  const shapes = [shapeOf(program, [])];
  for (const name of Object.keys(commands) as CommandName[]) {
    const { default: module } = await commands[name].load();
    const command = commandOf(program, name);
    module.configure(command);
    shapes.push(shapeOf(command, name.split(" ")));
  }
  return shapes;
}

function shapeOf(command: CommanderCommand, path: readonly string[]): CommandShape {
  const visible = [...command.options.filter(({ hidden, long }) => !hidden && long), helpOption(command)];
  const takesScript = command.registeredArguments.some(({ variadic }) => variadic);
  return {
    path,
    summary: command.summary(),
    options: visible.map(optionShape),
    positionals: command.registeredArguments.map((one) =>
      one.variadic ? "file" : (one.argChoices ?? kindOf(one.name())),
    ),
    takesScript,
  };
}

function helpOption(command: CommanderCommand): Option {
  return command.createOption("-h, --help", "show this help");
}

function optionShape(option: Option): OptionShape {
  const placeholder = /[<[]([^>\]]+)/.exec(option.flags)?.[1];
  return {
    long: option.long!,
    short: option.short,
    description: option.description,
    value: option.argChoices ?? (placeholder === undefined ? undefined : valueKindOf(option.long!, placeholder)),
  };
}

/** Options whose values are known, or are called a name and are not that of an experiment. */
const valuesOf: Readonly<Record<string, ValueKind>> = {
  "--algorithm": "algorithm",
  "--direction": ["minimize", "maximize"],
  "--executor": Object.keys(executors),
  "--resolve": loadPolicies,
  "--status": trialStatuses,
  "--stopping": [...Object.keys(stoppingRules), "none"],
  "--user-script-config": "text",
};

function valueKindOf(long: string, placeholder: string): ValueKind {
  return valuesOf[long] ?? kindOf(placeholder);
}

const byStatus = trialStatuses.map((status) => `status=${status}`);

const kinds: Readonly<Record<string, ValueKind>> = {
  name: "experiment",
  algorithm: "algorithm",
  file: "file",
  dir: "file",
  path: "file",
  query: byStatus,
  update: byStatus,
};

/** By the word that the help shows in its place. */
function kindOf(placeholder: string): ValueKind {
  return kinds[placeholder] ?? "text";
}

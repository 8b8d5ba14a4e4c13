import type { Dimension, Params, ParamValue, Space } from "../../space/dimension.js";
import { bareName } from "../../space/parse-space.js";
import { formatValue, getParam } from "../../space/values.js";
import type { Metadata } from "../../storage/storage.js";
import { fillTemplate, type TemplateField } from "./fill-template.js";
import type { ConfigTemplate, UserCommand } from "./user-command.js";
import { writeValue } from "./write-value.js";

/** The trial that a command is built for. */
interface CommandTrial {
  readonly id: string;
  readonly number: number;
  readonly params: Params;
  /** Directory of this trial. */
  readonly workingDir: string;
  /** Hash of the parameters without fidelities; see `trial/trial-id.ts`. */
  readonly hashParams: string;
}

interface CommandExperiment {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly workingDir: string;
  readonly metadata: Pick<Metadata, "user" | "datetime" | "orionVersion">;
}

export interface CommandContext {
  readonly trial: CommandTrial;
  readonly experiment: CommandExperiment;
  readonly space: Space;
  /** Where the caller will write `configText`; needed when the command has a configuration file. */
  readonly configPath?: string;
}

export interface BuiltCommand {
  /** One entry per word; no shell is needed. */
  readonly argv: readonly [string, ...string[]];
  /** The configuration file of this trial. */
  readonly configText?: string;
}

/**
 * The command of one trial: values where the priors stood, and templates filled in the words that the user typed.
 *
 * @throws {RangeError} when the trial has no value for a dimension of the command, or `configPath` is missing.
 */
export function buildCommand(command: UserCommand, context: CommandContext): BuiltCommand {
  const values = valuesByName(context);
  const lookUp = fieldLookUp(context, values);
  const [program = "", ...rest] = command.words.map((word) => {
    if (typeof word === "string") return fillTemplate(word, lookUp);
    return word.kind === "config" ? configPath(context) : word.prefix + values(word.dimension).text;
  });
  const argv: BuiltCommand["argv"] = [program, ...rest];
  if (command.config === undefined) return { argv };
  return { argv, configText: writeConfig(command.config, values) };
}

/** The value of a dimension by its name, with or without the leading slash. */
type Values = (name: string) => {
  readonly dimension: Dimension;
  readonly value: ParamValue;
  readonly text: string;
};

function valuesByName({ space, trial }: CommandContext): Values {
  const dimensions = new Map(space.dimensions.map((dimension) => [bareName(dimension.name), dimension]));
  return (name) => {
    const dimension = dimensions.get(bareName(name));
    const value = getParam(trial.params, name);
    if (dimension === undefined || value === undefined) {
      throw new RangeError(`Trial ${trial.number} has no value for the dimension "${name}" of the command.`);
    }
    return { dimension, value, text: formatValue(dimension, value) };
  };
}

function fieldLookUp({ trial, experiment }: CommandContext, values: Values): (field: string) => string {
  const fields: Readonly<Record<TemplateField, string>> = {
    "trial.id": trial.id,
    "trial.number": String(trial.number),
    "trial.working_dir": trial.workingDir,
    "trial.hash_params": trial.hashParams,
    "trial.hash_name": trial.id,
    "trial.experiment": String(experiment.id),
    "exp.id": String(experiment.id),
    "exp.name": experiment.name,
    "exp.version": String(experiment.version),
    "exp.working_dir": experiment.workingDir,
    "exp.metadata[user]": experiment.metadata.user,
    "exp.metadata[datetime]": experiment.metadata.datetime,
    "exp.metadata[orion_version]": experiment.metadata.orionVersion,
  };
  return (field) => {
    const dimension = /^trial\.params\[(.*)\]$/s.exec(field)?.[1];
    if (dimension !== undefined) return values(dimension).text;
    if (Object.hasOwn(fields, field)) return fields[field as TemplateField];
    throw new RangeError(`There is no template {${field}}.`);
  };
}

function configPath({ configPath: path }: CommandContext): string {
  if (path === undefined) throw new RangeError("This command needs a path for its configuration file.");
  return path;
}

function writeConfig({ pieces, format }: ConfigTemplate, values: Values): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      const { dimension, value } = values(piece.dimension);
      return writeValue(value, { dimension, format });
    })
    .join("");
}

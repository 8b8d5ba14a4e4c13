import { isDeepStrictEqual } from "node:util";
import { seedText } from "../algorithms/seed.js";
import { ConfigurationError, ConflictError, NotFoundError } from "../errors.js";
import { shellWord } from "../shell-word.js";
import { bareName } from "../space/parse-space.js";
import { requireResolution } from "../space/require-resolution.js";
import type {
  AlgorithmChoice,
  Definition,
  ExperimentChange,
  ExperimentRecord,
  Metadata,
  ParentLink,
  SearchLimits,
  Storage,
} from "../storage/storage.js";
import { describeDifferences, newPriors } from "./describe-differences.js";

/** What somebody asks an experiment to be. What is absent stays as stored, or takes its default at creation. */
export interface ExperimentRequest {
  readonly name: string;
  readonly version?: number;
  /** Canonical text of each prior by name; absent to go on with what is stored. */
  readonly space?: Readonly<Record<string, string>>;
  readonly algorithm?: AlgorithmChoice;
  readonly direction?: Definition["direction"];
  /** `null` for no rule: trials run to their ends. */
  readonly stopping?: AlgorithmChoice | null;
  /** Those that are given replace the stored ones; `null` lifts one. */
  readonly limits?: AskedLimits;
  readonly maxTrials?: number;
  readonly maxBroken?: number;
  /** "" or absolute. */
  readonly workingDir?: string;
  /** Replaces the stored one; a new experiment has that of `metadata`. "" for none. */
  readonly objectivePattern?: string;
  /** What a new experiment has where the request says nothing; a stored one keeps its own. */
  readonly defaults?: ExperimentDefaults;
  /** Describes the creation; what it says of the command replaces what is stored when forced. */
  readonly metadata: Metadata;
  /** Sentences on how the stored command differs from the one asked for. */
  readonly compareCommand?: (stored: Metadata) => readonly string[];
  /**
   * What to do when the definition changed: refuse (the default), go on in place and mark the experiment, or make a new
   * version of it, which starts without the trials of the old one.
   */
  readonly onChange?: "refuse" | "force" | "new-version";
  /** A random seed, used when the user gave none. */
  readonly drawSeed: () => string;
}

export type AskedLimits = { readonly [Limit in keyof SearchLimits]: SearchLimits[Limit] | null };

export interface ExperimentDefaults {
  readonly algorithm: AlgorithmChoice;
  readonly direction: Definition["direction"];
  readonly maxTrials: number;
  readonly maxBroken: number;
  readonly workingDir: string;
  readonly stopping?: ExperimentRequest["stopping"];
  readonly limits?: AskedLimits;
}

export interface DefinedExperiment {
  readonly record: ExperimentRecord;
  /** What the user should know: a version that was replaced, a changed algorithm. */
  readonly notes: readonly string[];
}

export const plainDefaults: ExperimentDefaults = {
  algorithm: { name: "auto", options: {} },
  direction: "minimize",
  maxTrials: Number.POSITIVE_INFINITY,
  maxBroken: 3,
  workingDir: "",
};

/**
 * Create the experiment that is asked for, or go on with the one that is stored.
 *
 * Any number of workers may do this at once: the UNIQUE (name, version) decides who creates, and everybody else finds
 * the same definition stored and goes on with it.
 *
 * @throws {ConfigurationError} when nothing is stored and no space is given.
 * @throws {SpaceSyntaxError} when a prior that is not stored yet is narrower than its precision.
 * @throws {ConflictError} when the stored space, command or direction is another one; the message says what differs.
 * @throws {NotFoundError} when a version is asked for that was removed.
 */
export async function defineExperiment(storage: Storage, request: ExperimentRequest): Promise<DefinedExperiment> {
  for (;;) {
    const { record, notes } = await findExperiment(storage, request.name, request.version);
    const defined =
      record === undefined
        ? await createUnlessTaken(storage, { request, version: 1 })
        : await resume(storage, { request, stored: record, notes });
    if (defined !== undefined) return defined;
    // Another worker was first with the same thought: look again at what it stored.
  }
}

/**
 * The stored experiment of that name: the version asked for, or the newest. A version beyond the newest means the
 * newest, with a note.
 *
 * @throws {NotFoundError} when other versions exist but not this one.
 */
export async function findExperiment(
  storage: Storage,
  name: string,
  version?: number,
): Promise<{ record: ExperimentRecord | undefined; notes: string[] }> {
  const newest = await storage.getExperiment(name);
  if (newest === undefined || version === undefined || version === newest.version) return { record: newest, notes: [] };
  if (version > newest.version) {
    return {
      record: newest,
      notes: [`There is no version ${version} of "${name}"; version ${newest.version} is the newest and is used.`],
    };
  }
  const record = await storage.getExperiment(name, version);
  if (record === undefined) {
    throw new NotFoundError(
      `There is no version ${version} of experiment "${name}".`,
      "`orion list` shows the versions there are.",
    );
  }
  return { record, notes: [] };
}

interface Creation {
  readonly request: ExperimentRequest;
  readonly version: number;
  readonly parent?: ParentLink;
}

async function createUnlessTaken(
  storage: Storage,
  { request, version, parent }: Creation,
): Promise<DefinedExperiment | undefined> {
  if (request.space === undefined) {
    throw new ConfigurationError(
      `Experiment "${request.name}" does not exist in ${storage.url}, and no search space was given.`,
      {
        command: `Give a command with one: \`orion hunt -n ${shellWord(request.name)} ./script --lr~'loguniform(1e-5, 1)'\`; or look for the name with \`orion list\`.`,
        program: 'Give one: { space: { lr: "loguniform(1e-5, 1)" } }; or look for the name with `orion list`.',
      },
    );
  }
  requireResolution(request.space);
  const { defaults = plainDefaults } = request;
  const algorithm = request.algorithm ?? defaults.algorithm;
  const stopping = request.stopping === undefined ? defaults.stopping : request.stopping;
  const limits = limitsAfter(limitsAfter(undefined, defaults.limits), request.limits);
  const definition: Definition = {
    space: request.space,
    algorithm,
    seed: seedOf(algorithm) ?? request.drawSeed(),
    direction: request.direction ?? defaults.direction,
    ...(stopping == null ? {} : { stopping }),
    ...(limits === undefined ? {} : { limits }),
    metadata: request.metadata,
  };
  try {
    const record = await storage.createExperiment({
      name: request.name,
      version,
      ...(parent === undefined ? {} : { parent }),
      definition,
      maxTrials: request.maxTrials ?? defaults.maxTrials,
      maxBroken: request.maxBroken ?? defaults.maxBroken,
      workingDir: request.workingDir ?? defaults.workingDir,
    });
    return { record, notes: [] };
  } catch (error) {
    return undefinedIfConflict(error);
  }
}

function undefinedIfConflict(error: unknown): undefined {
  if (error instanceof ConflictError) return undefined;
  throw error;
}

/** The seed that the user chose, if any. */
function seedOf({ options }: AlgorithmChoice): string | undefined {
  return seedText(options.seed);
}

interface Resumption {
  readonly request: ExperimentRequest;
  readonly stored: ExperimentRecord;
  readonly notes: string[];
}

async function resume(storage: Storage, resumption: Resumption): Promise<DefinedExperiment | undefined> {
  const { request, stored, notes } = resumption;
  const differences = describeDifferences(request, stored);
  if (differences.length > 0 && request.onChange === "new-version") return branch(storage, resumption, differences);
  if (differences.length > 0 && request.onChange !== "force") {
    const { counts } = await storage.summarize(stored.id);
    throw changedError(stored, {
      differences,
      isFresh: counts.completed === 0,
      isVersionAsked: request.version !== undefined,
    });
  }
  requireResolution(newPriors(stored.definition.space, request.space ?? {}));
  const change = { ...changedLimits(request, stored), ...changedDefinition({ ...resumption, differences }) };
  if (Object.keys(change).length === 0) return { record: stored, notes };
  // Limits may change freely; another definition is decided on what was read, so that must still hold.
  const condition = "definition" in change ? { expectedRevision: stored.definitionRevision } : {};
  try {
    return { record: await storage.changeExperiment(stored.id, { ...change, ...condition }), notes };
  } catch (error) {
    return undefinedIfConflict(error);
  }
}

/** Another definition under the same name: the next version. */
async function branch(
  storage: Storage,
  { request, stored }: Resumption,
  differences: readonly string[],
): Promise<DefinedExperiment | undefined> {
  // One look at all versions: the number that follows from it is UNIQUE, so whoever comes second looks again.
  const versions = await storage.listExperiments(stored.name);
  const child = versions.find(
    (one) => one.parent?.experimentId === stored.id && describeDifferences(request, one).length === 0,
  );
  if (child !== undefined) return { record: child, notes: [] };
  const created = await createUnlessTaken(storage, {
    request: inheriting(request, stored),
    version: Math.max(...versions.map((one) => one.version)) + 1,
    parent: { experimentId: stored.id, adapters: [] },
  });
  if (created === undefined) return undefined;
  const note =
    `"${stored.name}" goes on as version ${created.record.version}, without the trials of version ${stored.version}: ` +
    `${differences.join("; ")}.`;
  return { record: created.record, notes: [note] };
}

/** The request for a next version: what it does not ask for is as in the stored one, whatever the defaults are. */
function inheriting(request: ExperimentRequest, stored: ExperimentRecord): ExperimentRequest {
  const { definition, maxTrials, maxBroken, workingDir } = stored;
  const { stopping = null } = definition;
  const { objectivePattern = definition.metadata.objectivePattern, defaults = plainDefaults } = request;
  return {
    ...{ ...definition, stopping, maxTrials, maxBroken, workingDir },
    ...request,
    limits: { ...definition.limits, ...request.limits },
    defaults: { ...defaults, limits: {} },
    metadata: { ...request.metadata, ...(objectivePattern === undefined ? {} : { objectivePattern }) },
  };
}

interface Changed {
  readonly differences: readonly string[];
  /** Nothing of it has completed: perhaps it was a first attempt, and mistyped. */
  readonly isFresh: boolean;
  /** It need not be the newest one of its name. */
  readonly isVersionAsked: boolean;
}

function changedError(stored: ExperimentRecord, { differences, isFresh, isVersionAsked }: Changed): ConflictError {
  const name = shellWord(stored.name);
  const which = isVersionAsked ? ` -v ${stored.version}` : "";
  // Of a version that was asked for, others may descend, and would go with it.
  const remove =
    isFresh && !isVersionAsked ? `remove it, of which nothing is completed, with \`orion db rm ${name}\`, ` : "";
  return new ConflictError(
    `Experiment "${stored.name}" version ${stored.version} already exists and is another one: ${differences.join("; ")}.`,
    {
      command:
        `Pick another name with -n, ${remove}leave the command out to go on as stored (\`orion hunt -n ${name}${which}\`), or ` +
        "add --force-config to go on in place: old trials stay, and the experiment is marked.",
      program:
        "Pick another name, leave the space and the direction out to go on as stored, or say what to do: " +
        'onChange: "new-version" starts a version without the old trials, onChange: "force" goes on in place.',
    },
  );
}

function changedLimits(request: ExperimentRequest, stored: ExperimentRecord): ExperimentChange {
  const { maxTrials, maxBroken, workingDir } = request;
  return {
    ...(maxTrials !== undefined && maxTrials !== stored.maxTrials ? { maxTrials } : {}),
    ...(maxBroken !== undefined && maxBroken !== stored.maxBroken ? { maxBroken } : {}),
    ...(workingDir !== undefined && workingDir !== stored.workingDir ? { workingDir } : {}),
  };
}

/**
 * Another algorithm is no other experiment: the history is the only state, so any algorithm can go on from it. Nor is
 * another rule that stops trials, another limit of the search, or another objective pattern.
 */
function changedDefinition({ request, stored, differences, notes }: Resumption & { differences: readonly string[] }): {
  definition?: Definition;
} {
  const { definition } = stored;
  const base = differences.length === 0 ? definition : forcedDefinition(definition, { request, differences });
  const next = withChoices(base, request);
  if (isDeepStrictEqual(next, definition)) return {};
  notes.push(...describeChoices(stored, next));
  return { definition: next };
}

interface Forced {
  readonly request: ExperimentRequest;
  readonly differences: readonly string[];
}

/** With the space, the direction and the command that are asked for; that they changed is written down. */
function forcedDefinition(definition: Definition, { request, differences }: Forced): Definition {
  const { direction = definition.direction, metadata } = request;
  const space = request.space === undefined ? definition.space : spelledAs(definition.space, request.space);
  const { datetime, userArgs, userScript, directory, command, priors, vcs } = metadata;
  const typed = Object.entries({ userArgs, userScript, directory, command, priors, vcs });
  const given = request.space === undefined ? [] : typed.filter(([, value]) => value !== undefined);
  const forced = [...(definition.metadata.forced ?? []), { datetime, changes: differences }];
  return {
    ...definition,
    space,
    direction,
    metadata: { ...definition.metadata, ...Object.fromEntries(given), forced },
  };
}

/** A space with names as those of the stored one, of which the ids of trials are made: all with a "/", or all without. */
function spelledAs(stored: Definition["space"], asked: Definition["space"]): Definition["space"] {
  const slash = Object.keys(stored).some((name) => name.startsWith("/")) ? "/" : "";
  return Object.fromEntries(Object.entries(asked).map(([name, text]) => [`${slash}${bareName(name)}`, text]));
}

/** With what may be chosen anew at any time. */
function withChoices(definition: Definition, request: ExperimentRequest): Definition {
  const { stopping: ruleBefore, limits: limitsBefore, ...rest } = definition;
  const { algorithm = definition.algorithm } = request;
  const seed = isDeepStrictEqual(algorithm, definition.algorithm) ? undefined : seedOf(algorithm);
  const stopping = request.stopping === undefined ? ruleBefore : (request.stopping ?? undefined);
  const limits = limitsAfter(limitsBefore, request.limits);
  const { objectivePattern: patternBefore = "" } = definition.metadata;
  const { objectivePattern = patternBefore } = request;
  return {
    ...rest,
    algorithm,
    seed: seed ?? definition.seed,
    ...(stopping === undefined ? {} : { stopping }),
    ...(limits === undefined ? {} : { limits }),
    metadata: { ...definition.metadata, ...(objectivePattern === patternBefore ? {} : { objectivePattern }) },
  };
}

/** Sentences on the choices that the user may not have meant to change. */
function describeChoices({ name, definition: before }: ExperimentRecord, after: Definition): string[] {
  const notes: string[] = [];
  const patterns = [before, after].map(({ metadata: { objectivePattern } }) => objectivePattern ?? "");
  if (patterns[0] !== patterns[1]) {
    const [from, to] = patterns.map((pattern) => (pattern === "" ? "none" : `"${pattern}"`));
    notes.push(`The objective pattern of "${name}" changes from ${from} to ${to}; what was read before stays.`);
  }
  if (!isDeepStrictEqual(before.algorithm, after.algorithm)) {
    const [from, to] = [before, after].map(({ algorithm }) => showAlgorithm(algorithm));
    notes.push(`The algorithm of "${name}" changes from ${from} to ${to}; it goes on from the trials so far.`);
  }
  return notes;
}

/** What a configuration says of limits: the word `none` lifts one, and one that is not set stays as it is. */
export function askedLimits(set: Readonly<Record<string, number | "none" | undefined>>): AskedLimits {
  const asked = Object.entries(set).filter(([, limit]) => limit !== undefined);
  return Object.fromEntries(asked.map(([name, limit]) => [name, limit === "none" ? null : limit]));
}

/** `undefined` where none is left. */
function limitsAfter(before: SearchLimits | undefined, asked: AskedLimits | undefined): SearchLimits | undefined {
  if (asked === undefined) return before;
  const set = Object.entries({ ...before, ...asked }).filter(([, limit]) => limit !== null && limit !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

function showAlgorithm({ name, options }: AlgorithmChoice): string {
  return Object.keys(options).length === 0 ? name : `${name} ${JSON.stringify(options)}`;
}

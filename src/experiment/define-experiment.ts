import { isDeepStrictEqual } from "node:util";
import { seedText } from "../algorithms/seed.js";
import { ConfigurationError, ConflictError, NotFoundError } from "../errors.js";
import { shellWord } from "../shell-word.js";
import { requireResolution } from "../space/require-resolution.js";
import type { Definition, ExperimentChange, ExperimentRecord, ParentLink, Storage } from "../storage/storage.js";
import { limitsAfter } from "./asked-limits.js";
import { changedDefinition, describeChoices } from "./changed-definition.js";
import { describeDifferences, newPriors } from "./describe-differences.js";
import { type ExperimentRequest, plainDefaults } from "./experiment-request.js";

export interface DefinedExperiment {
  readonly record: ExperimentRecord;
  /** What the user should know: a version that was replaced, a changed algorithm. */
  readonly notes: readonly string[];
}

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
    seed: seedText(algorithm.options.seed) ?? request.drawSeed(),
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
      request,
      differences,
      isFresh: counts.completed === 0,
      isVersionAsked: request.version !== undefined,
    });
  }
  requireResolution(newPriors(stored.definition.space, request.space ?? {}));
  const definition = changedDefinition(stored.definition, { request, differences });
  // Limits may change freely; another definition is decided on what was read, so that must still hold.
  const redefinition = isDeepStrictEqual(definition, stored.definition)
    ? {}
    : { definition, expectedRevision: stored.definitionRevision };
  const change = { ...changedLimits(request, stored), ...redefinition };
  if (Object.keys(change).length === 0) return { record: stored, notes };
  notes.push(...describeChoices(stored, definition));
  try {
    return { record: await storage.changeExperiment(stored.id, change), notes };
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

interface Changed extends Pick<Resumption, "request"> {
  readonly differences: readonly string[];
  /** Nothing of it has completed: perhaps it was a first attempt, and mistyped. */
  readonly isFresh: boolean;
  /** It need not be the newest one of its name. */
  readonly isVersionAsked: boolean;
}

function changedError(
  stored: ExperimentRecord,
  { request, differences, isFresh, isVersionAsked }: Changed,
): ConflictError {
  const name = shellWord(stored.name);
  const which = isVersionAsked ? ` -v ${stored.version}` : "";
  // It may stand in a file that is read again without the command.
  const isTurned = request.direction !== undefined && request.direction !== stored.definition.direction;
  const causes = [
    ...(differences.length > (isTurned ? 1 : 0) ? ["the command"] : []),
    ...(isTurned ? ["the direction (--direction, or a configuration file)"] : []),
  ];
  // Of a version that was asked for, others may descend, and would go with it.
  const remove =
    isFresh && !isVersionAsked ? `remove it, of which nothing is completed, with \`orion db rm ${name}\`, ` : "";
  return new ConflictError(
    `Experiment "${stored.name}" version ${stored.version} already exists and is another one: ${differences.join("; ")}.`,
    {
      command:
        `Pick another name with -n, ${remove}leave ${causes.join(" and ")} out to go on as stored (\`orion hunt -n ${name}${which}\`), or ` +
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

import { resolveAlgorithm } from "../algorithms/resolve-algorithm.js";
import { ConflictError, NotFoundError, UsageError } from "../errors.js";
import type { Params } from "../space/dimension.js";
import { parseSpace } from "../space/parse-space.js";
import { printSpace } from "../space/print-dimension.js";
import { pythonRepr } from "../space/python-text.js";
import type { AlgorithmChoice, Definition, ExperimentRecord, Metadata, Storage } from "../storage/storage.js";
import type { Trial } from "../trial/trial.js";
import { trialId } from "../trial/trial-id.js";
import { loadProblem } from "./load-problem.js";
import type { Study } from "./study.js";

/**
 * A comparison of algorithms on problems, stored like an experiment: each of its trials is one study, so any number of
 * processes share it, a killed one loses nothing, and running it again does what is missing.
 */
export interface Benchmark {
  readonly record: ExperimentRecord;
  readonly plan: BenchmarkPlan;
}

/** What a benchmark consists of: every problem with every algorithm, number of workers and repetition. */
export interface BenchmarkPlan {
  /** Names with all their parameters. */
  readonly problems: readonly string[];
  readonly algorithms: readonly LabelledAlgorithm[];
  readonly repetitions: number;
  /** Completed trials of each study. */
  readonly trials: number;
  /** Numbers of simulated workers. */
  readonly workers: readonly number[];
}

export interface LabelledAlgorithm {
  /** As it is shown and told apart: `tpe:gamma=0.1`. */
  readonly label: string;
  readonly choice: AlgorithmChoice;
}

/** Experiments whose names begin so are benchmarks; `orion list` shows them beside each other. */
const namePrefix = "benchmark/";

export function experimentName(name: string): string {
  return `${namePrefix}${name}`;
}

/** The user's name of a benchmark. */
export function benchmarkName({ name }: Pick<ExperimentRecord, "name">): string {
  return name.slice(namePrefix.length);
}

/** All benchmarks in the order of their names. */
export async function listBenchmarks(storage: Storage): Promise<Benchmark[]> {
  const records = await storage.listExperiments();
  return records.flatMap((record) => {
    const plan = planOf(record);
    return plan === undefined ? [] : [{ record, plan }];
  });
}

/** @throws {NotFoundError} when there is none of that name. */
export async function requireBenchmark(storage: Storage, name: string): Promise<Benchmark> {
  const found = await findBenchmark(storage, name);
  if (found !== undefined) return found;
  throw new NotFoundError(
    `There is no benchmark "${name}" in ${storage.url}.`,
    "`orion benchmark list` shows what there is; `orion benchmark run` makes one.",
  );
}

async function findBenchmark(storage: Storage, name: string): Promise<Benchmark | undefined> {
  const record = await storage.getExperiment(experimentName(name));
  const plan = record && planOf(record);
  return record === undefined || plan === undefined ? undefined : { record, plan };
}

function planOf({ name, definition }: ExperimentRecord): BenchmarkPlan | undefined {
  if (!name.startsWith(namePrefix)) return undefined;
  return (definition.metadata.command as { benchmark?: BenchmarkPlan } | undefined)?.benchmark;
}

export interface BenchmarkRequest {
  readonly name: string;
  readonly plan: BenchmarkPlan;
  readonly metadata: Metadata;
}

/**
 * Create a benchmark, or let a stored one grow by what is asked for and not there yet. Nothing is run.
 *
 * @throws {UsageError} for a problem or algorithm that does not exist, or that do not go together.
 * @throws {ConflictError} when the stored studies have another number of trials: they could not be compared.
 */
export async function defineBenchmark(storage: Storage, request: BenchmarkRequest): Promise<Benchmark> {
  const asked = await checkPlan(request.plan);
  for (;;) {
    const stored = await findBenchmark(storage, request.name);
    const benchmark = await createOrGrow(storage, { ...request, plan: asked }, stored);
    if (benchmark === undefined) continue; // another process was first: look again at what it stored
    await insertStudies(storage, benchmark, asked);
    return benchmark;
  }
}

/** The plan with the full names of its problems; what is asked twice is run once. */
async function checkPlan(plan: BenchmarkPlan): Promise<BenchmarkPlan> {
  const problems = await Promise.all(plan.problems.map(loadProblem));
  for (const { space } of problems) {
    for (const { choice } of plan.algorithms) {
      if (choice.options.seed !== undefined) {
        throw new UsageError("In a benchmark each repetition is a seed, so an algorithm takes no seed of its own.");
      }
      await resolveAlgorithm(choice, parseSpace(space));
    }
  }
  return {
    ...plan,
    problems: [...new Set(problems.map(({ name }) => name))],
    algorithms: [...new Map(plan.algorithms.map((one) => [one.label, one])).values()],
    workers: [...new Set(plan.workers)],
  };
}

async function createOrGrow(
  storage: Storage,
  { name, plan, metadata }: BenchmarkRequest,
  stored: Benchmark | undefined,
): Promise<Benchmark | undefined> {
  const next = stored === undefined ? plan : mergePlans(name, stored.plan, plan);
  if (stored !== undefined && JSON.stringify(next) === JSON.stringify(stored.plan)) return stored;
  try {
    return { plan: next, record: await store(storage, { name, plan: next, metadata }, stored?.record) };
  } catch (error) {
    if (error instanceof ConflictError) return undefined;
    throw error;
  }
}

function store(
  storage: Storage,
  { name, plan, metadata }: BenchmarkRequest,
  stored: ExperimentRecord | undefined,
): Promise<ExperimentRecord> {
  if (stored === undefined) {
    const definition = defineStudies(plan, metadata);
    const limits = { maxTrials: Number.POSITIVE_INFINITY, maxBroken: 1e9, workingDir: "" };
    return storage.createExperiment({ name: experimentName(name), definition, ...limits });
  }
  const { id, definition, definitionRevision: expectedRevision } = stored;
  return storage.changeExperiment(id, { definition: defineStudies(plan, definition.metadata), expectedRevision });
}

/** @throws {ConflictError} for another number of trials, which no second look would mend. */
function mergePlans(name: string, stored: BenchmarkPlan, asked: BenchmarkPlan): BenchmarkPlan {
  if (stored.trials !== asked.trials) {
    throw new ConflictError(
      `The studies of benchmark "${name}" have another number of trials than --trials says.`,
      "Leave --trials out to go on as stored, or pick another name with -n.",
    );
  }
  const known = new Set(stored.algorithms.map(({ label }) => label));
  return {
    problems: [...new Set([...stored.problems, ...asked.problems])],
    algorithms: [...stored.algorithms, ...asked.algorithms.filter(({ label }) => !known.has(label))],
    repetitions: Math.max(stored.repetitions, asked.repetitions),
    trials: stored.trials,
    workers: [...new Set([...stored.workers, ...asked.workers])].sort((a, b) => a - b),
  };
}

/** The space whose points are studies. */
function defineStudies(plan: BenchmarkPlan, metadata: Metadata): Definition {
  const choices = (values: readonly (string | number)[]) =>
    `choices([${values.map((value) => pythonRepr(value)).join(", ")}])`;
  const space = parseSpace({
    algorithm: choices(plan.algorithms.map(({ label }) => label)),
    problem: choices(plan.problems),
    repetition: "uniform(1, 1000000, discrete=True)",
    workers: choices(plan.workers),
  });
  return {
    space: printSpace(space),
    algorithm: { name: "random", options: {} },
    seed: "1",
    direction: "minimize",
    metadata: { ...metadata, command: { benchmark: plan } },
  };
}

/** Make a trial for each study that has none. */
async function insertStudies(storage: Storage, { record }: Benchmark, asked: BenchmarkPlan): Promise<void> {
  const space = parseSpace(record.definition.space);
  const all = studyParams(asked).map((params) => ({ id: trialId(space, params), params, workingDir: "" }));
  for (;;) {
    const known = new Set((await storage.listTrials(record.id)).map(({ id }) => id));
    const missing = all.filter(({ id }) => !known.has(id));
    if (missing.length === 0) return;
    try {
      await storage.insertTrials(record.id, missing);
      return;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error; // somebody else inserts the same ones
    }
  }
}

/** Repetition by repetition, so that a benchmark that is stopped half way has compared everybody equally often. */
function studyParams({ algorithms, problems, workers, repetitions }: BenchmarkPlan): Params[] {
  const params: Params[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const problem of problems) {
      for (const count of workers) {
        for (const { label } of algorithms) params.push({ algorithm: label, problem, repetition, workers: count });
      }
    }
  }
  return params;
}

/** The study that a trial of a benchmark stands for. */
export function studyOf({ plan }: Benchmark, { params }: Pick<Trial, "params">): Study {
  const { choice } = plan.algorithms.find(({ label }) => label === params.algorithm)!;
  return {
    problem: params.problem as string,
    algorithm: choice,
    repetition: params.repetition as number,
    trials: plan.trials,
    workers: params.workers as number,
  };
}

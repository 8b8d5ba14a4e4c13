// Runs Optuna beside, where a Python has it: as a child process that suggests, while the problem is evaluated here.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Dimension, Params } from "../src/space/dimension.js";
import { parseSpace } from "../src/space/parse-space.js";

export interface Optuna {
  readonly python: string;
  readonly version: string;
  /** Samplers that work there. */
  readonly samplers: readonly string[];
}

/** The first Python with Optuna, or `undefined`: `ORION_BENCH_PYTHON`, then the usual names. */
export function findOptuna(): Optuna | undefined {
  const probe =
    "import optuna, importlib.util as u; s = ['random', 'tpe', 'tpe-uni'];" +
    "s += ['cma'] if u.find_spec('cmaes') else [];" +
    "s += ['gp'] if hasattr(optuna.samplers, 'GPSampler') and u.find_spec('torch') else [];" +
    "print(optuna.__version__, *s)";
  for (const python of [process.env.ORION_BENCH_PYTHON, "python3", "/usr/bin/python3"]) {
    if (python === undefined) continue;
    try {
      const answer = execFileSync(python, ["-c", probe], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const [version, ...samplers] = answer.trim().split(" ");
      return { python, version: version!, samplers };
    } catch {
      // not this one
    }
  }
  return undefined;
}

export interface OptunaRun {
  readonly python: string;
  readonly sampler: string;
  readonly seed: number;
  readonly trials: number;
  /** Random trials that are there beforehand; default 0. */
  readonly history?: number;
  /** Simulated workers; default 1. */
  readonly workers?: number;
  readonly space: Readonly<Record<string, string>>;
  readonly objective: (params: Params) => number;
}

export interface OptunaOutcome {
  /** Processor milliseconds of each suggestion. */
  readonly times: readonly number[];
  /** Objectives in the order in which the trials ended. */
  readonly values: readonly number[];
}

/** Run a study. */
export async function runOptuna({ python, space, objective, ...setup }: OptunaRun): Promise<OptunaOutcome> {
  const dimensions = parseSpace(space).dimensions.map(describe);
  const child = spawn(python, [join(import.meta.dirname, "optuna-run.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const send = (value: unknown) => child.stdin.write(`${JSON.stringify(value)}\n`);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  send({ ...setup, dimensions });
  const times: number[] = [];
  const asked: number[] = [];
  let values: readonly number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { params: Params; ms: number } | { order: readonly number[] };
    if ("order" in said) {
      values = said.order.map((number) => asked[number]!);
      continue;
    }
    times.push(said.ms);
    asked.push(objective(said.params));
    send(asked.at(-1));
  }
  const code = await ended;
  if (code !== 0) throw new Error(`Optuna ended with exit code ${code}.`);
  return { times, values };
}

export function describe(dimension: Dimension) {
  const { name } = dimension;
  if (dimension.type === "categorical") return { name, choices: dimension.categories.map(({ value }) => value) };
  if (dimension.type === "fidelity") throw new Error("Optuna has no fidelity");
  const { low, high, prior, type } = dimension;
  return { name, low, high, isLog: prior.name === "loguniform", isInteger: type === "integer" };
}

import { UsageError } from "../../errors.js";
import { coordinatesOf } from "../../space/coordinates.js";
import type { Dimension, Params, Space } from "../../space/dimension.js";
import { printDimension } from "../../space/print-dimension.js";
import { fromUnit, toUnit, unitSize } from "../../space/unit-cube.js";
import { checkParams } from "../../space/values.js";
import type { Trial } from "../../trial/trial.js";
import type { SuggestContext, Suggestion } from "../algorithm.js";

/** The messages of the protocol, as `docs/external-algorithms.md` has them. */

/** Raised when an old program could misunderstand what it is sent. */
export const protocolVersion = 1;

/** The first line that a program is sent. */
export function startMessage({ space, seed, maxTrials }: Pick<SuggestContext, "space" | "seed" | "maxTrials">): string {
  return JSON.stringify({
    type: "start",
    protocol: protocolVersion,
    seed,
    maxTrials: Number.isFinite(maxTrials) ? maxTrials : null,
    space: space.dimensions.map(describe),
    coordinates: coordinatesOf(space).map(({ dimension, kind, valueCount }) => ({
      name: dimension.name,
      kind,
      valueCount: finiteOr(valueCount, null),
    })),
  });
}

function describe(dimension: Dimension): Readonly<Record<string, unknown>> {
  const { name, type, shape } = dimension;
  const common = { name, type, shape, text: printDimension(dimension) };
  if (dimension.type === "categorical") {
    const values = dimension.categories.map(({ value }) => value);
    return { ...common, values, probabilities: dimension.probabilities };
  }
  const bounds = { low: finiteOr(dimension.low, null), high: finiteOr(dimension.high, null) };
  if (dimension.type === "fidelity") return { ...common, ...bounds, base: dimension.base };
  return { ...common, ...bounds, prior: dimension.prior.name };
}

export interface Question extends Pick<SuggestContext, "space" | "trialNumber" | "attempt" | "pending"> {
  readonly id: number;
  /** Trials that finished since the last question. */
  readonly finished: readonly Trial[];
  /** `finished` is the whole history, and what was sent before is void. */
  readonly isRewritten: boolean;
}

export function suggestMessage({ space, id, trialNumber, attempt, finished, isRewritten, pending }: Question): string {
  return JSON.stringify({
    type: "suggest",
    id,
    trialNumber,
    attempt,
    ...(isRewritten ? { rewritten: true } : {}),
    finished: finished.map((trial) => ({
      ...describeTrial(space, trial),
      objective: finiteOr(trial.status === "completed" ? trial.objective : undefined, null),
      facts: trial.facts,
    })),
    pending: pending.map((trial) => describeTrial(space, trial)),
  });
}

function describeTrial(space: Space, { number, params }: Trial) {
  return { number, params, point: [...toUnit(space, params)] };
}

function finiteOr<Other>(value: number | undefined, other: Other): number | Other {
  return value !== undefined && Number.isFinite(value) ? value : other;
}

/**
 * Understand an answer.
 *
 * @throws {UsageError} saying what is wrong with it.
 */
export function readAnswer(line: string, { space, id }: Pick<Question, "space" | "id">): Suggestion {
  const answer = parseObject(line);
  if (answer.id !== id) throw wrong(line, `its "id" is not ${id}.`);
  if (answer.error !== undefined) throw new UsageError(`The algorithm's program says: ${answer.error}`);
  if (answer.wait === true) return { kind: "wait" };
  if (answer.done === true) return { kind: "done" };
  const params = readParams(answer, { space, line });
  if (answer.facts === undefined) return { kind: "params", params };
  if (!isObject(answer.facts)) throw wrong(line, 'its "facts" are not an object.');
  return { kind: "params", params, facts: answer.facts };
}

function readParams(
  { params, point }: Readonly<Record<string, unknown>>,
  { space, line }: { readonly space: Space; readonly line: string },
): Params {
  if (isObject(params)) {
    try {
      return checkParams(space, params as Params);
    } catch (error) {
      if (error instanceof UsageError) throw wrong(line, error.message, error.remedy);
      throw error;
    }
  }
  if (!Array.isArray(point)) throw wrong(line, 'it has neither "params" nor "point", "wait" nor "done".');
  const size = unitSize(space);
  const isPoint = point.length === size && point.every((x) => typeof x === "number" && x >= 0 && x <= 1);
  if (!isPoint) throw wrong(line, `its "point" is not a list of ${size} numbers from 0 to 1.`);
  return fromUnit(space, point);
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong(line, "it is not JSON; print notes to standard error.");
  }
  if (!isObject(value)) throw wrong(line, "it is not an object.");
  return value;
}

function wrong(line: string, fault: string, remedy = answers): UsageError {
  const shown = line.length > 200 ? `${line.slice(0, 200)} …` : line;
  return new UsageError(`The algorithm's program answered ${shown}, which cannot be used: ${fault}`, remedy);
}

const answers = "docs/external-algorithms.md has the answers that there are.";

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

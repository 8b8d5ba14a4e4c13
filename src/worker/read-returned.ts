import { describeThrown } from "../executors/call-here.js";
import { decodeJson, encodeJson } from "../space/odd-floats.js";
import type { Result, ResultType } from "../trial/trial.js";
import { checkResults } from "./read-results.js";

/** What a function may return, or a program report of a trial. */
export type Reported = number | readonly ReportedResult[] | ReportedObjective | ObjectiveWithMore;

/** One result of a list; at least one is an objective. */
export interface ReportedResult {
  /** Its type if absent. */
  readonly name?: string;
  readonly type: ResultType;
  readonly value: unknown;
}

/** The objective by its name; what else the object has is kept as statistics. */
export interface ReportedObjective {
  readonly objective: number;
}

/** The same for a literal, in which the compiler would refuse other names. */
export interface ObjectiveWithMore extends ReportedObjective {
  readonly [name: string]: unknown;
}

const wanted = "A number is wanted, {objective: number} with other facts by name, or a list of {name, type, value}.";

/**
 * The results in a value of any kind, as JSON has them: a copy, since whoever gave it may go on with it at once.
 *
 * @returns What is wrong with it instead, as the end of a sentence that begins "The function returned".
 */
export function readReturned(value: unknown): readonly Result[] | string {
  if (value === undefined || value === null) return `nothing. ${wanted}`;
  if (typeof value === "string") return `the text ${show(value)}. ${wanted}`;
  let copy: unknown;
  try {
    copy = typeof value === "number" ? value : decodeJson(encodeJson(value));
  } catch (error) {
    return `something that cannot be stored: ${describeThrown(error).message.split("\n")[0]}.`;
  }
  const results = typeof copy === "number" ? [objectiveResult(copy)] : readDocument(copy);
  if (typeof results === "string") return results;
  // Stored, a NaN would count as completed, and say nothing.
  const isNaNFound = results.some((result) => result.type === "objective" && Number.isNaN(result.value));
  return isNaNFound
    ? "NaN as its objective, which ranks nowhere. For a point that is worthless it may be Infinity."
    : results;
}

function readDocument(value: unknown): readonly Result[] | string {
  if (typeof value === "object" && value !== null && "objective" in value && !("type" in value)) {
    return readNamed(value as Readonly<Record<string, unknown>>);
  }
  if (!Array.isArray(value)) return `${show(value)}, in which there is no objective. ${wanted}`;
  const checked = checkResults(value);
  return typeof checked === "string" ? `a list that ${checked}` : checked.kind === "results" ? checked.results : wanted;
}

function readNamed({ objective, ...others }: Readonly<Record<string, unknown>>): readonly Result[] | string {
  if (typeof objective !== "number") return `the objective ${show(objective)}, which is not a number.`;
  return [
    objectiveResult(objective),
    ...Object.entries(others).map(([name, value]): Result => ({ name, type: "statistic", value })),
  ];
}

function objectiveResult(value: number): Result {
  return { name: "objective", type: "objective", value };
}

/** As JSON, cut where it is long. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

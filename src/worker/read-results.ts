import { fstatSync, readFileSync, type Stats, statSync } from "node:fs";
import { decodeJson } from "../space/odd-floats.js";
import { type Result, type ResultType, resultTypes } from "../trial/trial.js";

/** What a program reported, or why that is no result. */
export type ReadResults =
  | {
      readonly kind: "results";
      readonly results: readonly Result[];
      /** The first one in `results`; may be NaN or infinite. */
      readonly objective: number;
      /** More than 1 deserves a note: only the first counts. */
      readonly objectiveCount: number;
    }
  /** `missing`: it reported nothing. `invalid`: something that cannot be used. `reason` is a sentence for people. */
  | { readonly kind: "missing" | "invalid"; readonly reason: string };

/** Bytes of a results file at most; it goes into the database whole. */
const mostBytes = 16 * 1024 * 1024;
/** Of a file that is no JSON. */
const shownCharacters = 40;
/** Lists and objects within one another at most. */
const deepestNesting = 200;

/**
 * Read a results file: a JSON array of `{name, type, value}` with at least one objective.
 *
 * `true` and `false` count as 1 and 0 where a number is wanted. `NaN`, `Infinity` and `-Infinity` are read as Python's
 * `json` writes them. A single such object, or a bare number, which is then the objective, is taken as well.
 *
 * @param opened - The file as it was before the program started: it is read where there is none at its path any more.
 */
export function readResults(path: string, opened?: number): ReadResults {
  let text: string;
  try {
    text = readText(path, opened);
  } catch (error) {
    if (error instanceof UnfitFile)
      return { kind: "invalid", reason: `The results file "${path}" is ${error.message}.` };
    return { kind: "missing", reason: `The results file cannot be read: ${(error as Error).message}.` };
  }
  const trimmed = text.replace(/^\ufeff/, "").trim();
  if (trimmed === "") return { kind: "missing", reason: `The program wrote no results to "${path}".` };
  const document = parse(trimmed);
  if (document === undefined) {
    const beginning = JSON.stringify(trimmed.slice(0, shownCharacters));
    return { kind: "invalid", reason: `The results file "${path}" is not JSON; it begins with ${beginning}.` };
  }
  const checked = checkResults(document);
  return typeof checked === "string" ? { kind: "invalid", reason: `The results file "${path}" ${checked}` } : checked;
}

class UnfitFile extends Error {}

function readText(path: string, opened: number | undefined): string {
  try {
    checkFile(statSync(path));
    return readFileSync(path, "utf8");
  } catch (error) {
    if (opened === undefined || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    checkFile(fstatSync(opened));
    return readFileSync(opened, "utf8");
  }
}

/** A program may leave anything there, and what never ends would hold up all other trials of the worker. */
function checkFile(file: Stats): void {
  if (!file.isFile()) throw new UnfitFile("not a regular file");
  if (file.size > mostBytes) throw new UnfitFile(`larger than ${mostBytes >> 20} MiB`);
}

/** A number as programs print it: `1`, `-.5`, `1e-5`, `inf`, `-Infinity`, `nan`; `undefined` for anything else. */
export function parseNumber(text: string): number | undefined {
  const word = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return Number(word);
  if (/^[+-]?nan$/i.test(word)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
  return undefined;
}

/** `undefined` for text that is no JSON, which JSON cannot hold. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Strings are matched first, so that a word inside one stays as it is.
    const words = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
    const replaced = text.replaceAll(words, (word) => (word.startsWith('"') ? word : `{"$number":"${word}"}`));
    try {
      return decodeJson(replaced);
    } catch {
      return parseNumber(text);
    }
  }
}

/** The results, or the end of a sentence that begins with where they stand: `the results file "x" must hold …`. */
export function checkResults(document: unknown): ReadResults | string {
  if (typeof document === "number") return objectiveOnly(document);
  const items: unknown = isRecord(document) ? [document] : document;
  if (!Array.isArray(items)) return `must hold an array of results, not ${quote(document)}.`;
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    const result = checkResult(item);
    if (typeof result === "string") return `has a fault in result ${index + 1}: ${result}`;
    results.push(result);
  }
  const objectives = results.filter(({ type }) => type === "objective");
  if (objectives.length === 0) return 'has no objective: one result must have the type "objective".';
  return {
    kind: "results",
    results,
    objective: objectives[0]!.value as number,
    objectiveCount: objectives.length,
  };
}

function checkResult(item: unknown): Result | string {
  if (!isRecord(item)) return `${quote(item)} is not an object with name, type and value.`;
  const { name, type } = item;
  if (!isResultType(type)) return `its type is ${quote(type)}; known types: ${resultTypes.join(", ")}.`;
  if (name !== undefined && typeof name !== "string") return `its name is ${quote(name)}, which is not a text.`;
  if (!isShallow(item.value, deepestNesting)) return `its value is nested more than ${deepestNesting} deep.`;
  const value = type !== "statistic" && typeof item.value === "boolean" ? Number(item.value) : item.value;
  if (!valueFits(type, value)) return `the value of ${withArticle(type)} must be ${wanted(type)}, not ${quote(value)}.`;
  return { name: name ?? type, type, value: value === undefined ? null : value };
}

function valueFits(type: ResultType, value: unknown): boolean {
  if (type === "statistic") return true;
  return typeof value === "number" || (type === "gradient" && isNested(value));
}

/** True when lists and objects lie at most `depth` deep in one another: everybody who reads it descends into it. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}

function isNested(value: unknown): boolean {
  return typeof value === "number" || (Array.isArray(value) && value.every(isNested));
}

function wanted(type: ResultType): string {
  return type === "gradient" ? "a number or a list of numbers" : "a number";
}

function withArticle(type: ResultType): string {
  return type === "objective" ? `an ${type}` : `a ${type}`;
}

function objectiveOnly(objective: number): ReadResults {
  const results: readonly Result[] = [{ name: "objective", type: "objective", value: objective }];
  return { kind: "results", results, objective, objectiveCount: 1 };
}

function isResultType(type: unknown): type is ResultType {
  return (resultTypes as readonly unknown[]).includes(type);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Quoted as JSON, and cut where it is long. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

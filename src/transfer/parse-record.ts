import { UsageError } from "../errors.js";
import type { StoredRecord } from "../storage/records.js";
import { trialStatuses } from "../trial/trial.js";

interface Place {
  readonly path: string;
  readonly line: number;
}

/**
 * A line of a dump as a record.
 *
 * @throws {UsageError} naming the line and the member that is wrong or missing.
 */
export function parseRecord(value: unknown, { path, line }: Place): StoredRecord {
  const record = isRecord(value) ? value : {};
  const { kind } = record;
  const members = typeof kind === "string" && Object.hasOwn(shapes, kind) ? shapes[kind as StoredRecord["kind"]] : {};
  const wrong =
    Object.keys(members).length === 0
      ? "kind"
      : Object.entries(members).find(([name, isSound]) => !isSound(record[name], record))?.[0];
  if (wrong === undefined) return value as StoredRecord;
  const what = record[wrong] === undefined ? "is missing" : `is ${JSON.stringify(record[wrong])}`;
  throw new UsageError(
    `Line ${line} of "${path}" is no record of a dump: "${wrong}" ${what}. Nothing was stored.`,
    "docs/moving-data.md describes each line.",
  );
}

type Test = (value: unknown, record?: Readonly<Record<string, unknown>>) => boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Test = (value) => typeof value === "string";
/** SQLite ends a text at its first NUL. */
const isName: Test = (value) => isText(value) && !(value as string).includes("\0");
const isNumber: Test = (value) => typeof value === "number";
const isWhole: Test = (value) => Number.isSafeInteger(value);
const isCount: Test = (value) => isWhole(value) && (value as number) >= 0;
const isLimit: Test = (value) => value === Number.POSITIVE_INFINITY || isCount(value);
const isStatus: Test = (value) => ([...trialStatuses, "open", "idle"] as unknown[]).includes(value);
const isDefinition: Test = (value) =>
  isRecord(value) &&
  isRecord(value.space) &&
  isRecord(value.algorithm) &&
  isText(value.seed) &&
  isRecord(value.metadata);
const isResults: Test = (value) => Array.isArray(value) && value.every((one) => isRecord(one) && isText(one.type));
const isParent: Test = (value) => isRecord(value) && isCount(value.experiment) && Array.isArray(value.adapters);
const maybe =
  (isSound: Test): Test =>
  (value) =>
    value === undefined || isSound(value);
/** What a trial has, and an empty slot may lack. */
const ofTrial =
  (isSound: Test): Test =>
  (value, record) =>
    (value === undefined && record?.id === undefined) || isSound(value);

const shapes: Readonly<Record<StoredRecord["kind"], Readonly<Record<string, Test>>>> = {
  experiment: {
    experiment: isCount,
    name: isName,
    version: isCount,
    definition: isDefinition,
    maxTrials: isLimit,
    maxBroken: isLimit,
    workingDir: isText,
    createdTime: isWhole,
    revision: isCount,
    definitionRevision: isCount,
    parent: maybe(isParent),
    rewrittenRevision: isCount,
    nextNumber: isCount,
    firstStart: maybe(isWhole),
    lastEnd: maybe(isWhole),
    counts: isRecord,
  },
  "former-definition": { experiment: isCount, untilRevision: isCount, maxTrials: isLimit, definition: isDefinition },
  trial: {
    experiment: isCount,
    number: isCount,
    status: isStatus,
    id: maybe(isText),
    params: ofTrial(isRecord),
    results: maybe(isResults),
    parent: maybe(isText),
    epoch: isCount,
    submitTime: ofTrial(isWhole),
    startTime: maybe(isWhole),
    endTime: maybe(isWhole),
    createdRevision: isCount,
    filledRevision: maybe(isCount),
    changedRevision: isCount,
    finishedRevision: maybe(isCount),
    finishedEpoch: maybe(isCount),
    basisRevision: maybe(isCount),
    attempt: isCount,
    workingDir: isText,
    failure: maybe(isRecord),
    facts: maybe(isRecord),
    claim: maybe(isText),
    stoppedAt: maybe(isNumber),
  },
  "late-results": { experiment: isCount, number: isCount, epoch: isWhole, results: isResults },
  report: { experiment: isCount, number: isCount, step: isNumber, value: isNumber },
};

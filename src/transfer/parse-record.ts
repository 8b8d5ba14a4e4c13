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
      : Object.entries(members).find(([name, isSound]) => !isSound(memberOf(record, name), record))?.[0];
  if (wrong === undefined) return value as StoredRecord;
  const found = memberOf(record, wrong);
  const what = found === undefined ? "is missing" : `is ${JSON.stringify(found)}`;
  throw new UsageError(
    `Line ${line} of "${path}" is not a record of a dump: "${wrong}" ${what}. Nothing was stored.`,
    "docs/moving-data.md describes each line.",
  );
}

/** @param name - With dots on the way into other members. */
function memberOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!name.includes(".")) return record[name];
  return name.split(".").reduce<unknown>((outer, key) => (isRecord(outer) ? outer[key] : undefined), record);
}

type Test = (value: unknown, record?: Readonly<Record<string, unknown>>) => boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Test = (value) => typeof value === "string";
/** What has a column of its own: SQLite ends a text at its first NUL, and PostgreSQL has none. */
const isName: Test = (value) => isText(value) && !(value as string).includes("\0");
const isNumber: Test = (value) => typeof value === "number";
const isWhole: Test = (value) => Number.isSafeInteger(value);
const isCount: Test = (value) => isWhole(value) && (value as number) >= 0;
const isPositive: Test = (value) => isCount(value) && value !== 0;
const isLimit: Test = (value) => value === Number.POSITIVE_INFINITY || isCount(value);
const isStatus: Test = (value) => ([...trialStatuses, "open", "idle"] as unknown[]).includes(value);
const isListOf =
  (isSound: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every((one) => isSound(one));
const isChoice: Test = (value) => isRecord(value) && isText(value.name) && isRecord(value.options);
const isDirection: Test = (value) => value === "minimize" || value === "maximize";
const isResults: Test = isListOf((one) => isRecord(one) && isText(one.type));
const isParent: Test = (value) => isRecord(value) && isCount(value.experiment) && Array.isArray(value.adapters);
const maybe =
  (isSound: Test): Test =>
  (value) =>
    value === undefined || isSound(value);
/** Trials have one, and empty slots have none. */
const isId: Test = (value, record) =>
  record?.status === "open" || record?.status === "idle" ? value === undefined : isName(value);
/** What a trial has, and an empty slot may lack. */
const ofTrial =
  (isSound: Test): Test =>
  (value, record) =>
    (value === undefined && record?.id === undefined) || isSound(value);

const definition: Readonly<Record<string, Test>> = {
  "definition.space": (value) => isRecord(value) && isListOf(isText)(Object.values(value)),
  "definition.algorithm": isChoice,
  "definition.seed": isText,
  "definition.direction": isDirection,
  "definition.stopping": maybe(isChoice),
  "definition.limits": maybe(isRecord),
  "definition.metadata.user": isText,
  "definition.metadata.datetime": isText,
  "definition.metadata.orionVersion": isText,
  "definition.metadata.userArgs": isListOf(isText),
};

const shapes: Readonly<Record<StoredRecord["kind"], Readonly<Record<string, Test>>>> = {
  experiment: {
    experiment: isCount,
    name: isName,
    version: isPositive,
    ...definition,
    maxTrials: isLimit,
    maxBroken: isLimit,
    workingDir: isName,
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
  "former-definition": { experiment: isCount, untilRevision: isCount, maxTrials: isLimit, ...definition },
  trial: {
    experiment: isCount,
    number: isPositive,
    status: isStatus,
    id: isId,
    params: ofTrial(isRecord),
    results: maybe(isResults),
    parent: maybe(isName),
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
    workingDir: isName,
    failure: maybe(isRecord),
    facts: maybe(isRecord),
    claim: maybe(isName),
    stoppedAt: maybe(isNumber),
  },
  "late-results": { experiment: isCount, number: isCount, epoch: isWhole, results: isResults },
  report: { experiment: isCount, number: isCount, step: isNumber, value: isNumber },
};

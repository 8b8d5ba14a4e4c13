import type { ClientTrial } from "./client-trial.js";

/** What a row says of every trial. Times are ISO 8601, UTC; `null` is what is not known. */
export interface RowHead {
  readonly id: string;
  readonly number: number;
  readonly status: ClientTrial<unknown>["status"];
  readonly suggested: string;
  readonly reserved: string | null;
  readonly completed: string | null;
  readonly objective: number | null;
}

/** One trial as a flat record: what a table shows. A parameter called like a column of the head is `params.NAME`. */
export type Row<Params> = RowHead & {
  readonly [Name in keyof Params & string as Name extends keyof RowHead ? `params.${Name}` : Name]: Params[Name];
};

const headColumns = ["id", "number", "status", "suggested", "reserved", "completed", "objective"] as const;

/** The columns of the rows: the head, then the dimensions in the order of their names. */
export function columnsOf(dimensions: readonly string[]): readonly string[] {
  return [...headColumns, ...dimensions.map(columnOf)];
}

const columnOf = (name: string): string =>
  (headColumns as readonly string[]).includes(name) ? `params.${name}` : name;

export function rowOf<Params extends object>(trial: ClientTrial<Params>): Row<Params> {
  const head: RowHead = {
    id: trial.id,
    number: trial.number,
    status: trial.status,
    suggested: isoTime(trial.submitTime)!,
    reserved: isoTime(trial.startTime),
    completed: trial.status === "completed" ? isoTime(trial.endTime) : null,
    objective: trial.objective ?? null,
  };
  const params = Object.entries(trial.params).map(([name, value]) => [columnOf(name), value]);
  return { ...head, ...Object.fromEntries(params) };
}

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

/**
 * Rows as comma-separated values (RFC 4180, with a heading): `null` is an empty field, lists and objects are JSON, and
 * numbers keep all their digits (`NaN`, `Infinity`).
 *
 * @param columns - Which ones, in this order: those of the first row if absent. Those of a client, `client.columns`,
 *   make a heading where there are no rows, too.
 */
export function formatCsv(rows: readonly object[], columns: readonly string[] = Object.keys(rows[0] ?? {})): string {
  const lines = rows.map((row) =>
    columns.map((column) => csvField((row as Readonly<Record<string, unknown>>)[column])),
  );
  return [columns.map(csvField), ...lines].map((fields) => `${fields.join(",")}\n`).join("");
}

function csvField(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value, writeOdd) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Rows as JSON lines: one object a line. Numbers that JSON cannot hold are the texts "NaN", "Infinity" and "-Infinity",
 * which `Number`, and `float` in Python, read back.
 */
export function formatJsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row, writeOdd)}\n`).join("");
}

function writeOdd(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

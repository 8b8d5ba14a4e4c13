import { createHash } from "node:crypto";
import { UsageError } from "../errors.js";
import { fileTrouble } from "../file-trouble.js";
import { decodeJson } from "../space/odd-floats.js";
import type { StoredExperiment, StoredRecord } from "../storage/records.js";
import { type DumpEnd, type DumpHeader, formatName, formatVersion } from "./dump-format.js";
import { parseRecord } from "./parse-record.js";
import { readLines } from "./read-lines.js";

/** A dump that was read to its end once, so it is known to be whole and every line of it to be sound. */
export interface Dump {
  readonly path: string;
  /** In the order of the file. */
  readonly experiments: readonly StoredExperiment[];
  /** All records, or those of the experiments that are chosen; read again, and checked again, each time. */
  records(chosen?: ReadonlySet<number>): Iterable<StoredRecord>;
}

/**
 * Open a dump.
 *
 * @throws {UsageError} when it cannot be read, is no dump, of a newer version, cut off, or changed since it was written.
 */
export function openDump(path: string): Dump {
  const experiments: StoredExperiment[] = [];
  for (const record of readRecords(path)) if (record.kind === "experiment") experiments.push(record);
  return {
    path,
    experiments,
    records: (chosen) => ({
      *[Symbol.iterator]() {
        for (const record of readRecords(path)) {
          if (chosen === undefined || chosen.has(record.experiment)) yield record;
        }
      },
    }),
  };
}

function* readRecords(path: string): Generator<StoredRecord> {
  const sum = createHash("sha256");
  let held: string | undefined; // one line behind, since the last one is not part of the sum
  let at = 0;
  for (const line of linesOf(path)) {
    if (at === 0) requireHeader(path, line);
    if (at > 1) yield parseRecord(parse(path, at, held!), { path, line: at });
    if (held !== undefined) sum.update(`${held}\n`);
    held = line;
    at++;
  }
  requireEnd(path, at < 2 ? undefined : parse(path, at, held!), { records: at - 2, sha256: sum.digest("hex") });
}

function* linesOf(path: string): Generator<string> {
  try {
    yield* readLines(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    throw new UsageError(
      `The file "${path}" cannot be read: ${fileTrouble(cause)}.`,
      "Name a file that `orion db dump` wrote, and that you may read.",
      { cause },
    );
  }
}

function parse(path: string, line: number, text: string): unknown {
  try {
    return decodeJson(text);
  } catch (cause) {
    throw new UsageError(
      `Line ${line} of "${path}" is not JSON: the file was cut off or changed. Nothing was stored.`,
      "Copy the file again from where it was written.",
      { cause },
    );
  }
}

function requireHeader(path: string, line: string): void {
  let header: Partial<DumpHeader> | undefined;
  try {
    header = decodeJson(line) as Partial<DumpHeader>;
  } catch {}
  if (header?.format !== formatName) {
    const isPickle = line.charCodeAt(0) === 0xfffd;
    throw new UsageError(
      `"${path}" is not a file of \`orion db dump\`${isPickle ? ", but perhaps a Python pickle, which is not read" : ""}.`,
      "It would begin with a line of JSON that says so.",
    );
  }
  if (header.version === formatVersion) return;
  throw new UsageError(
    `"${path}" has version ${String(header.version)} of the format, and this orion knows version ${formatVersion}.`,
    `It was written by ${String(header.writtenBy)}: install that version here too.`,
  );
}

function requireEnd(path: string, last: unknown, found: Omit<DumpEnd, "kind">): void {
  const end = last as Partial<DumpEnd> | undefined;
  const remedy = "Copy the file again from where it was written.";
  if (end?.kind !== "end") throw new UsageError(`"${path}" is cut off: it has no end. Nothing was stored.`, remedy);
  if (end.records === found.records && end.sha256 === found.sha256) return;
  throw new UsageError(
    `"${path}" was changed since it was written: its sum is another one. Nothing was stored.`,
    remedy,
  );
}

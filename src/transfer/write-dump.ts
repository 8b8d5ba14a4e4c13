import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { ConflictError, OrionError, UsageError } from "../errors.js";
import { fileTrouble } from "../file-trouble.js";
import { encodeJson } from "../space/odd-floats.js";
import { atRest } from "../storage/at-rest.js";
import type { Storage } from "../storage/storage.js";
import { version } from "../version.js";
import { type DumpEnd, type DumpHeader, formatName, formatVersion } from "./dump-format.js";

interface DumpOptions {
  readonly path: string;
  /** Each parent before its children. */
  readonly experimentIds: readonly number[];
  /** Take the place of a file that exists. */
  readonly isForced: boolean;
}

/**
 * Write experiments to a file, from one consistent state of the database and in the memory of one line. The file is
 * there whole or not at all. What is no regular file, such as a pipe or a device, is written into instead.
 *
 * @returns How many trials are in it.
 * @throws {ConflictError} when the file exists, unless `isForced`.
 * @throws {UsageError} when it cannot be written.
 */
export async function writeDump(storage: Storage, options: DumpOptions): Promise<{ trials: number }> {
  const { path, experimentIds, isForced } = options;
  const known = writing(path, () => statSync(path, { throwIfNoEntry: false }));
  if (known?.isFile() && !isForced) {
    throw new ConflictError(`The file "${path}" exists already.`, "Name another one with -o, or add -f to replace it.");
  }
  if (known !== undefined && !known.isFile()) return writeInto(storage, options);
  // The file itself is replaced, not a link to it.
  const place = known === undefined ? path : realpathSync(path);
  // Of its own: two dumps to one place at the same time would write into each other.
  const part = `${place}.${randomBytes(4).toString("hex")}.part`;
  const file = writing(path, () => openSync(part, "wx"));
  try {
    const write = (text: string) => writing(path, () => writeFileSync(file, text));
    const written = await writeRecords(storage, { experimentIds, write });
    writing(path, () => fsyncSync(file));
    writing(path, () => renameSync(part, place));
    return written;
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

async function writeInto(storage: Storage, { path, experimentIds }: DumpOptions): Promise<{ trials: number }> {
  const file = writing(path, () => openSync(path, "w"));
  try {
    const write = (text: string) => writing(path, () => writeFileSync(file, text));
    return await writeRecords(storage, { experimentIds, write });
  } finally {
    closeSync(file);
  }
}

interface RecordOptions extends Pick<DumpOptions, "experimentIds"> {
  readonly write: (text: string) => void;
}

/** The text of a dump, piece by piece. @returns How many trials are in it. */
export async function writeRecords(
  storage: Storage,
  { experimentIds, write }: RecordOptions,
): Promise<{ trials: number }> {
  const out = createLineWriter(write);
  const header: DumpHeader = {
    format: formatName,
    version: formatVersion,
    writtenBy: `orion ${version}`,
    experiments: experimentIds.length,
  };
  out.line(header);
  let trials = 0;
  await storage.exportExperiments(experimentIds, (record) => {
    if (record.kind === "trial" && record.id !== undefined) trials++;
    out.line(atRest(record));
  });
  out.end();
  return { trials };
}

/** Collects lines to write many at once, and sums up what was written. */
function createLineWriter(write: (text: string) => void) {
  const sum = createHash("sha256");
  const batchLength = 1 << 16;
  let batch = "";
  let records = -1; // the header is none
  const flush = () => {
    if (batch === "") return;
    sum.update(batch);
    write(batch);
    batch = "";
  };
  return {
    line(document: unknown) {
      batch += `${encodeJson(document)}\n`;
      records++;
      if (batch.length >= batchLength) flush();
    },
    end() {
      flush();
      const end: DumpEnd = { kind: "end", records, sha256: sum.digest("hex") };
      write(`${encodeJson(end)}\n`);
    },
  };
}

function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof OrionError) throw cause;
    throw new UsageError(
      `The file "${path}" cannot be written: ${fileTrouble(cause)}.`,
      "Check that its folder exists, that you may write there, and that there is room.",
      { cause },
    );
  }
}

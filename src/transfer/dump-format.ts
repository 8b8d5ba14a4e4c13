/**
 * A dump is text in UTF-8 with one JSON document on each line: a header, the records of `storage/records.ts` in the
 * order of their export, and an end that says how many there are and what they sum up to. `docs/moving-data.md` is its
 * description for everybody; a change that an older reader would misread raises the version.
 */
export const formatName = "orion-dump";
export const formatVersion = 1;

/** The first line. */
export interface DumpHeader {
  readonly format: typeof formatName;
  readonly version: number;
  /** For people. */
  readonly writtenBy: string;
  readonly experiments: number;
}

/** The last line: a file that was cut off has none, and one that was changed another sum. */
export interface DumpEnd {
  readonly kind: "end";
  readonly records: number;
  /** SHA-256 of all bytes before this line, in hex. */
  readonly sha256: string;
}

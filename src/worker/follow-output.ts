import { pieceBytes, readPieces, sizeOf, unlessUnreadable } from "./read-pieces.js";
import { wholeCharacters } from "./utf-8.js";

/** Takes some output, like `process.stdout.write`. */
export type Write = (text: string) => unknown;

export interface FollowerOptions {
  readonly stdout: Write;
  readonly stderr: Write;
  /** Milliseconds between two looks at the files. Default 100. */
  readonly intervalMs?: number;
  /** Goes before each line of a trial of that number; left out, the text is passed on as it is. */
  readonly prefix?: (trialNumber: number) => string;
}

export interface FollowedTrial {
  readonly number: number;
  readonly stdoutPath: string;
  readonly stderrPath: string;
}

/** Shows what programs write into their output files while they write it. */
export interface Follower {
  /** Show what is written from now on, call it before the program starts. The files need not exist yet. */
  follow(trial: FollowedTrial): FollowedOutput;
  /** Stop looking at the files of all trials. */
  close(): void;
}

export interface FollowedOutput {
  /** Length of the output file at the beginning, in bytes: what lies before belongs to an earlier run of the trial. */
  readonly stdoutStart: number;
  /** Show the rest at once, and stop. */
  finish(): void;
}

/**
 * Follow any number of trials with one timer, which does not keep the process alive and rests when nothing is followed.
 *
 * A file that cannot be read has nothing new. Characters are never torn apart. With a prefix only whole lines are shown,
 * without what a carriage return wrote over. Memory is bounded: a line longer than 64 KiB is broken, and of output that
 * comes faster than it can be shown the middle is left out with a note (it stays in the file).
 */
export function createFollower({ stdout, stderr, intervalMs = 100, prefix }: FollowerOptions): Follower {
  const followed = new Set<readonly Stream[]>();
  let timer: NodeJS.Timeout | undefined;
  const lookAtAll = () => {
    for (const streams of followed) for (const stream of streams) advance(stream);
  };
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    follow({ number, stdoutPath, stderrPath }) {
      const open = (path: string, write: Write): Stream => {
        return { path, write, prefix: prefix?.(number), offset: beginningOf(path), heldBack: nothing };
      };
      const streams = [open(stdoutPath, stdout), open(stderrPath, stderr)] as const;
      const stdoutStart = streams[0].offset;
      followed.add(streams);
      timer ??= setInterval(lookAtAll, intervalMs).unref();
      const finish = () => {
        if (!followed.delete(streams)) return;
        if (followed.size === 0) rest();
        for (const stream of streams) finishStream(stream);
      };
      return { stdoutStart, finish };
    },
    close() {
      followed.clear();
      rest();
    },
  };
}

interface Stream {
  readonly path: string;
  readonly write: Write;
  readonly prefix: string | undefined;
  /** Bytes read so far. */
  offset: number;
  /** Bytes read but not shown: the beginning of a line, or of a character. */
  heldBack: Buffer;
}

const nothing = Buffer.alloc(0);
/** More than this much unseen output is not shown in full: about what a terminal takes in a second. */
const mostBehindBytes = 8 * 1024 * 1024;

/** Where this run begins to write. If that cannot be told, what is there by the first look is nobody's. */
function beginningOf(path: string): number {
  return unlessUnreadable(
    () => sizeOf(path),
    () => Number.POSITIVE_INFINITY,
  );
}

/** Show what is new; what cannot be read now may be by the next look. */
function advance(stream: Stream): void {
  unlessUnreadable(
    () => showNew(stream),
    () => {},
  );
}

function showNew(stream: Stream): void {
  const size = sizeOf(stream.path);
  if (size < stream.offset) stream.offset = size; // the program emptied its own log
  if (size - stream.offset > mostBehindBytes) skip(stream, size - mostBehindBytes);
  for (const piece of readPieces(stream.path, stream.offset, size)) show(stream, piece);
}

function finishStream(stream: Stream): void {
  advance(stream);
  flush(stream);
}

function skip(stream: Stream, offset: number): void {
  flush(stream);
  stream.write(`\n[${offset - stream.offset} bytes left out, see ${stream.path}]\n`);
  stream.offset = offset;
}

function show(stream: Stream, piece: Buffer): void {
  stream.offset += piece.length;
  const bytes = stream.heldBack.length === 0 ? piece : Buffer.concat([stream.heldBack, piece]);
  let end = stream.prefix === undefined ? wholeCharacters(bytes) : bytes.lastIndexOf("\n") + 1;
  if (end === 0 && bytes.length >= pieceBytes) end = wholeCharacters(bytes);
  stream.heldBack = bytes.subarray(end);
  if (end > 0) emit(stream, bytes.subarray(0, end));
}

function flush(stream: Stream): void {
  if (stream.heldBack.length > 0) emit(stream, stream.heldBack);
  stream.heldBack = nothing;
}

function emit({ prefix, write }: Stream, bytes: Buffer): void {
  const text = bytes.toString("utf8");
  if (prefix === undefined) return void write(text);
  const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
  write(
    lines
      .split("\n")
      .map((line) => `${prefix}${asSeen(line)}\n`)
      .join(""),
  );
}

/** A progress bar writes its states over one another, with carriage returns between: keep the last one. */
function asSeen(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf("\r") + 1);
}

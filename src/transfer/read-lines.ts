import { closeSync, openSync, readSync } from "node:fs";

/** The lines of a file, without their ends, in the memory of the longest one. A last line without an end counts. */
export function* readLines(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(1 << 16);
    let rest: Buffer[] = [];
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0 && end < length; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString("utf8");
        rest = [];
        from = end + 1;
      }
      rest.push(Buffer.from(chunk.subarray(from, length)));
    }
    const last = Buffer.concat(rest).toString("utf8");
    if (last !== "") yield last;
  } finally {
    closeSync(file);
  }
}

import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { firstLine } from "../../executors/start-error.js";

/** What reading a command asks of the machine. Paths are as typed, so relative ones start at `directory`. */
export interface CommandWorld {
  /** Absolute; where the program will be started. */
  readonly directory: string;
  /** False where programs start on other machines, which may have other interpreters. */
  readonly startsHere: boolean;
  /** What stands at a path: `undefined` when there is nothing. A pipe or a device counts as a file. */
  kindOf(path: string): Promise<"file" | "directory" | undefined>;
  isExecutable(path: string): Promise<boolean>;
  /** True when a name without a slash would be found as a program. */
  isOnPath(name: string): Promise<boolean>;
  /** How a file begins, without the line feed; cut after 200 bytes. "" where it cannot be read. */
  firstLine(path: string): string;
  /** The text of a file, read as UTF-8. Rejects as `node:fs` does. */
  readFile(path: string): Promise<string>;
}

interface WorldOptions extends Pick<CommandWorld, "directory"> {
  /** The text of the variable PATH. */
  readonly searchPath: string;
  readonly startsHere?: boolean;
}

/** The real machine. */
export function openCommandWorld({ directory, searchPath, startsHere = true }: WorldOptions): CommandWorld {
  const absolute = (path: string) => resolve(directory, path);
  return {
    directory,
    startsHere,
    kindOf: (path) => kindOf(absolute(path)),
    isExecutable: (path) => isExecutable(absolute(path)),
    firstLine: (path) => firstLine(absolute(path)),
    readFile: (path) => readFile(absolute(path), "utf8"),
    async isOnPath(name) {
      if (name === "") return false;
      for (const folder of searchPath.split(delimiter)) {
        // An empty entry of PATH means the directory in which the program starts.
        const path = join(absolute(folder), name);
        if ((await kindOf(path)) === "file" && (await isExecutable(path))) return true;
      }
      return false;
    },
  };
}

async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch {
    return undefined; // a path that cannot be looked at cannot be started or read either
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

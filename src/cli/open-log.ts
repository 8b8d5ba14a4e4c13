import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../errors.js";
import { fileTrouble } from "../file-trouble.js";
import { makeFolder } from "../make-folder.js";

/**
 * Begin, or go on with, the log of a process in a folder, which is made where it is missing. Each text is in the file
 * when the call returns; a disk that is full later loses the log and nothing else.
 *
 * @throws {ConfigurationError} when there can be no log in this folder.
 */
export function openLog(folder: string, pid: number): (text: string) => void {
  let file: number;
  try {
    makeFolder(folder);
    file = openSync(join(folder, `orion_${pid}.log`), "a");
  } catch (cause) {
    throw new ConfigurationError(
      `The log cannot be written to the folder "${folder}": ${fileTrouble(cause)}.`,
      "Name another one with --logdir.",
      { cause },
    );
  }
  return (text) => {
    try {
      writeSync(file, text);
    } catch {
      // See above.
    }
  };
}

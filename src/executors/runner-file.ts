import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Absolute path of a file that another process or thread starts with. They are built files of this package; this code
 * itself may lie in its sources, or be bundled into any file of it, so they are looked for above.
 */
export function runnerFile(name: "thread.js" | "process.js" | "call.js" | "bridge.py"): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, "dist", "runners", name);
    if (existsSync(path)) return path;
  }
  throw new Error(`The file dist/runners/${name} of this package is missing; it has to be built.`);
}

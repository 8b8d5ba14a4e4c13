import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../errors.js";

/**
 * Absolute path of a file that another process or thread starts with. They are built files of this package; this code
 * itself may lie in its sources, or be bundled into any file of it, so they are looked for above.
 *
 * @throws {ConfigurationError} when they are not there, as in a user's own bundle.
 */
export function runnerFile(name: "thread.js" | "process.js" | "call.js" | "bridge.py"): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, "dist", "runners", name);
    if (existsSync(path)) return path;
  }
  throw new ConfigurationError(
    `The file dist/runners/${name} of orion-hpo is not found from ${start}.`,
    "Reinstall the package, or build it. If your program is bundled, leave orion-hpo out of the bundle.",
  );
}

import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Absolute path of a file that another process or thread starts with. They are built files of this package, wherever
 * this code itself was bundled into.
 */
export function runnerFile(name: "thread.js" | "process.js" | "call.js" | "bridge.py"): string {
  const manifest = createRequire(import.meta.url).resolve("orion-hpo/package.json");
  return join(dirname(manifest), "dist", "runners", name);
}

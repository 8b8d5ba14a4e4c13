import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A Python that has the module: of `ORION_TEST_PYTHON` (paths with colons between them), the first one of the PATH, the
 * system's own, or one of a virtual environment among the user's caches, where `.ci/system-packages` makes one.
 */
export function findPython(pythonModule: string): string | undefined {
  const told = (process.env.ORION_TEST_PYTHON ?? "").split(":").filter((path) => path !== "");
  const look = `import sys, importlib.util as u; sys.exit(u.find_spec(${JSON.stringify(pythonModule)}) is None)`;
  return [...told, "python3", "/usr/bin/python3", ...virtualEnvironments()].find(
    (python) => spawnSync(python, ["-c", look], { stdio: "ignore" }).status === 0,
  );
}

function virtualEnvironments(): string[] {
  const parent = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "orion-test");
  const names = existsSync(parent) ? readdirSync(parent).filter((name) => !name.endsWith(".part")) : []; // in the making
  return names
    .sort()
    .map((name) => join(parent, name, "bin", "python"))
    .filter((path) => existsSync(path));
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * The file that a user means by the name of a module: a path when it begins with `./`, `../` or `/`, else an installed
 * package, looked for as Node does from `directory` upwards. `undefined` when there is none.
 *
 * Node itself resolves names from the file that asks, and that is inside of this package.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/esm.html#resolution-algorithm-specification
 */
export function findModule(name: string, directory: string): string | undefined {
  if (/^\.{0,2}\//.test(name)) return fileAt(resolve(directory, name));
  const [, packageName, rest] = /^((?:@[^/\\]+\/)?[^@./\\][^/\\]*)(\/.+)?$/.exec(name) ?? [];
  if (packageName === undefined) return undefined;
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const root = join(folder, "node_modules", packageName);
    if (existsSync(join(root, "package.json"))) return entryOf(root, `.${rest ?? ""}`);
    if (dirname(folder) === folder) return undefined;
  }
}

function entryOf(root: string, subpath: string): string | undefined {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports?: unknown;
    readonly main?: unknown;
  };
  if (manifest.exports !== undefined && manifest.exports !== null) {
    const target = targetOf(
      isSubpathMap(manifest.exports) ? manifest.exports[subpath] : ownTarget(manifest.exports, subpath),
    );
    return target === undefined ? undefined : fileAt(join(root, target));
  }
  if (subpath !== ".") return fileAt(join(root, subpath));
  const main = typeof manifest.main === "string" ? manifest.main : "index.js";
  return fileAt(join(root, main)) ?? fileAt(join(root, `${main}.js`)) ?? fileAt(join(root, main, "index.js"));
}

/** `exports` that is not a map of paths is the target of the package itself. */
function ownTarget(exports: unknown, subpath: string): unknown {
  return subpath === "." ? exports : undefined;
}

function isSubpathMap(exports: unknown): exports is Readonly<Record<string, unknown>> {
  return isObject(exports) && Object.keys(exports).some((key) => key.startsWith("."));
}

/** The first of the conditions that `import` meets, in the package's own order. */
function targetOf(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(targetOf).find((one) => one !== undefined);
  if (!isObject(target)) return undefined;
  for (const [condition, nested] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    const found = targetOf(nested);
    if (found !== undefined) return found;
  }
  return undefined;
}

const conditions: ReadonlySet<string> = new Set(["node", "import", "module-sync", "default"]);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fileAt(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined;
}

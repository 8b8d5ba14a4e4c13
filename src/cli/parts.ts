import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";

type Require = (name: string) => unknown;

/** What the build makes of a part: a function around a CommonJS module. */
type RunPart = (
  exports: unknown,
  require: Require,
  module: { exports: unknown },
  importMetaUrl: string,
  importFile: (url: string) => Promise<unknown>,
) => void;

/** The parts of a program that are loaded so far. */
export interface Parts {
  /** By their files. */
  readonly scripts: ReadonlyMap<string, Script>;
  /** Run anew, with parts that are compiled already. */
  run(): void;
}

/**
 * The command line as the build splits it: a part is read when it is needed, with what V8 has compiled of it. Half of what
 * `orion --help` took was V8 reading a megabyte of source that it did not need.
 *
 * What a hunt needs, it has loaded before its first trial: it goes on for weeks, and the package may be replaced meanwhile.
 *
 * Parts are ASCII, so that V8 takes them as they are. Code that another V8 or other flags have compiled is refused by V8,
 * which then compiles anew.
 *
 * @param programFile - The first part.
 */
export function openParts(programFile: string): Parts {
  const scripts = new Map<string, Script>();
  const requireOther = createRequire(programFile);
  const importMetaUrl = pathToFileURL(programFile).href;
  // Here, since `import()` fails in code that was compiled before: Node does not learn where it came from.
  const importFile = (url: string) => import(url);

  const scriptOf = (filename: string): Script => {
    const known = scripts.get(filename);
    if (known !== undefined) return known;
    const compiled = compiledFile(filename);
    const script = new Script(readFileSync(filename, "latin1"), {
      filename,
      ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
    });
    scripts.set(filename, script);
    return script;
  };

  const run = () => {
    const loaded = new Map<string, { exports: unknown }>();
    const load = (filename: string): unknown => {
      const before = loaded.get(filename);
      if (before !== undefined) return before.exports;
      const module = { exports: {} as unknown };
      loaded.set(filename, module);
      const folder = dirname(filename);
      const requirePart: Require = (name) => (name.startsWith(".") ? load(join(folder, name)) : requireOther(name));
      const runPart = scriptOf(filename).runInThisContext() as RunPart;
      runPart(module.exports, requirePart, module, importMetaUrl, importFile);
      return module.exports;
    };
    load(programFile);
  };
  return { scripts, run };
}

/** Where the build puts what V8 has compiled of a part. */
export function compiledFile(filename: string): string {
  return filename.replace(/js$/, "v8");
}

import { pathToFileURL } from "node:url";
import { UsageError } from "../errors.js";
import type { Algorithm } from "./algorithm.js";
import { findModule } from "./find-module.js";
import { importModule } from "./import-module.js";

/**
 * The algorithm that an installed package, or a file, exports by default; `undefined` when there is no such module.
 *
 * @param name - `my-package`, `@me/my-package`, or a path that begins with `./`, `../` or `/`.
 * @param directory - Where the user is: paths and packages are looked for from here.
 * @throws {UsageError} when the module cannot be loaded, or exports something else.
 */
export async function loadPlugIn(name: string, directory: string): Promise<Algorithm | undefined> {
  const file = findModule(name, directory);
  if (file === undefined) return undefined;
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = await importModule(pathToFileURL(file).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`The algorithm "${name}" cannot be loaded from ${file}: ${reason}`, loadRemedy, { cause });
  }
  const exported = unwrapped(loaded.default);
  const fault = faultOf(exported);
  if (fault === undefined) return exported as Algorithm;
  throw new UsageError(`The module "${name}" (${file}) is not an algorithm: ${fault}.`, exportRemedy);
}

const loadRemedy = "Try `node FILE`: it has to load by itself. TypeScript has to be compiled first.";
const exportRemedy =
  'An algorithm is what `defineAlgorithm({ … })` of "orion-hpo/algorithms" returns, exported by default.';

/** A CommonJS file that was compiled from ES modules has its default export one level deeper. */
function unwrapped(exported: unknown): unknown {
  return isObject(exported) && exported.__esModule === true ? exported.default : exported;
}

/** What keeps a value from being an algorithm; `undefined` when it is one. */
export function faultOf(value: unknown): string | undefined {
  if (value === undefined) return "it has no default export";
  if (!isObject(value)) return `it exports ${value === null ? "null" : `a ${typeof value}`}`;
  for (const [property, type] of Object.entries(shape)) {
    const found = value[property];
    if (found === undefined || found === null) return `it has no "${property}"`;
    if (typeof found !== type) return `its "${property}" is a ${typeof found} and not a ${type}`;
  }
  if (value.basis === "index" || value.basis === "history") return undefined;
  return `its "basis" is ${JSON.stringify(value.basis)} and not "index" or "history"`;
}

const shape = {
  suggest: "function",
  summary: "string",
  paper: "string",
  requires: "object",
  defaults: "object",
  basis: "string",
} as const satisfies Partial<Record<keyof Algorithm, string>>;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

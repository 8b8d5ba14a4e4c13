import { inspect, types } from "node:util";
import { openContext, type StopWord } from "./call-context.js";
import type { CallOutcome, EvaluationControl, FunctionEvaluation, ThrownError } from "./executor.js";

interface CallControl extends Pick<EvaluationControl, "onReport"> {
  readonly stop: StopWord;
}

/** Call a function in this process, and say what became of it; never rejects. */
export async function callHere(evaluation: FunctionEvaluation, { stop, onReport }: CallControl): Promise<CallOutcome> {
  const { context, close } = openContext(stop, onReport);
  if (stop.isSaid) return { kind: "stopped" };
  try {
    if (evaluation.kind === "closure") return { kind: "returned", value: await evaluation.call(context) };
    const { url, exportName, args } = evaluation;
    const found: unknown = (loaded.get(url) ?? (await load(url)))[exportName];
    if (typeof found !== "function") throw new TypeError(`the module ${url} exports no function "${exportName}"`);
    return { kind: "returned", value: await found(...args, context) };
  } catch (thrown) {
    return stop.isSaid ? { kind: "stopped" } : { kind: "threw", error: describeThrown(thrown) };
  } finally {
    const left = close();
    if (left !== undefined) await left;
  }
}

/** `import()` keeps what it loaded too, but takes long to say so where a loader looks at every name first. */
const loaded = new Map<string, Readonly<Record<string, unknown>>>();

async function load(url: string): Promise<Readonly<Record<string, unknown>>> {
  const module: Readonly<Record<string, unknown>> = await import(url);
  loaded.set(url, module);
  return module;
}

/** Anything can be thrown, an Error of another realm too, one whose members are of any type, or throw themselves. */
export function describeThrown(thrown: unknown): ThrownError {
  try {
    return readThrown(thrown);
  } catch {
    return { name: typeof thrown, message: "what cannot be looked at", stack: undefined };
  }
}

function readThrown(thrown: unknown): ThrownError {
  if (!(thrown instanceof Error || types.isNativeError(thrown))) {
    return { name: typeof thrown, message: textOf(thrown), stack: undefined };
  }
  const { name, message, stack } = thrown as { readonly [Key in keyof Error]: unknown };
  return { name: textOf(name), message: textOf(message), stack: typeof stack === "string" ? stack : undefined };
}

function textOf(value: unknown): string {
  return typeof value === "object" || typeof value === "function" ? inspect(value) : String(value);
}

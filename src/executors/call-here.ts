import { openContext } from "./call-context.js";
import type { CallContext, CallOutcome, EvaluationControl, FunctionEvaluation, ThrownError } from "./executor.js";

/** Call a function in this process, and say what became of it; never rejects. */
export async function callHere(
  evaluation: FunctionEvaluation,
  { signal, onReport }: Pick<EvaluationControl, "signal" | "onReport">,
): Promise<CallOutcome> {
  const { context, close } = openContext(signal, onReport);
  if (signal.aborted) return { kind: "stopped" };
  try {
    const call = evaluation.kind === "closure" ? evaluation.call : await findFunction(evaluation);
    return { kind: "returned", value: await call(context) };
  } catch (thrown) {
    return signal.aborted ? { kind: "stopped" } : { kind: "threw", error: describeThrown(thrown) };
  } finally {
    await close();
  }
}

type ModuleCall = Extract<FunctionEvaluation, { readonly kind: "module" }>;

async function findFunction({ url, exportName, args }: ModuleCall) {
  const found: unknown = (await load(url))[exportName];
  if (typeof found !== "function") throw new TypeError(`the module ${url} exports no function "${exportName}"`);
  return (context: CallContext): unknown => found(...args, context);
}

/** `import()` keeps what it loaded too, but takes long to say so where a loader looks at every name first. */
const loaded = new Map<string, Readonly<Record<string, unknown>>>();

async function load(url: string): Promise<Readonly<Record<string, unknown>>> {
  const known = loaded.get(url);
  if (known !== undefined) return known;
  const module: Readonly<Record<string, unknown>> = await import(url);
  loaded.set(url, module);
  return module;
}

/** Anything can be thrown. */
export function describeThrown(thrown: unknown): ThrownError {
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message, stack: thrown.stack };
  return { name: typeof thrown, message: String(thrown), stack: undefined };
}

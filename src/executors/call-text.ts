import { decodeJson, encodeJson } from "../space/odd-floats.js";
import { describeThrown } from "./call-here.js";
import type { CallOutcome, ModuleCall } from "./executor.js";

/** A call as text, to be read in another thread, process or machine. @throws {TypeError} for what JSON cannot hold */
export function encodeCall({ url, exportName, args }: ModuleCall): string {
  return encodeJson({ url, exportName, args });
}

/** What `encodeCall` wrote. */
export function decodeCall(text: string): ModuleCall {
  return { kind: "module", ...(decodeJson(text) as Pick<ModuleCall, "url" | "exportName" | "args">) };
}

/** An outcome as text. A value that cannot be written is an error of the function that returned it. */
export function encodeOutcome(outcome: CallOutcome): string {
  try {
    return encodeJson(outcome);
  } catch (error) {
    const { message } = describeThrown(error);
    return encodeJson({
      kind: "threw",
      error: { name: "TypeError", message: `The function returned a value that cannot be passed on: ${message}` },
    });
  }
}

/** What `encodeOutcome` wrote; a missing value, as of a function that returns nothing, is `undefined` again. */
export function decodeOutcome(text: string): CallOutcome {
  const outcome = decodeJson(text) as CallOutcome;
  if (outcome.kind === "returned") return { kind: "returned", value: outcome.value };
  if (outcome.kind !== "threw") return outcome;
  const { name, message, stack } = outcome.error;
  return { kind: "threw", error: { name, message, stack } };
}

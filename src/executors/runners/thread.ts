import type { MessagePort } from "node:worker_threads";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";

/** What a thread of the pool gets. */
export interface ThreadTask {
  readonly call: string;
  /** Any message is the abort. */
  readonly port: MessagePort;
}

/** Runs in each thread of the pool: one call, its outcome as text. */
export default async function runCall({ call, port }: ThreadTask): Promise<string> {
  const abort = new AbortController();
  port.once("message", () => abort.abort());
  try {
    return encodeOutcome(await callHere(decodeCall(call), abort.signal));
  } finally {
    port.close();
  }
}

import type { MessagePort } from "node:worker_threads";
import { abortReason } from "../call-context.js";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";
import type { RunnerMessage } from "./messages.js";
import { sendReports } from "./remote-reports.js";

/** What a thread of the pool gets. */
export interface ThreadTask {
  readonly call: string;
  /** Brings `RunnerMessage`s, and takes reports. */
  readonly port: MessagePort;
}

/** Runs in each thread of the pool: one call, its outcome as text. */
export default async function runCall({ call, port }: ThreadTask): Promise<string> {
  const abort = new AbortController();
  const { onReport, answered } = sendReports((report) => port.postMessage(report));
  port.on("message", (message: RunnerMessage) => {
    if ("abort" in message) abort.abort(abortReason(message.early));
    else answered();
  });
  try {
    return encodeOutcome(await callHere(decodeCall(call), { signal: abort.signal, onReport }));
  } finally {
    port.close();
  }
}

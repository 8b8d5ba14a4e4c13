// Runs in each process of the pool: one call after the other, as messages of the IPC channel bring them.
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";

/** A call as text, or the word to stop the one that runs. */
export type ProcessMessage = { readonly call: string } | { readonly abort: true };

let running: AbortController | undefined;

process.on("message", async (message: ProcessMessage) => {
  if ("abort" in message) {
    running?.abort();
    return;
  }
  const abort = new AbortController();
  running = abort;
  const outcome = encodeOutcome(await callHere(decodeCall(message.call), abort.signal));
  running = undefined;
  process.send!(outcome);
});

// The parent is gone. Its guard says so too, by force, to a process that never comes to hear this.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));

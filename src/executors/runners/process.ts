// Runs in each process of the pool: one call after the other, as messages of the IPC channel bring them.
import { openStopWord } from "../call-context.js";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";
import type { ProcessMessage } from "./messages.js";
import { sendReports } from "./remote-reports.js";

let running: ReturnType<typeof openStopWord> | undefined;
// The channel speaks JSON, which has no NaN.
const { onReport, answered } = sendReports(({ step, value }) => process.send!({ step, value: String(value) }));

process.on("message", async (message: ProcessMessage) => {
  if (typeof message !== "string") return "judged" in message ? answered() : running?.say(message.early);
  const stop = openStopWord();
  running = stop;
  const outcome = encodeOutcome(await callHere(decodeCall(message), { stop, onReport }));
  running = undefined;
  process.send!(outcome);
});

// The parent is gone. Its guard says so too, by force, to a process that never comes to hear this.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));

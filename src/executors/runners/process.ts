// Runs in each process of the pool: one call after the other, as messages of the IPC channel bring them.
import { openStopWord } from "../call-context.js";
import { callHere } from "../call-here.js";
import { decodeCall, encodeOutcome } from "../call-text.js";
import type { ProcessAnswer, ProcessMessage } from "./messages.js";
import { sendReports } from "./remote-reports.js";

let running: ReturnType<typeof openStopWord> | undefined;
const tell = (answer: ProcessAnswer) => process.send!(answer);
const { onReport, answered } = sendReports((report) => tell({ ...report, value: String(report.value) }));

process.on("message", async (message: ProcessMessage) => {
  if (typeof message !== "string") return "judged" in message ? answered() : running?.say(message.early);
  const stop = openStopWord();
  running = stop;
  const text = encodeOutcome(await callHere(decodeCall(message), { stop, onReport }));
  running = undefined;
  tell({ orion: "outcome", text });
});

// The parent is gone. Its guard says so too, by force, to a process that never comes to hear this.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));

import { processorMs } from "./processor-time.js";
import { runStudy, type Study } from "./study.js";
import type { StudyAnswer } from "./study-pool.js";

// A child of `openProcessPool`: studies come as messages, one at a time, and it ends when its parent does.
process.on("message", async (study: Study) => {
  process.send!(await answer(study));
});
// Ctrl-C reaches the whole group: what is to end now is the parent's decision.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

async function answer(study: Study): Promise<StudyAnswer> {
  try {
    return { result: await runStudy(study, processorMs) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

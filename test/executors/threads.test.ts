import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { openExecutor, resolveExecutor } from "../../src/executors/registry.js";
import threads from "../../src/executors/threads.js";
import { executorContract } from "../../src/testing/executor-contract.js";
import { temporaryFolder } from "../temporary-folder.js";

executorContract("threads", {
  module: threads,
  exempt: [
    {
      promise: "a worker that is killed loses its call and no other",
      reason: "a signal is for the whole process, this one included",
    },
    {
      promise: "a close ends what runs at once, and leaves no process behind",
      reason: "what a thread starts is a child of this process, which nobody ends with the thread",
    },
  ],
});

it("a report may still be judged when the threads are closed: there is nobody left to hear of it", async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", listen);
  const file = join(temporaryFolder(), "reports.mjs");
  writeFileSync(file, "export default ({ report }) => report(1, 0.5);");
  let judge = () => {};
  const executor = await openExecutor(await resolveExecutor({ executor: threads }));
  const reported = new Promise<void>((tell) => {
    const onReport = () => {
      tell();
      return new Promise<void>((settle) => {
        judge = settle;
      });
    };
    const control = { signal: new AbortController().signal, graceMs: 1000, onReport };
    const { href: url } = pathToFileURL(file);
    void executor.call({ kind: "module", url, exportName: "default", args: [] }, control);
  });
  try {
    await reported;
    await executor.close();
    judge();
    await turn();
    expect(unheard).toEqual([]);
  } finally {
    process.off("unhandledRejection", listen);
  }
});

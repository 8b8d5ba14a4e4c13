import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { callByCommand } from "../../src/executors/call-by-command.js";
import { temporaryFolder } from "../temporary-folder.js";

it("leaves no files of a call that could not be started", async () => {
  const folder = temporaryFolder();
  const call = callByCommand({
    ...{ name: "far", folder, configuration: {}, environment: {}, isClosed: () => false },
    run: async () => {
      throw new Error("no machine");
    },
  });
  const evaluation = { kind: "module", url: "file:///objective.js", exportName: "default", args: [] } as const;
  const control = { signal: new AbortController().signal, graceMs: 0 };
  await expect(call(evaluation, control)).rejects.toThrow("no machine");
  expect(readdirSync(join(folder, "calls"))).toEqual([]);
});

it.each([
  ["an error that nobody caught", "throw Object.assign(new RangeError('too hot'), { code: 3 })", "RangeError: too hot"],
  ["a complaint before its exit", "console.error('first\\nno licence\\n'); process.exit(1)", "no licence"],
])("says of a process that died with %s what it said", async (_, program, words) => {
  const call = callByCommand({
    ...{ name: "far", folder: temporaryFolder(), configuration: {}, environment: {}, isClosed: () => false },
    run: async ({ stderrPath }) => {
      try {
        execFileSync(process.execPath, ["-e", `setTimeout(() => { ${program} })`], { stdio: "pipe" });
      } catch (error) {
        writeFileSync(stderrPath, (error as { readonly stderr: Buffer }).stderr);
      }
      return { exitCode: 1, signal: undefined };
    },
  });
  const control = { signal: new AbortController().signal, graceMs: 0 };
  expect(await call({ kind: "module", url: "file:///o.js", exportName: "default", args: [] }, control)).toEqual({
    kind: "died",
    reason: `The process that ran it exited with code 1. Its last words: ${words}`,
  });
});

import { readdirSync } from "node:fs";
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

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openExecutor, resolveExecutor } from "../../src/executors/registry.js";
import { runTool } from "../../src/executors/slurm/tools.js";
import slurm from "../../src/executors/slurm.js";
import { temporaryFolder } from "../temporary-folder.js";

/** Programs in place of Slurm's, for what a real cluster does not do at will. */
function standIn(tools: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

test.each([
  ["echo Starting >&2; echo 'Invalid qos' >&2; exit 1", "sbatch refused: Invalid qos"],
  ["exit 5", "sbatch refused: it ended with code 5"],
  ["kill -KILL $$", "sbatch refused: it was killed by SIGKILL"],
])("a tool that does %j is told of by what is known", async (script, message) => {
  standIn({ sbatch: script });
  await expect(runTool("sbatch", [])).rejects.toMatchObject({ code: "CONFIGURATION", message });
});

test("a job that cannot be written down is cancelled, since its trial is going to be run anew", async () => {
  const folder = standIn({ sbatch: "echo 77", scancel: `echo "$@" >>"$(dirname "$0")/cancelled"` });
  const shared = join(folder, "shared");
  mkdirSync(shared);
  writeFileSync(join(shared, "trials"), "in the way");
  await using executor = await openExecutor(
    await resolveExecutor({ executor: slurm, configuration: { directory: shared } }),
  );
  const run = executor.run(
    {
      kind: "command",
      id: "a",
      argv: ["true"],
      environment: {},
      directory: folder,
      stdoutPath: join(folder, "out"),
      stderrPath: join(folder, "err"),
    },
    { signal: new AbortController().signal, graceMs: 0 },
  );
  await expect(run).rejects.toMatchObject({ code: "CONFIGURATION", message: expect.stringContaining(shared) });
  expect(readFileSync(join(folder, "cancelled"), "utf8")).toBe("--quiet 77\n");
});

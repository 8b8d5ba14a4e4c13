import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startWatcher } from "../../src/executors/slurm/watch.js";

test("an exit code counts when its line is whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orion-slurm-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const exitPath = join(folder, "0.exit");
  writeFileSync(exitPath, "");
  const { ended } = startWatcher({ queueMs: 3_600_000 }).follow({ job: "1", exitPath });
  const looks = pause(300, "still watched"); // several looks at the file
  expect(await Promise.race([ended, looks])).toBe("still watched");
  appendFileSync(exitPath, "0\n");
  expect(await ended).toEqual({ kind: "exited", exitCode: 0 });
});

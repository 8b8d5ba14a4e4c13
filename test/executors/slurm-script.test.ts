import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { readProcessStat } from "../../src/executors/process-stat.js";
import { evaluationScript } from "../../src/executors/slurm/script.js";
import { until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

it.skipIf(process.platform !== "linux")(
  "the shell of a job sleeps while somebody has stopped its program",
  async () => {
    const folder = temporaryFolder();
    const exitPath = join(folder, "0.exit");
    const evaluation = {
      kind: "command",
      argv: ["/bin/sh", "-c", "echo $$; kill -STOP $$; exit 7"],
      environment: {},
      directory: folder,
      stdoutPath: join(folder, "out"),
      stderrPath: join(folder, "err"),
    } as const;
    const shell = spawn("bash", ["-c", evaluationScript(evaluation, exitPath)]);
    const ended = new Promise((resolve) => shell.once("exit", resolve));
    const program = Number(await until(() => readFileSync(evaluation.stdoutPath, { encoding: "utf8", flag: "a+" })));
    await until(() => readProcessStat(program)?.state === "T");
    const states: (string | undefined)[] = [];
    for (let look = 0; look < 20; look++) {
      await pause(10);
      states.push(readProcessStat(shell.pid!)?.state);
    }
    process.kill(program, "SIGCONT");
    await ended;
    expect(new Set(states)).toEqual(new Set(["S"]));
    expect(readFileSync(exitPath, "utf8")).toBe("7\n");
  },
);

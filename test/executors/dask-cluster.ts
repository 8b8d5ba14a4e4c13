import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../orion.js";

export interface DaskCluster extends AsyncDisposable {
  readonly address: string;
  readonly scheduler: ChildProcess;
  readonly workers: readonly ChildProcess[];
}

/** A scheduler and two workers on this machine. */
export async function startDask(python: string): Promise<DaskCluster> {
  const folder = mkdtempSync(join(tmpdir(), "orion-dask-"));
  const file = join(folder, "scheduler.json");
  const processes: ChildProcess[] = [];
  const start = (module: string, ...words: string[]) => {
    // With `-m` and not by the command's name, since only this Python surely has the package.
    const child = spawn(python, ["-m", module, ...words], { cwd: folder, stdio: "ignore" });
    processes.push(child);
    return child;
  };
  const scheduler = start(
    "distributed.cli.dask_scheduler",
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--no-dashboard",
    "--scheduler-file",
    file,
  );
  const workers = [1, 2].map((number) =>
    start(
      "distributed.cli.dask_worker",
      ...["--scheduler-file", file, "--nthreads", "4", "--no-nanny", "--no-dashboard", "--local-directory"],
      join(folder, `worker${number}`),
    ),
  );
  const address = await until(() => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return text === "" ? undefined : (JSON.parse(text) as { address?: string }).address;
  });
  return {
    address,
    scheduler,
    workers,
    [Symbol.asyncDispose]: async () => {
      for (const child of processes) {
        child.kill("SIGKILL");
        await until(() => child.exitCode !== null || child.signalCode !== null);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isDead, readProcessStat } from "../../src/executors/process-stat.js";
import { startGuard } from "../../src/worker/guard.js";
import { temporaryFolder } from "../temporary-folder.js";

const patience = { timeout: 30_000, interval: 10 };
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

describe.runIf(process.platform === "linux")("the guard of a worker", () => {
  it("kills a script, its child without environment and its grandchild in another session after kill -9", async () => {
    const worker = await startWorker();
    const pids = [...["script", "child", "grandchild"].map(worker.pidIn), worker.guard];
    expect(pids.map(isRunning)).toEqual([true, true, true, true]);
    worker.process.kill("SIGKILL");
    await vi.waitUntil(() => !pids.some(isRunning), patience);
  });

  it("lets the scripts of another worker live", async () => {
    const [one, two] = await Promise.all([startWorker(), startWorker()]);
    one.process.kill("SIGKILL");
    await vi.waitUntil(() => ![one.pidIn("grandchild"), one.guard].some(isRunning), patience);
    const pids = ["script", "child", "grandchild"].map(two.pidIn);
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    two.process.kill("SIGKILL");
    await vi.waitUntil(() => !pids.some(isRunning), patience);
  });

  it("ends without killing anything when the worker closes it and exits at once", async () => {
    const worker = await startWorker();
    worker.process.stdin.write("exit\n");
    await vi.waitUntil(() => !isRunning(worker.guard), patience);
    const pids = ["script", "child", "grandchild"].map(worker.pidIn);
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    for (const pid of pids) process.kill(pid, "SIGKILL");
  });

  it("ignores the signals of a terminal, and is started again when it is killed", async () => {
    const guard = startGuard({ worker: "nobody", path: "/usr/bin:/bin" });
    const first = guard.pid!;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      // Not before the shell has come to its `trap`.
      await vi.waitUntil(() => ignoresTerm(first), patience);
      process.kill(first, signal);
    }
    process.kill(first, 0);
    expect(guard.pid).toBe(first);
    process.kill(first, "SIGKILL");
    await vi.waitUntil(() => guard.pid !== first, patience);
    const second = guard.pid!;
    expect(isRunning(second)).toBe(true);
    guard.close();
    await vi.waitUntil(() => !isRunning(second), patience);
    expect(guard.pid).toBe(second);
  });

  it("has an environment that names no worker", async () => {
    const guard = startGuard({ worker: "nobody", path: "/usr/bin:/bin" });
    await vi.waitUntil(() => ignoresTerm(guard.pid!), patience);
    expect(readFileSync(`/proc/${guard.pid}/environ`, "latin1")).toBe("PATH=/usr/bin:/bin\0");
    guard.close();
  });
});

/**
 * A process that holds a guard and runs a script. Its child names no worker and is known by its group alone; its
 * grandchild has left the group and leads none, so it is known by its environment alone. Both ignore TERM.
 */
async function startWorker() {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program, folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  await vi.waitUntil(() => existsSync(join(folder, "ready")), patience);
  const pidIn = (file: string) => Number(readFileSync(join(folder, file), "utf8"));
  return { process: child, guard: Number(line.toString()), pidIn };
}

const source = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

const program = `
import { openInline } from ${source("executors/inline.ts")};
import { startGuard } from ${source("worker/guard.ts")};
import { createWorkerId } from ${source("worker/worker-id.ts")};

const folder = process.argv[1];
const worker = createWorkerId({ pid: process.pid, nonce: process.pid.toString(16).padStart(16, "0") });
const guard = startGuard({ worker, path: process.env.PATH });
const script = \`
  trap '' TERM
  echo $$ > script
  env -i "$(command -v sleep)" 1000 & echo $! > child
  setsid sh -c 'sleep 1000 & echo $! > grandchild; : > ready' &
  wait
\`;
openInline().run({
  kind: "command", argv: ["/bin/sh", "-c", script], directory: folder,
  environment: { PATH: process.env.PATH, ORION_WORKER: worker },
  stdoutPath: folder + "/out", stderrPath: folder + "/err",
}, { signal: new AbortController().signal, graceMs: 1000 });
console.log(guard.pid);
process.stdin.once("data", () => {
  guard.close();
  process.removeAllListeners("exit"); // as a crash would: the executor kills nothing
  process.exit();
});
`;

function isRunning(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && !isDead(stat);
}

/** Bit 15 − 1 of the ignored signals. */
function ignoresTerm(pid: number): boolean {
  const mask = /^SigIgn:\s*(\S+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return (Number.parseInt(mask ?? "0", 16) & (1 << 14)) !== 0;
}

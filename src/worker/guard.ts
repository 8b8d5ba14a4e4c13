import { type ChildProcess, spawn } from "node:child_process";
import type { WorkerId } from "../trial/trial.js";
import { workerVariable } from "./worker-id.js";

/** Watches over a worker's process, so that its scripts do not outlive it. */
export interface Guard {
  /** Of the process that watches just now; `undefined` where there is none. */
  readonly pid: number | undefined;
  /** End the guard without killing anything. Takes effect even if the process exits right after. */
  close(): void;
}

/**
 * Start a guard: when the worker's process dies without `close`, be it by `kill -9`, every process whose environment
 * names the worker (`ORION_WORKER`) is killed, together with the process group that it leads.
 *
 * The guard is one tiny shell per worker in a session of its own, waiting on a pipe that only the worker holds. The
 * first start takes about 2 ms, so begin it beside the first program. A guard that dies is started again. On other
 * systems than Linux, where no process can look into the environment of another, it does nothing.
 *
 * @param options.path - `PATH` on which `grep`, `xargs` and `sleep` are found; the guard's whole environment, so that
 *   a hunt inside a script keeps its guard when the outer worker's guard kills it.
 */
export function startGuard({ worker, path }: { readonly worker: WorkerId; readonly path: string }): Guard {
  let shell: ChildProcess | undefined;
  let startsLeft = process.platform === "linux" ? mostStarts : 0;
  const start = () => {
    if (startsLeft === 0) return;
    startsLeft--;
    try {
      shell = spawnGuard(worker, path);
      shell.once("error", () => {}); // see below
      shell.once("exit", start);
    } catch {
      // No memory, no /bin/sh: the hunt is worth more than its guard.
    }
  };
  start();
  return {
    get pid() {
      return shell?.pid;
    },
    close() {
      startsLeft = 0;
      shell?.stdin?.end("end\n"); // written at once, not when the event loop comes round
    },
  };
}

/** A shell that dies time and again is not going to live. */
const mostStarts = 20;

/** `$1` is the entry to look for in environments. */
const script = `
trap '' TERM INT HUP QUIT
read -r word && exit 0
# End of file: the worker is dead. Look until twice in a row there is nobody, since a fork may just be under way.
empty=0
tries=0
while [ $empty -lt 2 ] && [ $tries -lt 100 ]; do
  tries=$((tries + 1))
  files=$(printf '%s\\0' /proc/[0-9]*/environ | xargs -0 grep -lszxF -e "$1")
  if [ -z "$files" ]; then
    empty=$((empty + 1))
    sleep 0.1 || sleep 1
    continue
  fi
  empty=0
  for file in $files; do
    pid=\${file#/proc/}
    pid=\${pid%/environ}
    kill -s KILL -- "-$pid"
    kill -s KILL "$pid"
  done
done
`;

function spawnGuard(worker: WorkerId, path: string): ChildProcess {
  const shell = spawn("/bin/sh", ["-c", script, "orion-guard", `${workerVariable}=${worker}`], {
    cwd: "/",
    env: { PATH: path },
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.stdin?.on("error", () => {}); // it died first
  // Neither the shell nor the pipe keeps the worker's process alive.
  shell.unref();
  (shell.stdin as (typeof shell.stdin & { unref?(): void }) | null)?.unref?.();
  return shell;
}

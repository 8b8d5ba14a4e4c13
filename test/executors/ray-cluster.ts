import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface RayCluster extends AsyncDisposable {
  readonly address: string;
}

/** A head on this machine that claims `cores` of them. Its files and ports are its own. */
export async function startRay(python: string, cores: number): Promise<RayCluster> {
  const folder = mkdtempSync(join(tmpdir(), "ray-")); // short: the path of a socket has 107 letters at most
  const program = `
import ray, sys
context = ray.init(
    address="local", num_cpus=${cores}, object_store_memory=80_000_000, include_dashboard=False,
    log_to_driver=False, _temp_dir=${JSON.stringify(folder)},
)
print("orion", context.address_info["gcs_address"], flush=True)
sys.stdin.read()
ray.shutdown()
`;
  const head = spawn(python, ["-c", program], { stdio: ["pipe", "pipe", "pipe"], detached: true });
  let complaint = "";
  head.stderr.on("data", (text) => {
    complaint += text;
  });
  const ended = once(head, "close");
  const address = await new Promise<string>((settle, refuse) => {
    createInterface({ input: head.stdout }).on("line", (line) => {
      if (line.startsWith("orion ")) settle(line.slice(6));
    });
    void ended.then(() => refuse(new Error(`Ray did not start: ${complaint}`)));
  });
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      head.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

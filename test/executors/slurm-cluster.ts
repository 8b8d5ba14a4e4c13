import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../orion.js";

/** Why there can be no cluster here; `undefined` where there can. */
export function whyNoSlurm(): string | undefined {
  if (process.getuid?.() !== 0) return "a cluster of one machine needs to be started by root";
  const missing = ["munged", "slurmctld", "slurmd", "sbatch"].filter((tool) => !isInstalled(tool));
  return missing.length === 0 ? undefined : `not installed: ${missing.join(", ")} (Debian: slurm-wlm, munge)`;
}

function isInstalled(tool: string): boolean {
  return spawnSync("/bin/sh", ["-c", `PATH="$PATH:/usr/sbin" command -v ${tool}`]).status === 0;
}

export interface SlurmCluster extends AsyncDisposable {
  /** For `SLURM_CONF`. */
  readonly configuration: string;
}

/** A real cluster of this one machine, which claims 16 cores. Its files and ports are its own. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "orion-slurm-"));
  chmodSync(folder, 0o755); // munge insists
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  const at = (name: string) => join(folder, name);
  writeFileSync(at("key"), randomBytes(1024), { mode: 0o400 });
  const [controllerPort, machinePort] = [await freePort(), await freePort()];
  writeFileSync(
    at("slurm.conf"),
    `ClusterName=orion
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${machinePort}
AuthType=auth/munge
AuthInfo=socket=${at("munge.socket")},cred_expire=5
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("slurmctld.pid")}
SlurmdPidFile=${at("slurmd.pid")}
SlurmctldLogFile=${at("slurmctld.log")}
SlurmdLogFile=${at("slurmd.log")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=16 State=UNKNOWN
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
PartitionName=main Nodes=${hostname()} Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=${hostname()} MaxTime=INFINITE State=UP PriorityTier=2
`,
  );
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, SLURM_CONF: at("slurm.conf") };
  const daemons: ChildProcess[] = [];
  const start = (tool: string, ...words: string[]) => {
    const daemon = spawn(tool, words, { env, stdio: "ignore", detached: true });
    daemons.push(daemon);
  };
  start(
    "munged",
    "--foreground",
    "--force",
    `--key-file=${at("key")}`,
    `--socket=${at("munge.socket")}`,
    `--pid-file=${at("munged.pid")}`,
    `--log-file=${at("munged.log")}`,
    `--seed-file=${at("munged.seed")}`,
  );
  start("slurmctld", "-D", "-f", at("slurm.conf"));
  start("slurmd", "-D", "-f", at("slurm.conf"));
  const stop = async () => {
    for (const daemon of daemons.toReversed()) {
      daemon.kill("SIGKILL");
      await until(() => daemon.exitCode !== null || daemon.signalCode !== null);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await until(() => {
      try {
        return execFileSync("sinfo", ["-h", "-o", "%T"], { env, encoding: "utf8", stdio: "pipe" }).trim() === "idle";
      } catch {
        return false; // not up yet
      }
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { configuration: at("slurm.conf"), [Symbol.asyncDispose]: stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  const { port } = server.address() as { port: number };
  await new Promise((go) => server.close(go));
  return port;
}

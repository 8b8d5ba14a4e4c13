import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { endOrphans } from "../../src/worker/orphans.js";
import { createWorkerId } from "../../src/worker/worker-id.js";

const nonce = "0123456789abcdef";
const trialId = `${process.pid}`.padStart(32, "0");
const living = createWorkerId({ pid: process.pid, nonce });

describe.runIf(process.platform === "linux")("endOrphans", () => {
  it("kills what a dead worker left running of the trial, with the group that it leads", async () => {
    const dead = await deadWorker();
    const leader = await start({ ORION_TRIAL_ID: trialId, ORION_WORKER: dead }, "env -i sleep 100 & wait");
    const other = await start({ ORION_TRIAL_ID: trialId, ORION_WORKER: dead });
    const ended = Promise.all([once(leader, "exit"), once(other, "exit")]);
    // Three while the leader's fork has not become `env` yet: until then it has the leader's environment.
    expect([2, 3]).toContain(await endOrphans({ trialId, worker: dead }));
    expect((await ended).map(([, signal]) => signal)).toEqual(["SIGKILL", "SIGKILL"]);
    expect(await endOrphans({ trialId })).toBe(0);
  });

  it("leaves alone the scripts of a living worker, of other trials, and of nobody", async () => {
    const dead = await deadWorker();
    const spared = await Promise.all([
      start({ ORION_TRIAL_ID: trialId, ORION_WORKER: living }),
      start({ ORION_TRIAL_ID: `${trialId}0`, ORION_WORKER: dead }),
      start({ ORION_TRIAL_ID: trialId }),
      start({ MY_ORION_TRIAL_ID: trialId, ORION_WORKER: dead }),
    ]);
    expect(await endOrphans({ trialId })).toBe(0);
    for (const child of spared) {
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
    }
  });

  it("does not look when the last worker lives or is on another machine", async () => {
    const dead = await deadWorker();
    const child = await start({ ORION_TRIAL_ID: trialId, ORION_WORKER: dead });
    expect(await endOrphans({ trialId, worker: living })).toBe(0);
    expect(await endOrphans({ trialId, worker: `else${dead}` })).toBe(0);
    const ended = once(child, "exit");
    expect(await endOrphans({ trialId, worker: dead })).toBe(1);
    await ended;
  });
});

async function deadWorker(): Promise<string> {
  const child = await start({});
  const worker = createWorkerId({ pid: child.pid!, nonce });
  child.kill("SIGKILL");
  await once(child, "exit");
  return worker;
}

async function start(environment: Record<string, string>, script = "exec sleep 100") {
  const env = { PATH: "/usr/bin:/bin", ...environment };
  const child = spawn("/bin/sh", ["-c", `echo; ${script}`], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return child;
}

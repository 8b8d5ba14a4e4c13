import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { readProcessStat } from "../../src/executors/process-stat.js";
import { createWorkerId, isGone } from "../../src/worker/worker-id.js";

const nonce = "0123456789abcdef";

describe("createWorkerId", () => {
  it("gives two workers of one process two names, and neither is the beginning of the other", () => {
    const one = createWorkerId({ pid: process.pid, nonce });
    const two = createWorkerId({ pid: process.pid, nonce: "0123456789abcdee" });
    expect(one).not.toBe(two);
    expect(one).toHaveLength(two.length);
  });

  it("holds nothing that needs quoting in an environment or a shell", () => {
    expect(createWorkerId({ pid: process.pid, nonce })).toMatch(/^[\w:.%!~*'()-]+$/);
  });

  it("refuses a nonce of another length", () => {
    expect(() => createWorkerId({ pid: process.pid, nonce: "0" })).toThrow(RangeError);
  });
});

describe("isGone", () => {
  it("is false for a process that lives, this one included", async () => {
    expect(isGone(createWorkerId({ pid: process.pid, nonce }))).toBe(false);
    await using child = await startChild();
    expect(isGone(child.worker)).toBe(false);
  });

  it("is true for a process that was killed and reaped", async () => {
    await using child = await startChild();
    child.process.kill("SIGKILL");
    await once(child.process, "exit");
    expect(isGone(child.worker)).toBe(true);
  });

  it.runIf(process.platform === "linux")("is true for a zombie", async () => {
    // A shell that execs into `sleep` never reaps the child that it started before.
    const shell = spawn("/bin/sh", ["-c", "sleep 0.05 & echo $!; exec sleep 100"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [text] = (await once(shell.stdout, "data")) as [Buffer];
    const pid = Number(text.toString());
    const worker = createWorkerId({ pid, nonce });
    await vi.waitUntil(() => readProcessStat(pid)?.state === "Z", { timeout: 20_000, interval: 5 });
    expect(isGone(worker)).toBe(true);
    shell.kill("SIGKILL");
    await once(shell, "exit");
  });

  it.runIf(process.platform === "linux")("is true when another process has taken the pid since", () => {
    expect(isGone(change(2, "1"))).toBe(true);
  });

  it("is false when the process may live elsewhere: on another host, since another boot, in another namespace", async () => {
    await using child = await startChild();
    child.process.kill("SIGKILL");
    await once(child.process, "exit");
    expect(isGone(change(0, "elsewhere", child.worker))).toBe(false);
    expect(isGone(change(3, "another-boot", child.worker))).toBe(false);
    expect(isGone(change(4, "1", child.worker))).toBe(false);
  });

  it("is false for a name that it cannot read", () => {
    for (const odd of ["", "me", "a:b:c:d:e:f", change(1, "0"), change(1, "-1"), change(1, "x")])
      expect(isGone(odd)).toBe(false);
  });
});

/** A worker's name with its part at `index` replaced; by default that of this process. */
function change(index: number, part: string, worker = createWorkerId({ pid: process.pid, nonce })): string {
  return worker.split(":").with(index, part).join(":");
}

async function startChild() {
  const child = spawn("sleep", ["100"], { stdio: "ignore" });
  await once(child, "spawn");
  return {
    process: child,
    worker: createWorkerId({ pid: child.pid!, nonce }),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

import { afterEach, describe, expect, it, vi } from "vitest";
import { showProgress } from "../../src/cli/hunt/progress.js";
import type { Terminal } from "../../src/cli/terminal.js";
import { temporaryFolder } from "../temporary-folder.js";
import { completed, openBench } from "../worker/worker-bench.js";

afterEach(() => void vi.useRealTimers());

describe("the progress of a hunt where there is no terminal", () => {
  it("takes a line a second at first, and a line a minute after an hour", async () => {
    const { experiment } = await openBench({ folder: temporaryFolder() });
    const next = await experiment.nextTrial({ worker: "me", leaseMs: 1000 });
    if (next.kind !== "trial") throw new Error(next.kind);
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const lines: string[] = [];
    const terminal = { isInteractive: false, env: {}, out: () => {}, error: (text: string) => lines.push(text) };
    const display = showProgress({ terminal: terminal as unknown as Terminal, experiment, isJson: false });
    const linesIn = async (seconds: number) => {
      const before = lines.length;
      for (let second = 0; second < seconds; second++) {
        display.ended(next.trial, completed(1));
        await vi.advanceTimersByTimeAsync(1000);
      }
      return lines.length - before;
    };
    expect(await linesIn(50)).toBeGreaterThan(40);
    await linesIn(3600);
    expect(await linesIn(600)).toBeLessThanOrEqual(10);
    const before = lines.length;
    await display.stop();
    expect(lines.length - before).toBeLessThanOrEqual(1);
  });
});

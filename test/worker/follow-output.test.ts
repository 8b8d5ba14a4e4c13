import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFollower } from "../../src/worker/follow-output.js";
import { lastMatch } from "../../src/worker/search-output.js";
import { temporaryFolder } from "../temporary-folder.js";

const intervalMs = 100;
const prefix = (number: number) => `[trial ${number}] `;

/** A follower that collects what it shows, and files for it to follow. */
function fresh(change: { prefix?: (number: number) => string } = {}) {
  const folder = temporaryFolder();
  const shown = { stdout: "", stderr: "" };
  const follower = createFollower({
    stdout: (text) => {
      shown.stdout += text;
    },
    stderr: (text) => {
      shown.stderr += text;
    },
    intervalMs,
    ...change,
  });
  const trial = (number: number) => ({
    number,
    stdoutPath: join(folder, `${number}.out`),
    stderrPath: join(folder, `${number}.err`),
  });
  return { follower, shown, trial };
}

describe("a follower", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("shows what is written while the program runs, and the rest when it has ended", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    const output = follower.follow(files);
    appendFileSync(files.stdoutPath, "one\ntw");
    appendFileSync(files.stderrPath, "oops");
    expect(shown).toEqual({ stdout: "", stderr: "" });
    vi.advanceTimersByTime(intervalMs);
    expect(shown).toEqual({ stdout: "one\ntw", stderr: "oops" });
    appendFileSync(files.stdoutPath, "o");
    output.finish();
    expect(shown.stdout).toBe("one\ntwo");
  });

  it("starts a resumed trial at the end of its files, and tells where that is", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    writeFileSync(files.stdoutPath, "before\n");
    const output = follower.follow(files);
    expect(output.stdoutStart).toBe(7);
    appendFileSync(files.stdoutPath, "after\n");
    output.finish();
    expect(shown.stdout).toBe("after\n");
  });

  it("uses one timer for all trials, and none when there is nothing to follow", () => {
    const { follower, trial } = fresh();
    expect(vi.getTimerCount()).toBe(0);
    const outputs = [1, 2, 3].map((number) => follower.follow(trial(number)));
    expect(vi.getTimerCount()).toBe(1);
    for (const output of outputs) output.finish();
    expect(vi.getTimerCount()).toBe(0);
    follower.follow(trial(4));
    follower.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("shows nothing twice when it is finished twice", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    const output = follower.follow(files);
    appendFileSync(files.stdoutPath, "x");
    output.finish();
    appendFileSync(files.stdoutPath, "y");
    output.finish();
    expect(shown.stdout).toBe("x");
  });

  it.each([
    ["without a prefix", {}],
    ["with a prefix", { prefix: () => "" }],
  ])("never tears a character apart, wherever the file happens to end, %s", (_title, change) => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 20 }),
        fc.array(fc.nat(80), { maxLength: 4 }),
        (text, cuts) => {
          const { follower, shown, trial } = fresh(change);
          const files = trial(1);
          const output = follower.follow(files);
          const expected = `${text.replaceAll("\r", "")}\n`;
          const bytes = Buffer.from(expected);
          const ends = [...cuts.sort((a, b) => a - b), bytes.length];
          let start = 0;
          for (const end of ends) {
            appendFileSync(files.stdoutPath, bytes.subarray(start, Math.max(start, end)));
            start = Math.max(start, end);
            vi.advanceTimersByTime(intervalMs);
            expect(shown.stdout).not.toContain("\ufffd");
          }
          output.finish();
          expect(shown.stdout).toBe(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("shows text that is cut off within a character when the program has ended", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    const output = follower.follow(files);
    appendFileSync(files.stdoutPath, Buffer.from([0x61, 0xe6, 0x97]));
    vi.advanceTimersByTime(intervalMs);
    expect(shown.stdout).toBe("a");
    output.finish();
    expect(shown.stdout).toBe("a\ufffd");
  });

  it("shows whole lines with their trial before them, so that trials do not mix", () => {
    const { follower, shown, trial } = fresh({ prefix });
    const [one, two] = [trial(1), trial(2)];
    const outputs = [follower.follow(one), follower.follow(two)];
    appendFileSync(one.stdoutPath, "a\n\nb");
    appendFileSync(two.stdoutPath, "x\ny");
    vi.advanceTimersByTime(intervalMs);
    expect(shown.stdout).toBe("[trial 1] a\n[trial 1] \n[trial 2] x\n");
    appendFileSync(one.stdoutPath, "c\n");
    for (const output of outputs) output.finish();
    expect(shown.stdout).toBe("[trial 1] a\n[trial 1] \n[trial 2] x\n[trial 1] bc\n[trial 2] y\n");
  });

  it("shows the last state of a progress bar, and takes the line ends of Windows", () => {
    const { follower, shown, trial } = fresh({ prefix });
    const files = trial(7);
    const output = follower.follow(files);
    appendFileSync(files.stderrPath, "10%\r50%\r100%\nplain\r\n");
    output.finish();
    expect(shown.stderr).toBe("[trial 7] 100%\n[trial 7] plain\n");
  });

  it("breaks a line that does not end rather than keep it", () => {
    const { follower, shown, trial } = fresh({ prefix });
    const files = trial(1);
    follower.follow(files);
    appendFileSync(files.stdoutPath, "x".repeat(200_000));
    vi.advanceTimersByTime(intervalMs);
    expect(shown.stdout.length).toBeGreaterThan(130_000);
  });

  it("leaves out the middle of a flood, and says so", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    const output = follower.follow(files);
    const mebibyte = `${"x".repeat(1024 * 1024 - 1)}\n`;
    for (let count = 0; count < 10; count++) appendFileSync(files.stdoutPath, mebibyte);
    appendFileSync(files.stdoutPath, "the end\n");
    output.finish();
    expect(shown.stdout).toContain(`[${2 * 1024 * 1024 + 8} bytes left out, see ${files.stdoutPath}]`);
    expect(shown.stdout.length).toBeLessThan(9 * 1024 * 1024);
    expect(shown.stdout.endsWith("the end\n")).toBe(true);
  });

  it("goes on from the new end of a file that the program emptied, and bears one that it removed", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    const output = follower.follow(files);
    appendFileSync(files.stdoutPath, "long text\n");
    vi.advanceTimersByTime(intervalMs);
    truncateSync(files.stdoutPath, 0);
    vi.advanceTimersByTime(intervalMs);
    appendFileSync(files.stdoutPath, "new\n");
    vi.advanceTimersByTime(intervalMs);
    expect(shown.stdout).toBe("long text\nnew\n");
    rmSync(files.stdoutPath);
    output.finish();
    expect(shown.stdout).toBe("long text\nnew\n");
  });

  it("shows the others, and later the rest, while a file cannot be read", () => {
    const { follower, shown, trial } = fresh();
    const [spoilt, other] = [trial(1), trial(2)];
    const outputs = [follower.follow(spoilt), follower.follow(other)];
    appendFileSync(spoilt.stdoutPath, "one\n");
    vi.advanceTimersByTime(intervalMs);
    renameSync(spoilt.stdoutPath, `${spoilt.stdoutPath}.aside`);
    symlinkSync(spoilt.stdoutPath, spoilt.stdoutPath); // points to itself
    mkdirSync(join(spoilt.stderrPath, "something"), { recursive: true });
    appendFileSync(other.stdoutPath, "other\n");
    vi.advanceTimersByTime(intervalMs);
    expect(shown).toEqual({ stdout: "one\nother\n", stderr: "" });
    renameSync(`${spoilt.stdoutPath}.aside`, spoilt.stdoutPath);
    appendFileSync(spoilt.stdoutPath, "two\n");
    for (const output of outputs) output.finish();
    expect(shown).toEqual({ stdout: "one\nother\ntwo\n", stderr: "" });
  });

  it("takes nothing that may be of an earlier run for this one's when it cannot tell where that ended", () => {
    const { follower, shown, trial } = fresh();
    const files = trial(1);
    symlinkSync(files.stdoutPath, files.stdoutPath);
    const output = follower.follow(files);
    rmSync(files.stdoutPath);
    writeFileSync(files.stdoutPath, "loss: 1\n");
    vi.advanceTimersByTime(intervalMs);
    appendFileSync(files.stdoutPath, "more\n");
    output.finish();
    expect(shown.stdout).toBe("more\n");
    expect(lastMatch({ path: files.stdoutPath, pattern: /loss: (.*)/, from: output.stdoutStart })).toBeUndefined();
  });
});

import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { EvaluationError } from "../errors.js";
import type { CommandEvaluation, EvaluationControl } from "../executors/executor.js";
import { type ExecutorBench, isRunning, patience } from "./executor-bench.js";

/** What every executor promises for commands. */
export function commandPromises({ promise, open }: ExecutorBench): void {
  /** An executor, a folder, and `run` for a shell script in it. */
  const fresh = async (settings?: Parameters<typeof open>[0]) => {
    const { executor, folder, read } = await open(settings);
    const command = (script: string, change: Partial<CommandEvaluation> = {}): CommandEvaluation => ({
      kind: "command",
      argv: ["/bin/sh", "-c", script],
      environment: { PATH: "/usr/local/bin:/usr/bin:/bin" },
      directory: folder,
      stdoutPath: join(folder, "stdout.log"),
      stderrPath: join(folder, "stderr.log"),
      ...change,
    });
    const run = (script: string, change?: Partial<CommandEvaluation>, control?: Partial<EvaluationControl>) =>
      executor.run(command(script, change), { signal: new AbortController().signal, graceMs: 20_000, ...control });
    return { executor, folder, run, read };
  };

  describe("the outcome", () => {
    promise("is the exit code of the program", async () => {
      const { run } = await fresh();
      expect(await run("exit 0")).toEqual({ exitCode: 0, signal: undefined });
      expect(await run("exit 3")).toEqual({ exitCode: 3, signal: undefined });
      expect(await run("exit 255")).toEqual({ exitCode: 255, signal: undefined });
    });

    promise("names the signal that ended the program, with the exit code that shells have for it", async () => {
      const { run } = await fresh();
      expect(await run("kill -INT $$")).toEqual({ exitCode: 130, signal: "SIGINT" });
      expect(await run("kill -KILL $$")).toEqual({ exitCode: 137, signal: "SIGKILL" });
    });

    promise("does not wait for a background process that holds the output, and leaves it alone", async () => {
      const { run, read } = await fresh();
      expect(await run("sleep 100 & echo $! > child; exit 4")).toEqual({ exitCode: 4, signal: undefined });
      const child = Number(read("child"));
      expect(isRunning(child)).toBe(true);
      process.kill(child, "SIGKILL");
    });

    promise("is not changed by what an earlier program left behind and signals its group", async () => {
      const { run } = await fresh();
      const watchdog = "trap '' TERM; until [ -e go ]; do sleep 0.02; done; kill -TERM 0; echo > done";
      expect(await run(`(${watchdog}) & exit 0`)).toEqual({ exitCode: 0, signal: undefined });
      expect(await run("echo > go; until [ -e done ]; do sleep 0.02; done; exit 7")).toEqual({
        exitCode: 7,
        signal: undefined,
      });
    });

    promise("belongs to its own program when many run at once", async () => {
      const { run } = await fresh();
      const codes = Array.from({ length: 40 }, (_, index) => index);
      const outcomes = await Promise.all(codes.map((code) => run(`exit ${code}`)));
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(codes);
    });
  });

  describe("the program", () => {
    promise("gets its words to the letter, without a shell between", async () => {
      const { run, read } = await fresh();
      const words = ["two words", "", "'\"`", "$HOME $(id) * ~", "a\nb", "é 日本 🚀", "-x", "\\"];
      await run("", { argv: ["/bin/sh", "-c", 'for word; do printf "%s|" "$word"; done', "sh", ...words] });
      expect(read("stdout.log")).toBe(words.map((word) => `${word}|`).join(""));
    });

    promise("gets exactly the environment it was given", async () => {
      const { run, read } = await fresh();
      await run("", { argv: ["/usr/bin/env"], environment: { A: "1 2", EMPTY: "", "odd-name": "é\n=" } });
      // By ORION_GUARD the programs of a process that dies are found.
      expect(read("stdout.log").replace(/^ORION_GUARD=.*\n/m, "")).toBe("A=1 2\nEMPTY=\nodd-name=é\n=\n");
    });

    promise("gets exactly the environment it was given when another one ran before it", async () => {
      const { run, read } = await fresh();
      await run(":", { environment: { PATH: "/usr/bin:/bin", A: "1", GONE: "x" } });
      await run("", { argv: ["/usr/bin/env"], environment: { PATH: "/usr/bin:/bin", A: "it's\n2", B: "" } });
      const lines = read("stdout.log")
        .split(/\n(?=\w+=)/)
        .map((line) => line.replace(/\n$/, ""));
      // Shells set PWD and count themselves in SHLVL and _, which no program can mind.
      expect(lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_|ORION_GUARD)=/.test(line)).sort()).toEqual([
        "A=it's\n2",
        "B=",
        "PATH=/usr/bin:/bin",
      ]);
    });

    promise("starts in its directory, and its path may be relative to it", async () => {
      const { run, folder, read } = await fresh();
      writeScript(join(folder, "where.sh"), "#!/bin/sh\npwd -P\n");
      await run("", { argv: ["./where.sh"] });
      expect(read("stdout.log")).toBe(`${folder}\n`);
    });

    promise("has its output appended to the files", async () => {
      const { run, read } = await fresh();
      await run("echo one; echo first >&2");
      await run("echo two; echo second >&2");
      expect(read("stdout.log")).toBe("one\ntwo\n");
      expect(read("stderr.log")).toBe("first\nsecond\n");
    });

    promise("finds nothing to read on its standard input", async () => {
      const { run, read } = await fresh();
      await run("cat; echo end");
      expect(read("stdout.log")).toBe("end\n");
    });
  });

  describe("an abort", () => {
    promise("asks the program to end, so that it can tidy up", async () => {
      const { run, folder, read } = await fresh();
      const stop = new AbortController();
      const outcome = run(
        "trap 'echo tidy; exit 7' TERM; : > ready; while :; do sleep 0.01; done",
        {},
        { signal: stop.signal },
      );
      await vi.waitUntil(() => existsSync(join(folder, "ready")), patience);
      stop.abort();
      expect(await outcome).toEqual({ exitCode: 7, signal: undefined });
      expect(read("stdout.log")).toBe("tidy\n");
    });

    promise("kills a program that does not listen when its grace is over", async () => {
      const { run, folder } = await fresh();
      const stop = new AbortController();
      const outcome = run(
        "trap '' TERM; : > ready; while :; do sleep 0.01; done",
        {},
        { signal: stop.signal, graceMs: 50 },
      );
      await vi.waitUntil(() => existsSync(join(folder, "ready")), patience);
      stop.abort();
      expect(await outcome).toEqual({ exitCode: 137, signal: "SIGKILL" });
    });

    promise("ends the whole group, with a grandchild that does not listen, before it is answered", async () => {
      const { run, folder, read } = await fresh();
      const stop = new AbortController();
      const grandchild =
        "(trap '' TERM; : > ready; while :; do sleep 0.01; done) & echo $! > child.part; mv child.part child; wait";
      const outcome = run(`sh -c "${grandchild.replaceAll("$", "\\$")}"`, {}, { signal: stop.signal, graceMs: 50 });
      await vi.waitUntil(() => ["ready", "child"].every((file) => existsSync(join(folder, file))), patience);
      stop.abort();
      // Where signals take longer than the grace, on a cluster, the KILL may arrive with the TERM.
      expect(["SIGTERM", "SIGKILL"]).toContain((await outcome).signal);
      expect(isRunning(Number(read("child")))).toBe(false);
    });

    promise("ends what has made a process group of its own, as `timeout` does", async () => {
      const { run, folder, read } = await fresh();
      const stop = new AbortController();
      const program = "timeout 600 sh -c 'echo \\$\\$ > child.part; mv child.part child; sleep 600 & wait'";
      const outcome = run(`sh -c "${program}"`, {}, { signal: stop.signal, graceMs: 5000 });
      await vi.waitUntil(() => existsSync(join(folder, "child")), patience);
      stop.abort();
      expect((await outcome).exitCode).not.toBe(0);
      expect(isRunning(Number(read("child")))).toBe(false);
    });

    promise("that comes before the start keeps the program from starting", async () => {
      const { run, folder } = await fresh();
      expect(await run(": > started", {}, { signal: AbortSignal.abort() })).toEqual({
        exitCode: 143,
        signal: "SIGTERM",
      });
      expect(existsSync(join(folder, "started"))).toBe(false);
    });

    promise("that comes after the end changes nothing", async () => {
      const { run } = await fresh();
      const stop = new AbortController();
      expect(await run("exit 5", {}, { signal: stop.signal })).toEqual({ exitCode: 5, signal: undefined });
      stop.abort();
    });
  });

  promise("leaves no process behind when it is closed, and does not wait for their grace", async () => {
    const { executor, run, folder, read } = await fresh({ isOwn: true });
    const script = "trap '' TERM; sleep 100 & echo $! > child$0; : > ready$0; while :; do sleep 0.01; done";
    const outcomes = ["1", "2"].map((index) => run("", { argv: ["/bin/sh", "-c", script, index] }));
    await vi.waitUntil(() => ["ready1", "ready2"].every((file) => existsSync(join(folder, file))), patience);
    await executor.close();
    for (const outcome of outcomes) expect(await outcome).toEqual({ exitCode: 137, signal: "SIGKILL" });
    for (const file of ["child1", "child2"]) expect(isRunning(Number(read(file)))).toBe(false);
  });

  describe("a program that cannot be started is an EvaluationError that says", () => {
    const refused = async (argv: CommandEvaluation["argv"], prepare?: (folder: string) => void) => {
      const { run, folder } = await fresh();
      prepare?.(folder);
      const error = await run("", { argv }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EvaluationError);
      const { message, remedy } = error as EvaluationError;
      expect(message).toContain(JSON.stringify(argv[0]));
      return `${message} ${remedy}`;
    };

    promise("that there is no such file or command", async () => {
      expect(await refused(["./nothing.sh"])).toMatch(/no such file/);
      expect(await refused(["no-such-command-anywhere"])).toMatch(/PATH/);
      expect(await refused(["here.sh"], (folder) => writeScript(join(folder, "here.sh"), ""))).toMatch(/\.\/here\.sh/);
    });

    promise("that it is not executable, and how to make it so", async () => {
      const prepare = (folder: string) => writeFileSync(join(folder, "plain.sh"), "#!/bin/sh\n", { mode: 0o644 });
      expect(await refused(["./plain.sh"], prepare)).toMatch(/chmod \+x \.\/plain\.sh/);
    });

    promise("that its interpreter is missing", async () => {
      const missing = (folder: string) => writeScript(join(folder, "a.sh"), "#!/no/such/interpreter\n");
      expect(await refused(["./a.sh"], missing)).toMatch(/interpreter.*#!\/no\/such\/interpreter/);
      const windows = (folder: string) => writeScript(join(folder, "b.sh"), "#!/bin/sh\r\nexit 0\r\n");
      expect(await refused(["./b.sh"], windows)).toMatch(/Windows/);
    });

    promise("that its command line is too long", async () => {
      expect(await refused(["/bin/echo", "x".repeat(4_000_000)])).toMatch(/longer than the system allows/);
    });
  });

  promise("a time limit ends a program, and says so", async () => {
    const { run } = await fresh();
    expect(await run("exec sleep 100", {}, { timeoutMs: 100 })).toEqual({
      exitCode: 143,
      signal: "SIGTERM",
      reason: "It was ended after its time limit of 0.1 s.",
    });
    expect(await run("exit 3", {}, { timeoutMs: 50_000 })).toEqual({ exitCode: 3, signal: undefined });
  });
}

function writeScript(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

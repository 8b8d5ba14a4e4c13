import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, vi } from "vitest";
import { UsageError } from "../errors.js";
import type { CallOutcome, EvaluationControl, FunctionEvaluation } from "../executors/executor.js";
import { type ExecutorBench, isRunning, patience } from "./executor-bench.js";

/** A module of a user's, to be found by any process. What it should tell while it runs, it writes to files. */
const objective = `
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { exit as leave } from "node:process";
import { parentPort } from "node:worker_threads";
const forever = () => new Promise(() => setInterval(() => {}, 1000));
export default (a, b) => a + b;
export const echo = (value) => value;
export const nothing = () => {};
export const afterFile = async (path, value) => {
  while (!existsSync(path)) await new Promise((go) => setTimeout(go, 5));
  return value;
};
export const fail = (message) => { throw new RangeError(message); };
export const throwText = () => { throw "just text"; };
export const throwOdd = () => { throw Object.defineProperty(new Error(), "message", { get: () => { throw null; } }); };
export const unwritable = () => 10n;
export const talk = (value) => {
  for (const word of ["ready", null, 1, { step: 1, value: 2 }]) {
    process.send?.(word);
    parentPort?.postMessage(word);
  }
  return new Promise((end) => setImmediate(end, value));
};
export const exit = (code) => leave(code);
export const killSelf = () => { process.kill(process.pid, "SIGKILL"); return forever(); };
export const eat = () => { const all = []; for (;;) all.push(new Array(100_000).fill(all.length + 0.5)); };
export const loop = (path) => { writeFileSync(path, ""); for (;;); };
export const hang = (path) => { writeFileSync(path, ""); return forever(); };
export const listen = (path, { signal }) => new Promise((end) => {
  signal.addEventListener("abort", () => end("in order"));
  writeFileSync(path, "");
});
export const parent = (path) => {
  const child = spawn("sleep", ["100"], { stdio: "ignore" });
  writeFileSync(path, process.pid + " " + child.pid);
  return forever();
};
`;

/** What every executor promises for functions. */
export function functionPromises({ module, promise, open }: ExecutorBench): void {
  /** An executor, a folder, and `call` for a function of the module above. */
  const fresh = async (settings?: Parameters<ExecutorBench["open"]>[0]) => {
    const opened = await open(settings);
    const path = join(opened.folder, "objective.mjs");
    writeFileSync(path, objective);
    const start = (evaluation: FunctionEvaluation, control: Partial<EvaluationControl> = {}) =>
      opened.executor.call(evaluation, { signal: new AbortController().signal, graceMs: 20_000, ...control });
    const call = (exportName: string, args: readonly unknown[] = [], control: Partial<EvaluationControl> = {}) =>
      start({ kind: "module", url: pathToFileURL(path).href, exportName, args }, control);
    const isWritten = (file: string) => vi.waitUntil(() => existsSync(join(opened.folder, file)), patience);
    return { ...opened, start, call, isWritten, path: (file: string) => join(opened.folder, file) };
  };
  const returned = (value: unknown) => ({ kind: "returned", value });
  const died = (reason: RegExp) => ({ kind: "died", reason: expect.stringMatching(reason) });
  /** For what takes down more than a thread of its own. */
  const ifInterrupts: ExecutorBench["promise"] = (title, test) => {
    if (module.canInterrupt) promise(title, test);
  };

  promise("what a function returns comes back, odd numbers and nothing at all included", async () => {
    const { call } = await fresh();
    expect(await call("default", [1, 2])).toEqual(returned(3));
    const odd = { list: [Number.NaN, Infinity, -Infinity, -0, 2 ** 53], text: "é 日本 🚀\n", none: null };
    expect(await call("echo", [odd])).toEqual(returned(odd));
    expect(await call("nothing")).toEqual(returned(undefined));
  });

  promise("results come in any order, each to its own call", async () => {
    const { call, path } = await fresh({ nWorkers: 2 });
    const first = call("afterFile", [path("go"), "first"]);
    expect(await call("echo", ["second"])).toEqual(returned("second"));
    writeFileSync(path("go"), "");
    expect(await first).toEqual(returned("first"));
  });

  promise("any number of calls may be handed in at once", async () => {
    const { call } = await fresh();
    const values = Array.from({ length: 20 }, (_, index) => index);
    expect(await Promise.all(values.map((value) => call("echo", [value])))).toEqual(values.map(returned));
  });

  promise("what a function throws comes back with its name, message and stack", async () => {
    const { call } = await fresh();
    const thrown = (await call("fail", ["out of range"])) as Extract<CallOutcome, { kind: "threw" }>;
    expect(thrown).toMatchObject({ kind: "threw", error: { name: "RangeError", message: "out of range" } });
    expect(thrown.error.stack).toMatch(/objective\.mjs:\d+/);
    expect(await call("throwText")).toEqual({
      kind: "threw",
      error: { name: "string", message: "just text", stack: undefined },
    });
    expect(await call("throwOdd")).toEqual({
      kind: "threw",
      error: { name: "object", message: "what cannot be looked at", stack: undefined },
    });
  });

  promise("a module that does not load, and an export that is none, are errors that name it", async () => {
    const { start, call } = await fresh();
    const missing = { kind: "module", url: "file:///no/such/module.mjs", exportName: "default", args: [] } as const;
    expect(await start(missing)).toMatchObject({
      kind: "threw",
      error: { message: expect.stringMatching(/no\/such/) },
    });
    expect(await call("absent")).toMatchObject({
      kind: "threw",
      error: { name: "TypeError", message: expect.stringMatching(/objective\.mjs exports no function "absent"/) },
    });
  });

  if (module.takesClosures) {
    promise("a function of this process may be called", async () => {
      const { start } = await fresh();
      const seen: unknown[] = [];
      const closure = { kind: "closure", call: () => seen.push(1) } as const;
      expect(await start(closure)).toEqual(returned(1));
      expect(seen).toEqual([1]);
    });
  } else {
    promise("a function of this process is refused, with what to do instead", async () => {
      const { start } = await fresh();
      const refused = start({ kind: "closure", call: () => 1 });
      await expect(refused).rejects.toThrow(UsageError);
      await expect(refused).rejects.toMatchObject({ remedy: expect.stringMatching(/Export the function/) });
    });
    promise("a value that cannot be passed on is an error of the function", async () => {
      const { call } = await fresh();
      expect(await call("unwritable")).toMatchObject({
        kind: "threw",
        error: { message: expect.stringMatching(/cannot be passed on/) },
      });
    });
  }

  promise("an abort before the start keeps a function from being called", async () => {
    const { call, folder } = await fresh();
    expect(await call("hang", [join(folder, "started")], { signal: AbortSignal.abort() })).toEqual({ kind: "stopped" });
    expect(existsSync(join(folder, "started"))).toBe(false);
  });

  promise("a function that listens to its signal ends in order, and its result counts", async () => {
    const { call, path, isWritten } = await fresh();
    const stop = new AbortController();
    const outcome = call("listen", [path("ready")], { signal: stop.signal });
    await isWritten("ready");
    stop.abort();
    expect(await outcome).toEqual(returned("in order"));
    expect(await call("echo", [1])).toEqual(returned(1));
  });

  promise("a function that does not listen is waited for no longer than its grace", async () => {
    const { call, path, isWritten } = await fresh();
    const stop = new AbortController();
    const outcome = call("hang", [path("ready")], { signal: stop.signal, graceMs: 50 });
    await isWritten("ready");
    stop.abort();
    expect(await outcome).toEqual({ kind: "stopped" });
    expect(await call("echo", [1])).toEqual(returned(1));
  });

  promise("a time limit ends a call that hangs, and says so", async () => {
    const { call, path } = await fresh();
    expect(await call("hang", [path("ready")], { timeoutMs: 100, graceMs: 50 })).toEqual(died(/time limit of 0\.1 s/));
    expect(await call("echo", [1], { timeoutMs: 50_000 })).toEqual(returned(1));
  });

  ifInterrupts("an endless loop is ended after its grace", async () => {
    const { call, path, isWritten } = await fresh({ nWorkers: 1 });
    const stop = new AbortController();
    const outcome = call("loop", [path("ready")], { signal: stop.signal, graceMs: 50 });
    await isWritten("ready");
    stop.abort();
    expect(await outcome).toEqual({ kind: "stopped" });
    expect(await call("echo", [1])).toEqual(returned(1));
  });

  ifInterrupts("a worker that exits, or runs out of memory, loses its call and no other", async () => {
    const { call } = await fresh({ nWorkers: 1, configuration: { max_memory_mb: 64 } });
    expect(await call("exit", [7])).toEqual(died(/./));
    expect(await call("echo", [1])).toEqual(returned(1));
    expect(await call("eat")).toEqual(died(/memory/));
    expect(await call("echo", [2])).toEqual(returned(2));
  });

  ifInterrupts("what a function says on a channel of its own is neither a report nor a result", async () => {
    const { call } = await fresh();
    const onReport = vi.fn(async () => {});
    expect(await call("talk", [3], { onReport })).toEqual(returned(3));
    expect(onReport).not.toHaveBeenCalled();
  });

  ifInterrupts("a worker that is killed loses its call and no other", async () => {
    const { call } = await fresh({ nWorkers: 1 });
    expect(await call("killSelf")).toEqual(died(/SIGKILL/));
    expect(await call("echo", [2])).toEqual(returned(2));
  });

  ifInterrupts("a close ends what runs at once, and leaves no process behind", async () => {
    const { executor, call, path, read, isWritten } = await fresh({ isOwn: true });
    const hanging = call("parent", [path("pids")]);
    await isWritten("pids");
    const pids = await vi.waitUntil(() => read("pids").split(" ").map(Number), patience);
    await executor.close();
    expect(await hanging).toEqual({ kind: "stopped" });
    const others = pids.filter((pid) => pid !== process.pid);
    await vi.waitUntil(() => others.every((pid) => !isRunning(pid)), patience);
    await expect(call("echo", [1])).rejects.toThrow(/closed/);
  });
}

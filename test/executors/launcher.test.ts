import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CommandEvaluation } from "../../src/executors/executor.js";
import { type Launchers, openLaunchers } from "../../src/executors/launcher.js";
import { isAlive, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

function setUp() {
  const folder = temporaryFolder();
  const evaluation = (script: string, change: Partial<CommandEvaluation> = {}): CommandEvaluation => ({
    kind: "command",
    argv: ["/bin/sh", "-c", script],
    environment: { PATH: "/usr/bin:/bin" },
    directory: folder,
    stdoutPath: join(folder, "out"),
    stderrPath: join(folder, "err"),
    ...change,
  });
  const read = () => readFileSync(join(folder, "out"), "utf8").trim().split("\n");
  const run = (launchers: Launchers, script: string) => launchers.start(evaluation(script)).ended;
  return { evaluation, read, run };
}

const sizes = [
  ["small", ""],
  ["large", "i=0; while [ $i -lt 40 ]; do /bin/true; i=$((i + 1)); done; "],
] as const;

it.each(sizes)("one shell starts one %s program after the other", async (_, work) => {
  const { read, run } = setUp();
  const launchers = openLaunchers();
  for (let turn = 0; turn < 3; turn++) await run(launchers, `${work}echo $PPID`);
  launchers.close();
  expect(new Set(read()).size).toBe(1);
  await until(() => !isAlive(Number(read()[0])));
});

it.each(sizes)("what a %s program has left behind is not ended with the next one", async (_, work) => {
  const { evaluation, read, run } = setUp();
  const launchers = openLaunchers();
  await run(launchers, `${work}sleep 100 & echo $!`);
  const left = Number(read()[0]);
  const next = launchers.start(evaluation("echo started; exec sleep 100"));
  await until(() => read().includes("started"));
  next.stop(10_000);
  expect(await next.ended).toMatchObject({ signal: "SIGTERM" });
  expect(isAlive(left)).toBe(true);
  process.kill(left, "SIGKILL");
  launchers.close();
});

it("a shell that was killed while it waited is replaced", async () => {
  const { read, run } = setUp();
  const launchers = openLaunchers();
  await run(launchers, "echo $PPID");
  process.kill(Number(read()[0]), "SIGKILL");
  await until(() => !isAlive(Number(read()[0])));
  expect(await run(launchers, "exit 3")).toMatchObject({ exitCode: 3 });
  launchers.close();
});

it("a program whose shell was killed under it starts all the same, and ends when it is told to", async () => {
  const { evaluation, read, run } = setUp();
  const launchers = openLaunchers();
  await run(launchers, "echo $PPID");
  process.kill(Number(read()[0]), "SIGKILL"); // of which Node hears when this turn is over
  const program = launchers.start(evaluation("echo started; exec sleep 20"));
  await until(() => read().includes("started"));
  program.stop(10_000);
  expect(await program.ended).toMatchObject({ exitCode: 143, signal: "SIGTERM" });
  launchers.close();
});

it.each(["TERM", "INT", "HUP", "USR1", "PIPE"])("a program may send %s to its own group", async (signal) => {
  const { run } = setUp();
  const launchers = openLaunchers();
  expect(await run(launchers, `trap 'exit 5' ${signal}; kill -${signal} 0; sleep 10 & wait`)).toMatchObject({
    exitCode: 5,
  });
  expect(await run(launchers, "exit 6")).toMatchObject({ exitCode: 6 });
  launchers.close();
});

it("variables that a shell would change, and words that only the system can refuse, are not for it", () => {
  const { evaluation } = setUp();
  const launchers = openLaunchers();
  expect(launchers.canStart(evaluation(":"))).toBe(true);
  for (const name of ["IFS", "UID", "BASH_FUNC_module%%", "odd-name"]) {
    expect(launchers.canStart(evaluation(":", { environment: { [name]: "1" } })), name).toBe(false);
  }
  expect(launchers.canStart(evaluation(":", { argv: ["a", "\0"] }))).toBe(false);
  expect(launchers.canStart(evaluation(":", { argv: ["a", "x".repeat(40_000)] }))).toBe(false);
  expect(launchers.canStart(evaluation(":", { directory: "/no/such/folder" }))).toBe(false);
});

it("an output file that cannot be made is said at once, not as an exit code of the program", () => {
  const { evaluation } = setUp();
  const launchers = openLaunchers();
  expect(() => launchers.start(evaluation(":", { stdoutPath: "/no/such/folder/out" }))).toThrow(/\/no\/such\/folder/);
});

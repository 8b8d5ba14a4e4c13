import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Desk, isAlive, openDesk, type Run, until } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";

/** Writes its pid and its child's, then runs until it is killed; reports once there is a file `go`. */
const stubborn = `#!/bin/sh
trap '' TERM INT HUP
sleep 300 &
echo "$ORION_TRIAL_ID $ORION_WORKING_DIR $$ $!" >> calls.txt
echo again >> "$ORION_WORKING_DIR/checkpoint"
cp "$ORION_WORKING_DIR/checkpoint" seen
while [ ! -e go ]; do sleep 0.05; done
kill $!
echo '[{"name":"loss","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"
`;

interface Call {
  readonly trial: string;
  readonly pids: readonly number[];
}

async function calls(desk: Desk, count: number): Promise<Call[]> {
  await until(() => existsSync(join(desk.folder, "calls.txt")) && desk.read("calls.txt").split("\n").length > count);
  const lines = desk.read("calls.txt").trim().split("\n");
  return lines.map((line) => {
    const [trial, , ...pids] = line.split(" ");
    return { trial: trial!, pids: pids.map(Number) };
  });
}

/** Without a terminal, wherever the tests run: a session of its own. */
const apart = process.platform === "linux" ? ["setsid"] : [];

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const why = hasPython ? "" : " (skipped: no python3 here)";

async function begin(...options: (string | number)[]): Promise<{ desk: Desk; run: Run; call: Call }> {
  const desk = openDesk(temporaryFolder());
  desk.script("script.sh", stubborn);
  const run = desk.start(["hunt", "-n", "a", "--exp-max-trials", 1, ...options, "./script.sh", prior], {}, apart);
  const [call] = await calls(desk, 1);
  return { desk, run, call: call! };
}

/** Runs its words in a terminal of their own, which it closes as soon as there is a file `close`. */
const inTerminal = `
import os, pty, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while not os.path.exists("close"):
    time.sleep(0.05)
os.close(terminal)
open("closed", "w").close()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

async function counts(desk: Desk) {
  const [entry] = await desk.json("status", "-n", "a");
  return Object.fromEntries(Object.entries(entry.trials).filter(([, count]) => count !== 0));
}

/** The trial that was interrupted goes on in its own directory. */
async function expectResumed(desk: Desk, call: Call): Promise<void> {
  desk.file("go", "");
  expect((await desk.orion("hunt", "-n", "a")).code).toBe(0);
  expect((await calls(desk, 2)).map(({ trial }) => trial)).toEqual([call.trial, call.trial]);
  expect(desk.read("seen")).toBe("again\nagain\n");
  expect(await counts(desk)).toEqual({ completed: 1 });
  expect(readdirSync(join(desk.env.HOME!, ".cache"))).toEqual([]);
}

describe("orion hunt", () => {
  it("does not promise to resume what ended well, and opens no debugger at the warning of a batch system", async () => {
    const desk = openDesk(temporaryFolder());
    const graceful = `trap 'echo 3 > "$ORION_RESULTS_PATH"; exit 0' TERM\n: > started\nwhile :; do sleep 0.05; done\n`;
    const path = desk.script("graceful.sh", `#!/bin/sh\n${graceful}`);
    const run = desk.start(["hunt", "-n", "a", "--exp-max-trials", 3, path, prior]);
    await until(() => existsSync(join(desk.folder, "started")));
    run.child.kill("SIGUSR1");
    run.child.kill("SIGTERM");
    const { code, out, err } = await run.ended;
    expect(code).toBe(130);
    expect(out).toMatch(/^Orion is interrupted\.\n\n/);
    expect(err).not.toContain("Debugger");
    expect(await counts(desk)).toEqual({ completed: 1 });
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "ends in order at %s: the group is killed after the grace, the trial interrupted, and resumed later",
    async (signal) => {
      const { desk, run, call } = await begin("--grace", 0.3);
      run.child.kill(signal);
      const { code, err, out } = await run.ended;
      expect(code).toBe(130);
      expect(err).toContain("Stopping: running scripts get TERM, and KILL after 0.3 s.");
      expect(out).toContain("Orion is interrupted.\nThe trials that were running will be resumed");
      expect(call.pids.filter(isAlive)).toEqual([]);
      expect(await counts(desk)).toEqual({ interrupted: 1 });
      await expectResumed(desk, call);
    },
    30_000,
  );

  it.skipIf(!hasPython).each([
    ["ends in order", 130, "interrupted", []],
    ["goes on under nohup", 0, "completed", ["nohup"]],
  ] as const)(
    `%s when its terminal closes${why}`,
    async (_title, code, status, before) => {
      const desk = openDesk(temporaryFolder());
      desk.script("script.sh", stubborn);
      const words = ["hunt", "-n", "a", "--exp-max-trials", 1, "--grace", 0.1, "./script.sh", prior];
      const run = desk.start(words, {}, ["python3", "-c", inTerminal, ...before]);
      await calls(desk, 1);
      desk.file("close", "");
      await until(() => existsSync(join(desk.folder, "closed")));
      if (status === "completed") desk.file("go", "");
      expect(await run.ended).toMatchObject({ code });
      expect(await counts(desk)).toEqual({ [status]: 1 });
    },
    30_000,
  );

  it("ends at once at a second Ctrl-C, however long the grace", async () => {
    const { desk, run, call } = await begin("--grace", 3600);
    run.child.kill("SIGINT");
    // Until it is taken for one: the same Ctrl-C may come twice.
    const again = setInterval(() => run.child.kill("SIGINT"), 50);
    const { code } = await run.ended;
    clearInterval(again);
    expect(code).toBe(130);
    expect(call.pids.filter(isAlive)).toEqual([]);
    await expectResumed(desk, call);
  }, 30_000);

  it("leaves no script running after kill -9, and its trial is taken up again at once", async () => {
    const { desk, run, call } = await begin();
    run.child.kill("SIGKILL");
    await run.ended;
    await until(() => !call.pids.some(isAlive));
    expect(await counts(desk)).toEqual({ reserved: 1 });
    await expectResumed(desk, call);
  }, 30_000);

  it("ends in order when nobody reads its output any more", async () => {
    const desk = openDesk(temporaryFolder());
    const report = `echo '[{"name":"loss","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"`;
    desk.script("talk.sh", `#!/bin/sh\necho $$ >> pids\necho hello; sleep 0.1\n${report}\n`);
    const run = desk.start(["hunt", "-n", "a", "--exp-max-trials", 1000, "./talk.sh", prior]);
    run.child.stdout!.once("data", () => run.child.stdout!.destroy());
    const { code, err } = await run.ended;
    expect(code).toBe(130);
    expect(err).toContain("Standard output cannot be written to any more.");
    expect(err).not.toMatch(/^ +at /m);
    const [entry] = await desk.json("status", "-n", "a");
    expect(entry.trials.reserved).toBe(0);
    expect(desk.read("pids").trim().split("\n").map(Number).filter(isAlive)).toEqual([]);
  }, 30_000);
});

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ledgerScript, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";

interface Refusal {
  readonly words: readonly string[];
  readonly code: number;
  readonly says: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const refusals: Readonly<Record<string, Refusal>> = {
  "no name": { words: ["./ok.sh", prior], code: 1, says: /No name/ },
  "an empty name": { words: ["-n", " ", "./ok.sh", prior], code: 1, says: /No name/ },
  "a missing script": { words: ["-n", "a", "./no.sh", prior], code: 1, says: /"\.\/no\.sh" does not exist/ },
  "a script that may not be run": { words: ["-n", "a", "./text", prior], code: 1, says: /chmod \+x/ },
  "a script without its interpreter": {
    words: ["-n", "a", "./lost.py", prior],
    code: 1,
    says: /interpreter does not exist[\s\S]*Install the interpreter/,
  },
  "no prior": { words: ["-n", "a", "./ok.sh", "-x", "1"], code: 1, says: /No prior/ },
  "a prior that does not exist": { words: ["-n", "a", "./ok.sh", "-x~unifrom(0, 1)"], code: 1, says: /unifrom/ },
  "an unknown option": { words: ["-n", "a", "--wat", "./ok.sh", prior], code: 2, says: /--wat/ },
  "a grace that is no number": { words: ["-n", "a", "--grace", "soon", "./ok.sh", prior], code: 2, says: /"soon"/ },
  "an exit code that no program has": {
    words: ["-n", "a", "--interrupt-signal-code", "300", "./ok.sh", prior],
    code: 2,
    says: /"300"/,
  },
  "an unknown direction": { words: ["-n", "a", "--direction", "up", "./ok.sh", prior], code: 2, says: /"up"/ },
  "no workers": { words: ["-n", "a", "--n-workers", "0", "./ok.sh", prior], code: 2, says: /--n-workers/ },
  "a pattern that is none": {
    words: ["-n", "a", "--objective-pattern", "(", "./ok.sh", prior],
    code: 2,
    says: /regular expression/,
  },
  "a pattern of a file that is none": {
    words: ["-n", "a", "-c", "pattern.yaml", "./ok.sh", prior],
    code: 1,
    says: /pattern.*line 1.*regular expression/,
  },
  "an unknown algorithm": {
    words: ["-n", "a", "--algorithm", "tpee", "./ok.sh", prior],
    code: 2,
    says: /"tpee"[\s\S]*Did you mean "tpe"\?/,
  },
  "an algorithm of a file that is unknown": {
    words: ["-n", "a", "-c", "tpee.yaml", "./ok.sh", prior],
    code: 1,
    says: /"tpee"/,
  },
  "an unknown rule": {
    words: ["-n", "a", "--stopping", "mediann", "./ok.sh", prior],
    code: 2,
    says: /"mediann"[\s\S]*Did you mean "median"\?/,
  },
  "a target that is no number": { words: ["-n", "a", "--target", "abc", "./ok.sh", prior], code: 2, says: /"abc"/ },
  "no time at all": { words: ["-n", "a", "--max-time", "-5", "./ok.sh", prior], code: 2, says: /"-5".*--max-time/ },
  "no patience at all": { words: ["-n", "a", "--patience", "0", "./ok.sh", prior], code: 2, says: /or "none".*"0"/ },
  "more trials than can be counted": {
    words: ["-n", "a", "--exp-max-trials", "1000000000000000000000000", "./ok.sh", prior],
    code: 2,
    says: /whole number from 0 on, or inf/,
  },
  "an unknown executor": { words: ["-n", "a", "--executor", "moon", "./ok.sh", prior], code: 2, says: /"moon"/ },
  "an executor that a variable names": {
    words: ["-n", "a", "./ok.sh", prior],
    env: { ORION_EXECUTOR: "moon" },
    code: 1,
    says: /"moon" \(ORION_EXECUTOR\)[\s\S]*dask, inline, processes/,
  },
  "an option that the executor does not have": {
    words: ["-n", "a", "--executor", "threads", "--executor-configuration", "size=3", "./ok.sh", prior],
    code: 2,
    says: /"threads" has no option "size"[\s\S]*max_memory_mb/,
  },
  "an option of the executor without a value": {
    words: ["-n", "a", "--executor-configuration", "size", "./ok.sh", prior],
    code: 2,
    says: /"size" is not of the form key=value/,
  },
  "an executor without its Python": {
    words: ["-n", "a", "--executor", "dask", "--executor-configuration", "python=no-python", "./ok.sh", prior],
    code: 1,
    says: /needs Python, and there is no program "no-python"[\s\S]*Install Python 3/,
  },
  "an executor without its package": {
    words: ["-n", "a", "--executor", "ray", "--executor-configuration", "python=./no-ray", "./ok.sh", prior],
    code: 1,
    says: /needs the Python package "ray"[\s\S]*pip install ray/,
  },
  "an executor without its programs": {
    words: ["-n", "a", "--executor", "slurm", "./ok.sh", prior],
    env: { PATH: "/no/such/folder" },
    code: 1,
    says: /needs the program scancel[\s\S]*apt install slurm-client/,
  },
  "a missing configuration file": { words: ["-n", "a", "-c", "no.yaml", "./ok.sh", prior], code: 2, says: /no\.yaml/ },
  "an unknown key": { words: ["-n", "a", "-c", "odd.yaml", "./ok.sh", prior], code: 1, says: /n_workerz.*line 2/ },
  "a wrong variable": {
    words: ["-n", "a", "./ok.sh", prior],
    env: { ORION_N_WORKERS: "many" },
    code: 1,
    says: /"many" \(ORION_N_WORKERS\)/,
  },
  "a working directory that is a file": {
    words: ["-n", "a", "--working-dir", "text", "./ok.sh", prior],
    code: 1,
    says: /work\/text is not a directory/,
  },
  "a cache directory that cannot be": {
    words: ["-n", "a", "./ok.sh", prior],
    env: { XDG_CACHE_HOME: "/dev/null/cache" },
    code: 1,
    says: /XDG_CACHE_HOME/,
  },
  "a database that is text": {
    words: ["-n", "a", "--storage", "sqlite:text", "./ok.sh", prior],
    code: 1,
    says: /text/,
  },
  "a database that is a folder": {
    words: ["-n", "a", "--storage", "sqlite:.", "./ok.sh", prior],
    code: 1,
    says: /cannot be read as a database: it is a directory/,
  },
  "a database that cannot be": {
    words: ["-n", "a", "--storage", "sqlite:/proc/no/db.sqlite", "./ok.sh", prior],
    code: 1,
    says: /\/proc\/no/,
  },
  "an experiment that does not exist": { words: ["-n", "ghost"], code: 1, says: /"ghost" does not exist/ },
};

describe("orion hunt", () => {
  it("refuses each mistake with what and how to mend it, and registers, runs and loses nothing", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    desk.script("no-ray", "#!/bin/sh\nexit 3\n");
    desk.script("lost.py", "#!/usr/bin/env no-such-python\n");
    desk.file("text", "my notes\n");
    desk.file("odd.yaml", "worker:\n  n_workerz: 3\n");
    desk.file("pattern.yaml", "worker: {objective_pattern: '('}\n");
    desk.file("tpee.yaml", "experiment: {algorithm: tpee}\n");
    for (const [title, { words, code, says, env }] of Object.entries(refusals)) {
      const ended = await desk.start(["hunt", ...words], env).ended;
      expect(ended, title).toMatchObject({ code, out: "", err: expect.stringMatching(says) });
      expect(ended.err, title).toMatch(/^Error: /);
      expect(ended.err, title).not.toMatch(/^ +at |fault in orion/m);
      const lines = ended.err.trim().split("\n").length;
      expect(lines, title).toBeGreaterThanOrEqual(2);
      expect(lines, title).toBeLessThanOrEqual(4);
    }
    expect(existsSync(join(desk.folder, "calls.txt"))).toBe(false);
    expect(desk.read("text")).toBe("my notes\n");
    expect(readdirSync(desk.folder).sort()).toEqual([
      "lost.py",
      "no-ray",
      "odd.yaml",
      "ok.sh",
      "pattern.yaml",
      "text",
      "tpee.yaml",
    ]);
    expect(await desk.json("list")).toEqual([]);
  }, 180_000);

  it("refuses another space for a name that is taken, and goes on in place when forced", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    await desk.orion("hunt", "-n", "a", "--init-only", "./ok.sh", prior, "--a", 1);
    const fresh = await desk.orion("hunt", "-n", "a", "./ok.sh", prior, "--a", 2);
    expect(fresh).toMatchObject({ code: 1, err: expect.stringContaining("with `orion db rm a`") });
    expect(fresh.err).toContain("another one: Option --a is now 2; it was 1.\n");
    await desk.orion("hunt", "-n", "a", "--exp-max-trials", 1);
    expect(fresh.err).toContain(", leave the command out to go on as stored");
    const other = await desk.orion("hunt", "-n", "a", "-u", "eve");
    expect(other).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^Note: .* one of .+; --user is for new ones\.$/m),
    });
    const own = await desk.orion("hunt", "-n", "b", "-u", "eve", "--init-only", "./ok.sh", prior);
    expect(own.err).toBe("");
    desk.file("up.yaml", "experiment: {direction: maximize}\n");
    const up = await desk.orion("hunt", "-n", "a", "-c", "up.yaml");
    expect(up.err).toContain("leave the direction (--direction, or a configuration file) out to go on as stored");
    const both = await desk.orion("hunt", "-n", "a", "--direction", "maximize", "./ok.sh", prior);
    expect(both.err).toContain("leave the command and the direction (--direction");
    const refused = await desk.orion("hunt", "-n", "a", "./ok.sh", "-x~uniform(0, 2)", "--a", 1);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/another name.*--force-config/) });
    expect(refused.err).not.toContain("db rm");
    expect((await desk.json("info", "-n", "a")).space).toEqual({ "/x": "uniform(0, 1)" });

    const forced = await desk.orion(
      "hunt",
      "-n",
      "a",
      "--exp-max-trials",
      2,
      "--force-config",
      "./ok.sh",
      "-x~uniform(0, 2)",
    );
    expect(forced.code).toBe(0);
    const info = await desk.json("info", "-n", "a");
    expect(info.space).toEqual({ "/x": "uniform(0, 2)" });
    expect(info.stats.trialsCompleted).toBe(2);
    expect(JSON.stringify(info.metadata)).toContain("uniform(0, 1)");
  }, 30_000);

  it("settles two definitions of one name that start at the same time: one is stored, the other refused", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const ends = await Promise.all(
      [1, 2].map((high) => desk.orion("hunt", "-n", "a", "--exp-max-trials", 1, "./ok.sh", `-x~uniform(0, ${high})`)),
    );
    expect(ends.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect((await desk.json("status", "-n", "a"))[0].trials.completed).toBe(1);
  }, 30_000);

  it("says that the current directory was removed", async () => {
    const desk = openDesk(temporaryFolder());
    const inRemoved = ["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "-"];
    const { code, err } = await desk.start(["list"], {}, inRemoved).ended;
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Error: The current directory is not there any more.\nChange to one that is; if it was created again, `cd "$PWD"` does.\n',
    });
  });

  it("writes the log into the folder that was asked for, and says when there can be none", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const words = ["hunt", "-n", "a", "--exp-max-trials", 1, "./ok.sh", prior];
    expect(await desk.orion("--logdir", "ok.sh", ...words)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/log cannot be written.*"ok\.sh": a file of this name is there already\.$/m),
    });
    expect(await desk.orion("--logdir", "log", ...words)).toMatchObject({ code: 0, err: "" });
    const [name] = readdirSync(join(desk.folder, "log"));
    expect(readFileSync(join(desk.folder, "log", name!), "utf8")).toContain("1/1 completed");
    const failed = await desk.orion("--logdir", "errors", "hunt", "-n", "a", "./no.sh", prior);
    expect(failed.err).toMatch(/^Error: .*no\.sh/);
    const [errors] = readdirSync(join(desk.folder, "errors"));
    expect(desk.read(join("errors", errors!))).toBe(failed.err);
  }, 30_000);

  it("shows where an error comes from when everything is to be told, in whatever way that is said", async () => {
    const desk = openDesk(temporaryFolder());
    const words = ["hunt", "-n", "a", "./no.sh", prior];
    for (const loud of [["-vv"], ["-v", "-v"], ["--verbose", "--debug", "-v"]]) {
      expect((await desk.orion(...loud, ...words)).err, loud.join(" ")).toMatch(/^ +at /m);
    }
    expect((await desk.orion("-v", ...words)).err).not.toMatch(/^ +at /m);
  }, 30_000);

  it("goes by the system's home where HOME is empty, and never writes below the current directory", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    mkdirSync(join(desk.folder, "cache"));
    const env = { HOME: "rel/ative", XDG_CACHE_HOME: join(desk.folder, "cache") };
    const ended = await desk.start(["hunt", "-n", "a", "--exp-max-trials", 1, "./ok.sh", prior], env).ended;
    expect(ended.code).toBe(0);
    expect(statSync(join(desk.folder, "rel"), { throwIfNoEntry: false })).toBeUndefined();
  }, 30_000);
});

it("a script's own --json does not make orion's errors JSON, and orion's own does", async () => {
  const desk = openDesk(temporaryFolder());
  const script = await desk.orion("hunt", "-n", "a", "./no.sh", prior, "--json");
  const own = await desk.orion("hunt", "-n", "a", "--json", "./no.sh", prior);
  expect(script.err).toMatch(/^Error: /);
  expect(JSON.parse(own.err)).toMatchObject({ error: { code: "CONFIGURATION" } });
});

import { beforeEach, describe, expect, it } from "vitest";
import { type Desk, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

let desk: Desk;

beforeEach(() => {
  desk = openDesk(temporaryFolder());
});

const good = `echo '[{"name":"loss","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"`;
const spoilOutput = 'cd "$ORION_WORKING_DIR"; for log in stdout stderr; do rm $log.log; mkdir -p $log.log/x; done';

/** Hunt for two trials with a script of these lines. */
const hunt = (lines: string, ...options: string[]) => huntWith(["-x~uniform(0, 1)"], lines, ...options);

/** The same with these words after the script. */
const huntWith = (words: readonly string[], lines: string, ...options: string[]) => {
  desk.script("spoil.sh", `#!/bin/sh\n${lines}\n`);
  return desk.orion("hunt", "-n", "a", "--exp-max-trials", 2, ...options, "./spoil.sh", ...words);
};

const statuses = async () => (await desk.json("status", "-n", "a"))[0].trials;

describe("a program that makes a directory where a file was to be", () => {
  it("is told that its reports cannot be read, once for each trial, and keeps its results", async () => {
    const { code, err } = await hunt(`mkdir -p "$ORION_REPORT_PATH/x"; ${good}`);
    expect([code, err]).toEqual([0, expect.stringMatching(/Note: The reports of trial 1 .*cannot be read: EISDIR/)]);
    expect(err.match(/cannot be read/g)).toHaveLength(2);
    expect(await statuses()).toMatchObject({ completed: 2 });
  }, 30_000);

  it("keeps its results when it does so with its output", async () => {
    expect(await hunt(`${spoilOutput}; ${good}`)).toMatchObject({ code: 0 });
    expect(await statuses()).toMatchObject({ completed: 2 });
  }, 30_000);

  it("is broken for its exit code, or because its output cannot be searched, and the hunt goes on", async () => {
    const first = `echo >> n; case $(wc -l < n) in 2) code=1;; 3) code=0;; *) ${good};; esac`;
    const { code, err } = await hunt(`${first}; ${spoilOutput}; exit $code`, "--objective-pattern", "loss: (.*)");
    expect(code).toBe(0);
    expect(err).toContain("is broken: exit code 1");
    expect(err).toMatch(/is broken: The output ".*stdout.log" cannot be searched for the objective: EISDIR/);
    expect(await statuses()).toMatchObject({ completed: 2, broken: 2 });
  }, 30_000);

  it("is interrupted when it says so, whatever it made of its results", async () => {
    const { code } = await hunt('rm "$ORION_RESULTS_PATH"; mkdir "$ORION_RESULTS_PATH"; exit 130');
    expect(code).toBe(130);
    expect(await statuses()).toMatchObject({ interrupted: 1 });
  }, 30_000);

  it("is told that its directory cannot be used where it did so with its configuration", async () => {
    const words = ["--config", desk.file("c.json", '{"x": "orion~uniform(0, 1)"}')];
    const again = () => huntWith(words, 'rm "$2"; mkdir "$2"; exit 130');
    expect(await again()).toMatchObject({ code: 130 });
    expect((await again()).err).toMatch(/^Error: The directory ".*" of the trial cannot be prepared: EISDIR/m);
    expect(await statuses()).toMatchObject({ interrupted: 1 });
  }, 30_000);
});

describe("a configuration file", () => {
  it.each(["results.json", "stdout.log", "stop-1"])(
    "called %s stands beside our file of that name",
    async (name) => {
      const isJson = name.endsWith(".json");
      const words = ["--config", desk.file(name, isJson ? '{"x": "orion~uniform(0, 1)"}' : "x~uniform(0, 1)")];
      const { code, err } = await huntWith(words, 'echo noise; cp "$2" seen; test ! -e "$ORION_STOP_PATH" || exit 1');
      expect(desk.read("seen")).toMatch(isJson ? /^\{"x": [\d.]+\}$/ : /^[\d.]+$/);
      expect(code).toBe(1);
      expect(err).toContain("The program wrote no results");
      expect(err).toContain("/results.json");
    },
    30_000,
  );
});

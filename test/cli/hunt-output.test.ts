import { describe, expect, it } from "vitest";
import { ledgerScript, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";
const report = `echo '[{"name":"loss","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"`;

describe("orion hunt", () => {
  it("keeps the user's words and the name to the letter", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script(
      "my script'.sh",
      `#!/bin/sh\nprintf '%s\\0' "$@" > words\nprintf %s "$ORION_EXPERIMENT_NAME" > name\n${report}\n`,
    );
    const name = 'a/b "ü\n$x';
    const words = ["--a=b=c", "--shift", "-0.5", "--json", "-n", "two words", "'\"", "é\n", "", "--", "*"];
    const ended = await desk.orion("hunt", "-n", name, "--exp-max-trials", 1, "./my script'.sh", prior, ...words);
    expect(ended.code).toBe(0);
    expect(desk.read("words").split("\0").slice(0, -1)).toEqual(["-x", expect.stringMatching(/^[0-9.e-]+$/), ...words]);
    expect(desk.read("name")).toBe(name);
    const [entry] = await desk.json("status", "-n", name);
    expect(entry).toMatchObject({ name, trials: { completed: 1 } });
    // One line is one line, whatever the name.
    expect(ended.err).toMatch(/^a\/b "ü\\n\$x-v1: 1\/1 completed.*\n$/);
  }, 30_000);

  it("tells why a pattern finds no number, in one sentence with what the program said", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("say.sh", "#!/bin/sh\necho loss 5\necho err1 >&2\n");
    const { code, err } = await desk.orion("hunt", "-n", "a", "--objective-pattern", "loss", "./say.sh", prior);
    expect(code).toBe(1);
    expect(err).toContain("is broken: The objective pattern loss finds no number in the output; it said: err1\n");
    expect(err).toMatch(/Error: Trial .*finds no number in the output\.\nIts first group must match a number/);
    const whole = await desk.orion(
      ...["hunt", "-n", "b", "--exp-max-trials", 1, "--objective-pattern", "[0-9]+", "./say.sh", prior],
    );
    expect(whole.code).toBe(0);
    expect((await desk.json("status", "-n", "b"))[0].best.objective).toBe(5);
  }, 60_000);

  it("prints one JSON document of an experiment that it only registers", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const { code, out } = await desk.orion("hunt", "-n", "a", "--init-only", "--json", "./ok.sh", prior);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      name: "a",
      version: 1,
      end: "init-only",
      completedHere: 0,
      stats: { best: null },
    });
  }, 60_000);

  it("tells with -v what it does, on standard error, and with -vv all of it", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("once.sh", `#!/bin/sh\n[ -e again ] || { touch again; exit 130; }\n${report}\n`);
    desk.script("fail.sh", "#!/bin/sh\nexit 7\n");
    const words = ["hunt", "-n", "a", "--exp-max-trials", 1, "./once.sh", prior];
    const first = await desk.orion("-v", ...words);
    expect(first.err).toContain(` INFO a-v1 in ${desk.storage}\n`);
    expect(first.err).toContain(` INFO The program starts in ${desk.folder}: ["./once.sh",`);
    // A line about the progress may stand between.
    expect(first.err).toMatch(/^\S+Z INFO Trial 1 \(\w+\) starts$/m);
    expect(first.err).toMatch(/^\S+Z INFO Trial 1 is interrupted by its program$/m);
    expect(first.err).not.toContain("DEBUG");
    const second = await desk.orion("-vv", ...words);
    expect(second.err).toMatch(/ INFO Trial 1 .* starts, taken up again: it is its reservation 2\n/);
    expect(second.err).toMatch(/ DEBUG Trial 1 has \{"\/x":0\.\d+\}\n/);
    expect(second.err).toContain(" INFO Trial 1 is completed: objective 1\n");
    const broken = await desk.orion("-v", "hunt", "-n", "b", "--worker-max-broken", 1, "./fail.sh", prior);
    expect(broken.err).toContain(" INFO Trial 1 is broken: exit code 7\n");
  }, 60_000);

  it("says which options behind the program were most likely meant for orion", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const words = ["--name", "x", "--n-workers", 2, "--n-workers=3", "--patience", 1];
    const { code, err } = await desk.orion("hunt", "-n", "a", "--init-only", "./ok.sh", prior, ...words);
    expect(code).toBe(0);
    expect(err).toBe(
      "Note: --n-workers follows the program and is passed to it; options of orion stand before the program.\n",
    );
  }, 30_000);

  it("says that a long option of one letter reaches the program with one dash", async () => {
    const { orion, script } = openDesk(temporaryFolder());
    const path = script("s.sh", "#!/bin/sh\n");
    const { err } = await orion("hunt", "-n", "short", "--init-only", path, "--n~uniform(0, 1)", "-m~uniform(0, 1)");
    expect(err).toBe("Note: --n reaches the program as -n VALUE; for --n=VALUE write --n=orion~'uniform(0, 1)'.\n");
  });

  it("takes a ~/ of the working directory for the user's home, where no shell has done so", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const { env } = desk;
    desk.file("c.yaml", 'experiment: { working_dir: "~/runs" }\n');
    const init = ["--init-only", "./ok.sh", prior];
    await desk.orion("hunt", "-n", "a", "-c", "c.yaml", ...init);
    await desk.orion("hunt", "-n", "b", "--working-dir=~/runs", ...init);
    await desk.start(["hunt", "-n", "c", ...init], { ORION_WORKING_DIR: "~/runs" }).ended;
    for (const name of ["a", "b", "c"])
      expect((await desk.json("info", "-n", name)).workingDir).toBe(`${env.HOME}/runs`);
  }, 30_000);

  it("passes the script's output on, with the trial in front when several run", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("talk.sh", `#!/bin/sh\necho to-out; echo to-err >&2\n${report}\n`);
    const alone = await desk.orion("hunt", "-n", "a", "--exp-max-trials", 1, "./talk.sh", prior);
    expect(alone.out).toMatch(/^to-out\n/);
    expect(alone.err).toMatch(/^to-err\n/);
    const two = await desk.orion("hunt", "-n", "b", "--exp-max-trials", 2, "--n-workers", 2, "./talk.sh", prior);
    expect(two.out).toMatch(/^\[trial 1\] to-out$/m);
    expect(two.out).toMatch(/^\[trial 2\] to-out$/m);
    expect(two.err).toMatch(/^\[trial 2\] to-err$/m);
  }, 30_000);

  it("begins a line for each trial, and for what it says itself, where a script does not end its last one", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("talk.sh", `#!/bin/sh\nprintf to-out; printf to-err >&2\n${report}\n`);
    const { out, err } = await desk.orion("hunt", "-n", "a", "--exp-max-trials", 2, "./talk.sh", prior);
    expect(out).toMatch(/^to-out\nto-out\nSearch finished/);
    const said = err.split("\n").filter((line) => !line.startsWith("a-v1: "));
    expect(said).toEqual(["to-err", "to-err", ""]);
    const json = await desk.orion("hunt", "-n", "b", "--exp-max-trials", 1, "--json", "./talk.sh", prior);
    expect(
      json.err
        .split("\n")
        .filter((line) => !line.startsWith("b-v1: "))
        .join(),
    ).toMatch(/^to-(out|err),?to-(out|err),$/);
  }, 30_000);

  it("stores exit code and the end of stderr of a broken trial, shows them, and exits 3 in the end", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("fail.sh", "#!/bin/sh\necho 'cannot open the data' >&2\nexit 7\n");
    const ended = await desk.orion("hunt", "-n", "two words", "--exp-max-trials", 9, "./fail.sh", prior);
    expect(ended.code).toBe(3);
    expect(ended.err).toMatch(/Trial 1 \(\w+\) is broken: exit code 7; it said: cannot open the data/);
    expect(ended.err).toContain("`orion info -n 'two words'`"); // can be pasted
    const { brokenTrials } = await desk.json("info", "-n", "two words");
    expect(brokenTrials).toHaveLength(3);
    expect(JSON.stringify(brokenTrials[0])).toMatch(/"exitCode":7.*cannot open the data/);
    expect((await desk.orion("status", "-n", "two words", "--all")).out).toContain("exit code 7: cannot open the data");
  }, 30_000);

  it("takes the last match of --objective-pattern, and no number that is not finite for the best", async () => {
    const desk = openDesk(temporaryFolder());
    const values = "case $(wc -l < n) in 1) v=nan;; 2) v=-inf;; *) v=5;; esac";
    desk.script("print.sh", `#!/bin/sh\necho >> n\n${values}\necho "loss: 77"; echo "loss: $v"; echo done\n`);
    const run = await desk.orion(
      ...["hunt", "-n", "a", "--exp-max-trials", 3, "--objective-pattern", "loss: (\\S+)", "./print.sh", prior],
    );
    expect(run.code).toBe(0);
    const [entry] = await desk.json("status", "-n", "a");
    expect(entry).toMatchObject({ trials: { completed: 3 }, best: { objective: 5 } });
  }, 30_000);

  it("prints one JSON document, whatever the ending and whatever the script prints", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", `#!/bin/sh\necho noise\n${report}\n`);
    desk.script("fail.sh", "#!/bin/sh\necho noise; exit 1\n");
    desk.script("stop.sh", "#!/bin/sh\necho noise; exit 130\n");
    desk.script("mute.sh", "#!/bin/sh\necho noise\n");
    const endOf = async (...words: (string | number)[]) => {
      const { code, out, err } = await desk.orion("hunt", "--json", "--exp-max-trials", 2, ...words, prior);
      expect(err).toContain("noise");
      return {
        code,
        ...(out === "" ? { error: JSON.parse(err.trim().split("\n").at(-1)!).error.code } : JSON.parse(out)),
      };
    };
    expect(await endOf("-n", "a", "./ok.sh")).toMatchObject({ code: 0, end: "done", completedHere: 2 });
    expect(await endOf("-n", "b", "--worker-max-trials", 1, "./ok.sh")).toMatchObject({ code: 0, end: "worker-limit" });
    expect(await endOf("-n", "c", "./fail.sh")).toMatchObject({ code: 3, end: "worker-broken", brokenHere: 3 });
    expect(await endOf("-n", "d", "./stop.sh")).toMatchObject({ code: 130, end: "interrupted" });
    expect(await endOf("-n", "e", "./mute.sh")).toEqual({ code: 1, error: "EVALUATION" });
  }, 60_000);

  it("ends at once where there is nothing to do, and takes limits that are raised later", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    const none = await desk.orion("hunt", "-n", "a", "--exp-max-trials", 0, "./ok.sh", prior);
    expect(none).toMatchObject({ code: 0, err: "" });
    const limit = await desk.orion("hunt", "-n", "a", "--exp-max-trials", 2, "--worker-max-trials", 0);
    expect(limit).toMatchObject({ code: 0, out: expect.stringContaining("as many trials as it was asked to") });
    expect((await desk.orion("hunt", "-n", "a")).code).toBe(0);
    expect((await desk.json("status", "-n", "a"))[0].trials.completed).toBe(2);
  }, 30_000);

  it("survives a script that removes its directory, closes its output, or goes on in the background", async () => {
    const desk = openDesk(temporaryFolder());
    const again = `rm -rf "$ORION_WORKING_DIR"; mkdir -p "$ORION_WORKING_DIR"; ${report}`;
    desk.script("again.sh", `#!/bin/sh\n${again}\n`);
    desk.script("close.sh", `#!/bin/sh\nexec >&- 2>&-\n${report}\n`);
    desk.script("late.sh", `#!/bin/sh\n${report}\n(sleep 0.2; echo spoiled > "$ORION_RESULTS_PATH") &\n`);
    for (const script of ["again", "close", "late"]) {
      const ended = await desk.orion("hunt", "-n", script, "--exp-max-trials", 3, `./${script}.sh`, prior);
      expect(ended.code, script).toBe(0);
      expect((await desk.json("status", "-n", script))[0], script).toMatchObject({
        trials: { completed: 3 },
        best: { objective: 1 },
      });
    }
    desk.script("gone.sh", '#!/bin/sh\nrm -rf "$ORION_WORKING_DIR"\n');
    const gone = await desk.orion("hunt", "-n", "gone", "--exp-max-trials", 1, "./gone.sh", prior);
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining("results") });
  }, 60_000);
});

import { describe, expect, it } from "vitest";
import { inPlace, placeOf } from "../../src/cli/place.js";
import { type Desk, ledgerScript, openDesk } from "../orion.js";
import { temporaryFolder } from "../temporary-folder.js";

const prior = "-x~uniform(0, 1)";
const failing = "#!/bin/sh\nexit 1\n";

/** Run the commands of a text as a user who copies them does; their exit codes. */
async function copy(desk: Desk, text: string): Promise<(number | null)[]> {
  const commands = [...text.matchAll(/\borion ((?:status|hunt|info|list)\b[^;`\n]*)/g)].map((match) => match[1]!);
  const codes: (number | null)[] = [];
  for (const command of commands) {
    const shell = ["sh", "-c", `exec "$@" ${command}`, "-"];
    codes.push((await desk.start([], { ORION_STORAGE: "" }, shell).ended).code);
  }
  return codes;
}

describe("what a hunt suggests in the end", () => {
  it("works when it is copied, in whatever database it was, under whatever name", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("ok.sh", ledgerScript());
    desk.file("my db.yaml", "storage: other.sqlite\n");
    const words = ["-n", "my exp", "--exp-max-trials", 3, "--worker-max-trials", 1];
    for (const place of [
      ["--storage", "sqlite:it's here"],
      ["-c", "my db.yaml"],
    ]) {
      const env = place[0] === "-c" ? { ORION_STORAGE: "" } : {};
      const { out } = await desk.start(["hunt", ...words, ...place, "./ok.sh", prior], env).ended;
      expect(out).toContain("What next: orion status -n 'my exp'");
      expect(await copy(desk, out)).toEqual([0, 0]);
      const done = await desk.start(["hunt", ...words, ...place], env).ended;
      expect(done.out).toContain("All 3 trials were completed before. For more: orion hunt -n 'my exp'");
      expect(done.out).toContain("--exp-max-trials 6\n");
    }
    const last = await desk.orion(
      "hunt",
      "-n",
      "one",
      "--exp-max-trials",
      1,
      "--worker-max-trials",
      1,
      "./ok.sh",
      prior,
    );
    expect(last.out).toMatch(/^Search finished successfully\.\n/);
    expect((await desk.orion("hunt", "-n", "one")).out).toContain("The only trial was completed before. For more:");
    await desk.orion("hunt", "-n", "one", "--exp-max-trials", 3);
    const lowered = await desk.orion("hunt", "-n", "one", "--exp-max-trials", 2);
    expect(lowered.out).toContain("All 3 trials were completed before. For more: orion hunt -n one");
    expect(lowered.out).toContain("--exp-max-trials 6\n");
    const other = await desk.orion("info", "-n", "your exp", "--storage", "sqlite:it's here");
    expect(other.err).toContain("`orion list --storage 'sqlite:it'\\''s here'` shows what there is.");
    expect(await copy(desk, other.err)).toEqual([0]);
    const trial = await desk.orion(
      "info",
      "-n",
      "my exp",
      "-c",
      "my db.yaml",
      "--trial",
      "none",
      "--storage",
      "other.sqlite",
    );
    expect(trial.err).toContain("-n 'my exp' -v 1 --all");
    expect(await copy(desk, trial.err)).toEqual([0]);
  }, 180_000);

  it("is no hunt that can only fail, and nothing where the history is forgotten", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("fail.sh", failing);
    desk.script("ok.sh", ledgerScript());
    const ended = await desk.orion("hunt", "-n", "a", "./fail.sh", prior);
    expect(ended.code).toBe(3);
    expect(ended.out).toContain("\nWhat next: orion status -n a\n");
    const some = await desk.orion("hunt", "-n", "b", "--worker-max-broken", 1, "./fail.sh", prior);
    expect(some.out).toContain("orion status -n b; orion hunt -n b\n");
    expect(some.err).toContain("This worker stops: 1 of its trials is broken.");
    const forgotten = await desk.orion("-d", "hunt", "-n", "c", "--worker-max-trials", 1, "./ok.sh", prior);
    expect(forgotten.out).not.toContain("What next");
    desk.file("try.yaml", "debug: true\n");
    const tried = await desk.orion("hunt", "-n", "c", "-c", "try.yaml", "--worker-max-trials", 1, "./ok.sh", prior);
    expect([tried.code, tried.out]).toEqual([0, expect.not.stringContaining("What next")]);
    expect((await desk.json("list")).map(({ name }: { name: string }) => name)).toEqual(["a", "b"]);
  }, 90_000);

  it("is about the version that was asked for, where a newer one has the same name", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("fail.sh", failing);
    const define = ["hunt", "-n", "a", "--init-only", "./fail.sh"];
    await desk.orion(...define, prior);
    await desk.start([...define, "-x~uniform(0, 2)"], { ORION_EVC_ENABLE: "true" }).ended;
    const changed = await desk.orion("hunt", "-n", "a", "-v", 1, "./fail.sh", "-x~uniform(0, 3)");
    expect(changed.err).toContain("`orion hunt -n a -v 1`");
    expect(changed.err).not.toContain("db rm");
    const broken = await desk.orion("hunt", "-n", "a", "-v", 1);
    expect(broken).toMatchObject({ code: 3, out: expect.stringContaining("orion status -n a -v 1\n") });
    expect(broken.err).toContain("`orion info -n a -v 1`; then `orion db rm a -v 1 --status broken`");
  }, 90_000);

  it("is to look at the trials when all there can be are broken, which is no success", async () => {
    const desk = openDesk(temporaryFolder());
    desk.script("fail.sh", failing);
    const words = ["-n", "a", "--exp-max-broken", 9, "--worker-max-broken", 9, "./fail.sh", "-x~choices([1, 2])"];
    const ended = await desk.orion("hunt", ...words);
    expect(ended.code).toBe(3);
    expect(ended.out).toMatch(/^All 2 trials are broken, and the algorithm has nothing left to suggest\.\n/);
    expect(ended.err).toContain(
      'Error: Experiment "a" has no result: each of its trials failed.\nLook at them with `orion info -n a`',
    );
    const json = await desk.orion("hunt", "-n", "a", "--json");
    expect(json.code).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({ end: "all-broken", stats: { trialsCompleted: 0 } });
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: "BROKEN" } });
  }, 90_000);
});

it("a password never stands in what is to be copied", () => {
  expect(placeOf({ storage: "postgresql://ada:secret@host/runs?password=secret&sslmode=require" })).toBe(
    " --storage 'postgresql://ada@host/runs?sslmode=require'",
  );
  expect(inPlace("`orion list` shows, and `orion db setup` asks; orion hunt works.", " -c f")).toBe(
    "`orion list -c f` shows, and `orion db setup` asks; orion hunt works.",
  );
});

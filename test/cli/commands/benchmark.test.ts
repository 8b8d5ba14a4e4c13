import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openDesk } from "../../orion.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion } from "../fake-terminal.js";

let folder: string;
const benchmark = (...words: string[]) => runOrion(["benchmark", ...words], { folder });
const small = ["--repetitions", "3", "--trials", "12", "--processes", "0"];
const runFirst = (...words: string[]) => benchmark("run", "-n", "first", ...words);
const runSmall = () => runFirst("-p", "branin,forrester", "-a", "random", "-a", "sobol", ...small);

beforeEach(() => {
  folder = temporaryFolder();
});

describe("orion benchmark run", () => {
  it("runs every algorithm on every problem, and prints the tables", async () => {
    const { code, out } = await runSmall();
    expect(code).toBe(0);
    expect(out).toContain("12 of 12 studies done");
    expect(out).toMatch(/branin +1 +random +12 /);
    expect(out).toMatch(/forrester +1 +sobol +12 /);
    expect(out).toContain("Average rank");
    expect(out).not.toContain("Workers\n");
  });

  it("does only what is missing when it is run again, and grows by what is added", async () => {
    const first = JSON.parse((await runFirst("-p", "branin", "-a", "random", ...small, "--json")).out);
    expect(first).toMatchObject({ name: "first", done: 3, total: 3, problems: ["branin"], trials: 12 });
    expect((await runFirst("--processes", "0")).err).toBe("");
    const { err } = await runFirst("-a", "sobol", "--repetitions", "4", "--workers", "2", "--processes", "0");
    expect(err).toContain("4 studies to run.");
    const grown = JSON.parse((await benchmark("show", "-n", "first", "--json")).out);
    expect(grown).toMatchObject({ done: 7, algorithms: ["random", "sobol"], workers: [1, 2], repetitions: 4 });
    expect(grown.regret[2]).toEqual(first.regret[2]);
  });

  it("runs once what is named twice", async () => {
    const twice = ["-p", "branin,branin", "-a", "random", "-a", "random", "--workers", "2,2"];
    const { code, out } = await runFirst(...twice, ...small, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ done: 3, total: 3, algorithms: ["random"], workers: [2] });
    const { err } = await runFirst("-a", "sobol", "-a", "sobol", "--workers", "1,1", ...small);
    expect(err).toContain("3 studies to run.");
  });

  it("keeps the options of an algorithm in its name", async () => {
    const label = 'gridsearch:n_values={"x0":3,"x1":2}';
    const { out } = await runFirst(
      "-p",
      "branin",
      "-a",
      label,
      "--trials",
      "6",
      "--repetitions",
      "1",
      "--processes",
      "0",
    );
    expect(out).toContain(label);
  });

  it.each([
    [["-n", "new"], 2, /needs at least one problem/],
    [["-p", "branin", "-a", "random"], 2, /No name/],
    [["-n", "new", "-p", "brannin", "-a", "random"], 1, /no problem "brannin"/],
    [["-n", "new", "-p", "branin", "-a", "rnadom"], 1, /no algorithm "rnadom"/],
    [["-n", "new", "-p", "branin", "-a", "random:x=1"], 1, /no option "x"/],
    [["-n", "new", "-p", "branin", "-a", "random:seed=1"], 1, /takes no seed/],
    [["-n", "new", "-p", "branin", "-a", "random", "--trials", "0"], 2, /--trials/],
    [["-n", "new", "-p", "branin", "-a", "random", "--workers", "1,x"], 2, /--workers/],
  ])("%j is refused, and nothing is stored", async (words, code, message) => {
    const result = await benchmark("run", ...words);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
    expect((await benchmark("list", "--json")).out).toBe("[]\n");
  });

  it("refuses another number of trials, whose studies could not be compared", async () => {
    await runFirst("-p", "forrester", "-a", "random", ...small);
    const { code, err } = await runFirst("--trials", "13");
    expect(code).toBe(1);
    expect(err).toContain("another number of trials");
  });

  it("shares studies between processes, and goes on after kill -9", async () => {
    const desk = openDesk(folder);
    const words = ["benchmark", "run", "-n", "b", "-p", "branin", "-a", "random"];
    const run = desk.start([...words, "--repetitions", "40", "--trials", "60", "--processes", "2"]);
    await new Promise<void>((resolve) => {
      run.child.stderr!.on("data", (text) => String(text).includes("4/40") && resolve());
    });
    run.child.kill("SIGKILL");
    await run.ended;
    const before = (await desk.json("benchmark", "list"))[0];
    expect(before.done).toBeGreaterThanOrEqual(4);
    const ends = await Promise.all([1, 2].map(() => desk.orion("benchmark", "run", "-n", "b", "--processes", "1")));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect((await desk.json("benchmark", "list"))[0]).toMatchObject({ done: 40, broken: 0, total: 40 });
  });
});

describe("orion benchmark list", () => {
  it("lists benchmarks with how far they are", async () => {
    expect((await benchmark("list")).out).toBe("No benchmark found\n");
    await runSmall();
    expect((await benchmark("list")).out).toMatch(/first +2 +random sobol +12 +12\/12/);
  });

  it("shows beside experiments under a common beginning of their names", async () => {
    await runSmall();
    expect((await runOrion(["list"], { folder })).out).toBe(" benchmark/first-v1\n");
  });

  it("names every problem, and what may stand behind it", async () => {
    const { out } = await benchmark("list", "--problems");
    expect(out).toMatch(/^bbob-f#-#d-i# +The 24/m);
    expect(JSON.parse((await benchmark("list", "--problems", "--json")).out).length).toBeGreaterThan(20);
    expect(existsSync(join(folder, "orion.sqlite"))).toBe(false);
  });
});

describe("orion benchmark show", () => {
  it("writes plots as SVG files", async () => {
    await runFirst("-p", "branin", "-a", "random", ...small, "--workers", "1,2");
    const { code } = await benchmark("show", "-n", "first", "--plots", "plots");
    expect(code).toBe(0);
    expect(readdirSync(join(folder, "plots")).sort()).toEqual([
      "rank-branin-2-workers.svg",
      "rank-branin.svg",
      "regret-branin-2-workers.svg",
      "regret-branin.svg",
      "workers-branin.svg",
    ]);
    expect(readFileSync(join(folder, "plots/regret-branin.svg"), "utf8")).toContain("<polyline");
  });

  it("says that plots cannot be written where a file is in the way", async () => {
    await runSmall();
    writeFileSync(join(folder, "plots"), "");
    const { code, err } = await benchmark("show", "-n", "first", "--plots", "plots/first");
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(
        /^Error: The plots cannot be written to ".*plots\/first": a part of its path is not a directory\.$/m,
      ),
    ]);
    expect(err).toContain("--plots");
  });

  it("shows one problem only, and says which there are", async () => {
    await runSmall();
    expect((await benchmark("show", "-n", "first", "-p", "branin")).out).not.toContain("forrester");
    expect((await benchmark("show", "-n", "first", "-p", "levy")).err).toContain("Its problems: branin, forrester.");
    expect((await benchmark("show", "-n", "second")).err).toContain('There is no benchmark "second"');
  });
});

describe("orion benchmark compare", () => {
  it("sets each algorithm against one", async () => {
    await runSmall();
    const { out } = await benchmark("compare", "-n", "first", "--to", "random", "--trials", "6");
    expect(out).toContain("Against random after 6 trials");
    expect(out).toMatch(/branin +1 +sobol .* %/);
    const [row] = JSON.parse((await benchmark("compare", "-n", "first", "--json")).out);
    expect(row).toMatchObject({ algorithm: "sobol", opponent: "random", trials: 12, pairs: 9 });
    expect(row.ratio).toBeCloseTo(row.median / row.opponentMedian, 12);
    expect((await benchmark("compare", "-n", "first", "--to", "tpe")).err).toContain("Its algorithms: random, sobol.");
  });
});

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import external from "../../../src/algorithms/external/external.js";
import { configureAlgorithm } from "../../../src/algorithms/resolve-algorithm.js";
import { dropCache, suggestTrial } from "../../../src/algorithms/suggest-trial.js";
import { UsageError } from "../../../src/errors.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { printSpace } from "../../../src/space/print-dimension.js";
import { contains } from "../../../src/space/values.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import { inventTrial } from "../../../src/testing/invent-trial.js";
import { branin, braninTexts, kindTexts, traceTexts } from "../../../src/testing/sample-problems.js";
import { simulateLater } from "../../../src/testing/simulate.js";
import type { Trial } from "../../../src/trial/trial.js";
import { openDesk } from "../../orion.js";
import { temporaryFolder } from "../../temporary-folder.js";

const example = (name: string) => resolve(import.meta.dirname, "../../../examples/external", name);
const localSearch = { command: ["python3", "-S", "-E", example("local_search.py")] };
const canRun = (...words: string[]) => spawnSync(words[0]!, words.slice(1)).status === 0;
const hasPython = canRun("python3", "--version");
const hasOptuna = hasPython && canRun("python3", "-c", "import optuna");

const startsAProgram = "each of its many cases would start a program; a few are tried below";

if (hasPython) {
  algorithmContract("external, a local search in Python", external, {
    options: localSearch,
    exempt: [
      { promise: "gives the equal suggestion to equal inputs on every worker", reason: startsAProgram },
      { promise: "gives the same trials when its caches are dropped", reason: startsAProgram },
      { promise: "suggests points of the space, for each kind of dimension that it accepts", reason: startsAProgram },
      { promise: "survives broken, pending, duplicate, non-finite and out-of-order results", reason: startsAProgram },
    ],
  });
}

const space = parseSpace(traceTexts);
const caches: Map<string, unknown>[] = [];
afterEach(() => {
  for (const cache of caches.splice(0)) dropCache(cache);
});

/** A program in JavaScript: `answer(message, count)` is what it prints for each question, if anything. */
function programOf(answer: string, more = ""): readonly string[] {
  const source = `
    let count = 0;
    const point = Array(4).fill(0.5);
    const answer = ${answer};
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const message = JSON.parse(line);
      ${more}
      if (message.type !== "suggest") return;
      const words = answer(message, ++count);
      if (words !== undefined) console.log(typeof words === "string" ? words : JSON.stringify({ id: message.id, ...words }));
    });`;
  return [process.execPath, "-e", source];
}

function openWorker(options: Readonly<Record<string, unknown>>) {
  const cache = new Map<string, unknown>();
  caches.push(cache);
  const resolved = configureAlgorithm(external, { name: "external", options, space });
  return (history: readonly Trial[], trialNumber = history.length + 1) =>
    suggestTrial(external, {
      space,
      options: resolved.options,
      seed: "1",
      trialNumber,
      attempt: 0,
      maxTrials: 50,
      history,
      pending: [],
      cache,
    });
}

async function someHistory(): Promise<readonly Trial[]> {
  const options = { command: programOf("({ trialNumber }) => ({ point: [0.1, 0.2, trialNumber / 100, 0.3] })") };
  return (await simulateLater({ algorithm: external, options, space, maxTrials: 6, objective: () => 1 })).trials;
}

describe("the program of an external algorithm", () => {
  it("is sent the space, and then only what is new of the history", async () => {
    const folder = temporaryFolder();
    const log = join(folder, "log");
    const options = {
      command: programOf(
        "() => ({ point })",
        `require("node:fs").appendFileSync(${JSON.stringify(log)}, line + "\\n");`,
      ),
    };
    const ask = openWorker(options);
    const history = await someHistory();
    await ask(history.slice(0, 2));
    await ask(history.slice(0, 2), 9);
    await ask(history);
    await ask(history.toSpliced(1, 1));
    const [start, ...questions] = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(start).toMatchObject({ type: "start", protocol: 1, seed: "1", maxTrials: 50 });
    expect(start.space.map(({ text }: { text: string }) => text)).toEqual(Object.values(printSpace(space)));
    expect(start.coordinates.map(({ kind }: { kind: string }) => kind)).toEqual([
      "integer",
      "real",
      "real",
      "categorical",
    ]);
    const sent = questions.map(({ finished }) => finished.map(({ number }: { number: number }) => number));
    expect(sent).toEqual([[1, 2], [], [3, 4, 5, 6], [1, 3, 4, 5, 6]]);
    expect(questions.map(({ rewritten }) => rewritten)).toEqual([undefined, undefined, undefined, true]);
    expect(questions[1]).toMatchObject({ id: 2, trialNumber: 9, attempt: 0, pending: [] });
    expect(questions[0].finished[0]).toMatchObject({ objective: 1, facts: {}, params: history[0]!.params });
  });

  it("is heard though it ends with its answer", async () => {
    const command = ["sh", "-c", `read start; read question; echo '{"id": 1, "point": [0.5, 0.5, 0.5, 0.5]}'`];
    // which of answer and end is seen first is chance
    for (let time = 0; time < 40; time++) expect(await openWorker({ command })([])).toMatchObject({ kind: "params" });
  });

  it("is known to have ended though one that it started holds its output open", async () => {
    const command = ["sh", "-c", "read start; sleep 30 & exit 3"];
    await expect(openWorker({ command })([])).rejects.toThrow(/ended with exit code 3/);
  });

  it.each([
    [
      "parameters, with or without the slash",
      '{ params: { layers: 3, "/lr": 0.5, momentum: 0, optimizer: "sgd" } }',
      { "/layers": 3, "/lr": 0.5, "/momentum": 0, "/optimizer": "sgd" },
    ],
    [
      "a point of the unit cube",
      "{ point: [0, 1, 0.25, 0.5] }",
      { "/layers": 1, "/lr": 1, "/momentum": 0.25, "/optimizer": "sgd" },
    ],
  ])("may answer with %s", async (_, answer, params) => {
    expect(await openWorker({ command: programOf(`() => (${answer})`) })([])).toEqual({ kind: "params", params });
  });

  it("may have facts stored, wait, or be done", async () => {
    const answers = '[{ point, facts: { why: "here" } }, { wait: true }, { done: true }]';
    const ask = openWorker({ command: programOf(`(_, count) => (${answers})[count - 1]`) });
    expect(await ask([])).toMatchObject({ kind: "params", facts: { why: "here" } });
    expect(await ask([])).toEqual({ kind: "wait" });
    expect(await ask([])).toEqual({ kind: "done" });
  });

  it("answers questions that come at once in their order", async () => {
    const ask = openWorker({ command: programOf("({ trialNumber }) => ({ point, facts: { trialNumber } })") });
    const answers = await Promise.all([3, 1, 2].map((number) => ask([], number)));
    expect(answers.map((answer) => (answer as { facts?: unknown }).facts)).toEqual(
      [3, 1, 2].map((trialNumber) => ({ trialNumber })),
    );
  });

  it("is started again when it died, and told everything", async () => {
    const dying =
      "(message) => { setImmediate(() => process.exit(3)); return { point, facts: { told: message.finished.length } }; }";
    const ask = openWorker({ command: programOf(dying) });
    const history = await someHistory();
    for (const length of [2, 4, 6]) {
      expect(await ask(history.slice(0, length))).toMatchObject({ facts: { told: length } });
    }
  });

  it.each([
    ["prints no JSON", '() => "hello"', "answered hello, which cannot be used: it is not JSON"],
    ["answers another question", "() => ({ id: 7, point })", 'its "id" is not 1'],
    ["answers nothing of use", "() => ({})", 'it has neither "params" nor "point"'],
    [
      "leaves out a parameter",
      '() => ({ params: { "/lr": 1 } })',
      /Dimension "\/layers" has no value and no default\.$/,
    ],
    [
      "leaves the space",
      "() => ({ params: { layers: 99, lr: 1, momentum: 0, optimizer: 'sgd' } })",
      /Value 99 is outside of dimension "\/layers"\.$/,
    ],
    ["leaves the cube", "() => ({ point: [0, 0, 0, 2] })", "not a list of 4 numbers from 0 to 1"],
    ["has facts that are none", "() => ({ point, facts: 3 })", 'its "facts" are not an object'],
    ["says what is wrong", "() => ({ error: 'no licence' })", "The algorithm's program says: no licence"],
    [
      "ends",
      "() => { console.error('out of luck'); process.exit(4); }",
      /ended with exit code 4; it said: out of luck$/,
    ],
    ["is killed", "() => { process.kill(process.pid, 'SIGKILL'); }", "was ended by SIGKILL"],
  ])("that %s is an error that says so", async (_, answer, message) => {
    await expect(openWorker({ command: programOf(answer) })([])).rejects.toThrow(message);
  });

  it("that ends is quoted line by line, as a traceback has to be", async () => {
    const answer = "() => { console.error('one\\n  two\\nthree'); process.exit(4); }";
    await expect(openWorker({ command: programOf(answer) })([])).rejects.toMatchObject({
      message: expect.stringMatching(/it said: three$/),
      remedy: expect.stringMatching(/^It said:\none\n {2}two\nthree\n/),
    });
  });

  it("that does not answer is given up after the time-out, and killed", async () => {
    const ask = openWorker({ command: programOf("() => undefined"), timeout: 0.3 });
    await expect(ask([])).rejects.toThrow("did not answer within 0.3 seconds");
  });

  it("that does not exist is an error that says so", async () => {
    await expect(openWorker({ command: "./no-such-program --now" })([])).rejects.toThrow(
      'program "./no-such-program --now" cannot be started',
    );
  });

  it("ends when its worker lets go of it", async () => {
    const ask = openWorker({ command: programOf("() => ({ point, facts: { pid: process.pid } })") });
    const suggestion = (await ask([])) as { facts?: { pid?: number } };
    const { pid } = suggestion.facts!;
    expect(process.kill(pid!, 0)).toBe(true);
    dropCache(caches[0]!);
    await expect.poll(() => isRunning(pid!)).toBe(false);
  });
});

/** False for a zombie too, which nobody may have collected yet. */
function isRunning(pid: number): boolean {
  const state = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`])
    .stdout.toString()
    .trim();
  return state !== "" && !state.startsWith("Z");
}

describe("the options of an external algorithm", () => {
  it.each([
    {},
    { command: "" },
    { command: [] },
    { command: [3] },
    { command: "x", timeout: 0 },
    { command: "x", timeout: "1" },
  ])("refuse %o", (options) => {
    expect(() => configureAlgorithm(external, { name: "external", options, space })).toThrow(UsageError);
  });
});

describe.skipIf(!hasPython)("a local search in Python", () => {
  it("suggests the same on each worker, from a history that came at once or little by little", async () => {
    const objectives = [3, Number.NaN, undefined, Number.POSITIVE_INFINITY, 2, 1e308];
    const history = (await someHistory()).map((trial, i) =>
      inventTrial({ ...trial, objective: objectives[i], status: i === 2 ? "broken" : "completed" }),
    );
    const [ask, askAnother] = [openWorker(localSearch), openWorker(localSearch)];
    for (let length = 0; length < history.length; length++) await ask(history.slice(0, length));
    for (const number of [7, 30]) expect(await ask(history, number)).toEqual(await askAnother(history, number));
  });

  it("suggests points of a space with dimensions of every kind", async () => {
    const wide = parseSpace(Object.fromEntries(kindTexts.map((text, i) => [`/x${i}`, text])));
    const simulation = { algorithm: external, options: localSearch, space: wide, maxTrials: 20, workers: 3 };
    const { trials } = await simulateLater({ ...simulation, objective: (_, number) => -number });
    for (const { params } of trials) {
      for (const dimension of wide.dimensions) expect(contains(dimension, params[dimension.name]!)).toBe(true);
    }
  });

  it("serves a hunt, and ends with it", async () => {
    const desk = openDesk(temporaryFolder());
    const report = `echo '[{"name":"o","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"`;
    const script = desk.script("run.sh", `#!/bin/sh\n${report}\n`);
    const search = desk.script("search.sh", `#!/bin/sh\necho $$ >> pids\nexec ${localSearch.command.join(" ")}\n`);
    const choice = `external:seed=3,command=${search}`;
    const words = ["hunt", "-n", "e", "--exp-max-trials", 4, "--algorithm", choice, script, "--x~uniform(0, 1)"];
    expect((await desk.orion(...words)).code).toBe(0);
    const pids = desk.read("pids").trim().split("\n");
    expect(pids.length).toBe(1); // one program for all four
    await expect.poll(() => isRunning(Number(pids[0]))).toBe(false);
  });
});

describe.skipIf(!hasOptuna)("the adapter for Optuna", () => {
  it.each(["TPESampler", "RandomSampler"])("searches with %s", async (sampler) => {
    const options = { command: ["python3", example("optuna_sampler.py"), sampler] };
    const problem = { space: parseSpace(braninTexts), maxTrials: 40, objective: branin };
    const { trials } = await simulateLater({ algorithm: external, options, ...problem });
    expect(trials.length).toBe(40);
    expect(Math.min(...trials.map((trial) => trial.objective!))).toBeLessThan(10);
    const mixed = await simulateLater({
      algorithm: external,
      options,
      space,
      maxTrials: 15,
      workers: 2,
      objective: () => 1,
    });
    expect(mixed.end).toBe("budget");
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Result } from "../../src/trial/trial.js";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const orion = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "orion-examples-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

it("every folder is listed in the table of examples", () => {
  const table = readFileSync(path.join(examples, "README.md"), "utf8");
  for (const folder of folders) expect(table).toContain(`](${folder})`);
});

// A program that imports the library tunes by itself, and search algorithms are no programs to be tuned: they have tests
// of their own.
const tuned = folders.filter((folder) => folder !== "library" && folder !== "external");

describe.each(tuned)("the example %s", (folder) => {
  const home = path.join(examples, folder);
  const hunt = huntLine(home);
  const isRunnable = folder !== "iris-python" || spawnSync("python3", ["--version"]).status === 0;

  it("names a program that may be executed and has a line for its interpreter", () => {
    const program = path.join(home, hunt.command[0]!);
    expect(() => accessSync(program, constants.X_OK)).not.toThrow();
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env \w+\n/);
  });

  it.runIf(isRunnable)("yields one finite objective for values from the middle of its priors", () => {
    const { results, output } = runOnce(hunt, home);
    if (hunt.pattern === undefined) expect(results.filter(({ type }) => type === "objective")).toHaveLength(1);
    const found = hunt.pattern === undefined ? results[0]?.value : Number(new RegExp(hunt.pattern).exec(output)?.[1]);
    expect(found).toSatisfy(Number.isFinite);
  });

  // Wall time and processor time are no function of the parameters.
  it.runIf(isRunnable && folder !== "xz-options")("yields the same objective twice", () => {
    const [first, second] = [runOnce(hunt, home), runOnce(hunt, home)];
    expect(second).toEqual(first);
  });

  it.runIf(isRunnable && existsSync(orion))(
    "is tuned by the line in its README (skipped before `npm run build`)",
    () => {
      const env = { ...process.env, ORION_STORAGE: `sqlite:${directory}/${folder}.sqlite` };
      const run = (words: readonly string[]) =>
        spawnSync(process.execPath, [orion, ...words], { cwd: home, env, encoding: "utf8" });
      const words = hunt.words.map((word, index) => (hunt.words[index - 1] === "--exp-max-trials" ? "2" : word));
      const { status, stdout, stderr } = run(words);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stdout).toMatch(/trials completed: 2\b/);
    },
  );
});

interface HuntLine {
  /** The words after `orion`. */
  readonly words: readonly string[];
  /** The program and its words. */
  readonly command: readonly string[];
  readonly pattern: string | undefined;
}

/** The line of a README that begins with `orion hunt`, as a shell would take it apart. */
function huntLine(home: string): HuntLine {
  const line = /^orion (hunt .*)$/m.exec(readFileSync(path.join(home, "README.md"), "utf8"))?.[1];
  if (line === undefined) throw new Error(`There is no line "orion hunt …" in the README of ${home}.`);
  const words = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
  const option = words.indexOf("--objective-pattern");
  return {
    words,
    command: words.slice(words.findIndex((word) => word.startsWith("./"))),
    pattern: option === -1 ? undefined : words[option + 1],
  };
}

/** Run the program itself, as a worker would, with a value in place of each prior. */
function runOnce({ command }: HuntLine, home: string) {
  const resultsPath = path.join(mkdtempSync(path.join(directory, "trial-")), "results.json");
  writeFileSync(resultsPath, "");
  const words = command
    .slice(1)
    .flatMap((word) =>
      word.includes("~") ? [word.slice(0, word.indexOf("~")), middleOf(word)] : [fillFile(word, home)],
    );
  const env = { ...process.env, ORION_RESULTS_PATH: resultsPath, ORION_WORKING_DIR: path.dirname(resultsPath) };
  const run = spawnSync(path.join(home, command[0]!), words, { cwd: home, env, encoding: "utf8" });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
  const results: readonly Result[] = JSON.parse(readFileSync(resultsPath, "utf8") || "[]");
  return { results, output: run.stdout };
}

/** A configuration file becomes a copy with values; other words stay as they are. */
function fillFile(word: string, home: string): string {
  if (!word.endsWith(".yaml")) return word;
  const text = readFileSync(path.join(home, word), "utf8").replace(/'orion~([^']*)'/g, (_, prior) => middleOf(prior));
  const filled = path.join(directory, word);
  writeFileSync(filled, text);
  return filled;
}

/** A value that a prior allows: the middle of an interval, the first of the choices. */
function middleOf(prior: string): string {
  const [, first] = /choices\(\["(\w+)"/.exec(prior) ?? [];
  if (first !== undefined) return first;
  const [, name, low, high] = /(loguniform|uniform)\(([-\d.e]+), ([-\d.e]+)/.exec(prior) ?? [];
  if (name === undefined) throw new Error(`There is no way here to read the prior ${prior}.`);
  const middle = name === "uniform" ? (Number(low) + Number(high)) / 2 : Math.sqrt(Number(low) * Number(high));
  return String(prior.includes("discrete") ? Math.floor(middle) : middle);
}

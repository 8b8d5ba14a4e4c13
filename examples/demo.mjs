#!/usr/bin/env node
/**
 * Two workers without a master look for good parameters of one program: `node examples/demo.mjs`, after `npm run build`.
 *
 * They share nothing but a database in a temporary directory, which stays there for you to look at.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const orion = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const programs = {
  iris: {
    about: "a softmax regression on Fisher's iris flowers",
    command: [
      fileURLToPath(new URL("iris-python/train.py", import.meta.url)),
      "--lr~loguniform(1e-4, 1)",
      "--momentum~uniform(0, 0.99)",
      "--weight-decay~loguniform(1e-6, 0.1)",
      "--epochs~uniform(1, 20, discrete=True)",
    ],
  },
  trip: {
    about: "simulated annealing of a round trip",
    command: [
      fileURLToPath(new URL("node-program/anneal.mjs", import.meta.url)),
      "--heat~loguniform(1e-3, 10)",
      "--cooling~loguniform(1e-3, 0.5)",
      '--move~choices(["swap", "reverse", "insert"])',
    ],
  },
};

if (!existsSync(orion)) fail(`There is no ${path.relative("", orion)} yet. Build it first: npm run build`);

const name = hasPython() ? "iris" : "trip";
const { about, command } = programs[name];
const directory = mkdtempSync(path.join(tmpdir(), "orion-demo-"));
const storage = `sqlite:${path.join(directory, "demo.sqlite")}`;
// No setting of the caller shall change what is shown.
const env = { ...withoutOrionVariables(process.env), XDG_CONFIG_HOME: directory, ORION_STORAGE: storage };
const hunt = ["hunt", "-n", name, "--exp-max-trials", "32", "--n-workers", "2", ...command];

console.log(`Tuning ${about}: 2 processes, each with 2 trials at a time, 32 trials in all.\n`);
console.log(`  orion ${hunt.map(quote).join(" ")}\n`);

// Ctrl-C reaches the workers by itself; wait until they have put everything in order.
process.on("SIGINT", () => {});
const codes = await Promise.all([work("worker 1"), work("worker 2")]);
const code = codes.find((one) => one !== 0);
if (code !== undefined) fail(`A worker ended with exit code ${code}.`, code);

const run = spawnSync(process.execPath, [orion, "status", "-n", name, "--all", "--json"], { env, encoding: "utf8" });
if (run.status !== 0) fail(run.stderr);
showBest(JSON.parse(run.stdout)[0].trialList);

const again = `node ${path.relative("", orion)}`;
console.log(`
Go on with the same database:

  export ORION_STORAGE=${storage}
  ${again} info -n ${name}
  ${again} status -n ${name} --all
  ${again} hunt -n ${name} --exp-max-trials 64

Your own program is a matter of one line: see clients/README.md. When you are done: rm -r ${directory}`);

/** One worker: its output line by line, behind its name. Resolves to its exit code. */
function work(title) {
  const child = spawn(process.execPath, [orion, ...hunt], { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => console.log(`${title} | ${line}`));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** The five best trials, a column per parameter. */
function showBest(trials) {
  const completed = trials.filter(({ status, objective }) => status === "completed" && objective !== null);
  const best = completed.sort((a, b) => a.objective - b.objective).slice(0, 5);
  const names = Object.keys(best[0].params);
  const rows = [
    ["objective", ...names, "trial"],
    ...best.map(({ id, objective, params }) =>
      [objective, ...names.map((key) => params[key]), id.slice(0, 8)].map(cell),
    ),
  ];
  const widths = rows[0].map((_, column) => rows.reduce((width, row) => Math.max(width, row[column].length), 0));
  console.log(`\nThe best of ${completed.length} completed trials:\n`);
  for (const row of rows)
    console.log(
      `  ${row
        .map((text, column) => text.padEnd(widths[column]))
        .join("  ")
        .trimEnd()}`,
    );
}

function cell(value) {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}

/** A word as one would type it in a shell. */
function quote(word) {
  if (/^[\w./=-]+$/.test(word)) return path.isAbsolute(word) ? path.relative("", word) : word;
  const [, option, prior] = /^([\w-]+~)(.*)$/.exec(word) ?? ["", "", word];
  return `${option}'${prior}'`;
}

function hasPython() {
  return spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 6))"]).status === 0;
}

function withoutOrionVariables(variables) {
  return Object.fromEntries(Object.entries(variables).filter(([key]) => !key.startsWith("ORION_")));
}

function fail(message, exitCode = 1) {
  console.error(message);
  process.exit(exitCode);
}

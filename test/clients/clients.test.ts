import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { createReportReader, parseReport } from "../../src/worker/read-reports.js";

const clients = fileURLToPath(new URL("../../clients", import.meta.url));

/** The same small programs in every language. */
interface Language {
  readonly name: string;
  readonly interpreter: string;
  /** Arguments that run the text of a program. */
  readonly run: (program: string) => readonly string[];
  readonly load: string;
  readonly objective: (value: string, name?: string) => string;
  readonly badTrial: string;
  /** Objective 2, named "cost", with one statistic of value [1, "a"]. */
  readonly badTrialWithData: string;
  readonly threeResults: string;
  /** A report of one result where a list is wanted; absent where a list is a text. */
  readonly noList?: string;
  readonly intermediate: (step: string, value: string) => string;
  /** Prints `end` when it is to stop. */
  readonly printIfStopped: string;
  readonly interrupt: string;
  readonly print: (text: string) => string;
  readonly nonFinite: { readonly NaN: string; readonly Infinity: string; readonly "-Infinity": string };
}

const statistic = '{"name": "s", "type": "statistic", "value": [1, "a"]}';
const threeResults = `[${statistic}, {"name": "loss", "type": "objective", "value": -0.5}, {"name": "room", "type": "constraint", "value": 2}]`;

function shell(interpreter: string): Language {
  return {
    name: `shell (${interpreter})`,
    interpreter,
    run: (program) => ["-c", `set -eu\n${program}`],
    load: `. "${clients}/orion-client.sh"`,
    objective: (value, name) => `orion_report_objective "${value}"${name === undefined ? "" : ` '${name}'`}`,
    badTrial: "orion_report_bad_trial",
    badTrialWithData: `orion_report_bad_trial 2 cost ' [ ${statistic}]'`,
    threeResults: `orion_report_results '${threeResults}'`,
    intermediate: (step, value) => `orion_report_intermediate "${step}" "${value}"`,
    printIfStopped: "if orion_should_stop; then echo end; fi",
    interrupt: "orion_interrupt_trial",
    print: (text) => `echo ${text}`,
    nonFinite: { NaN: "nan", Infinity: "INF", "-Infinity": "-infinity" },
  };
}

const nodeFunctions = "reportObjective, reportBadTrial, reportResults, reportIntermediate, shouldStop, interruptTrial";

const languages: readonly Language[] = [
  {
    name: "Python",
    interpreter: "python3",
    run: (program) => ["-c", program],
    load: `import sys; sys.path.insert(0, ${JSON.stringify(clients)})\nfrom orion_client import *`,
    objective: (value, name) => `report_objective(${value}${name === undefined ? "" : `, name='${name}'`})`,
    badTrial: "report_bad_trial()",
    badTrialWithData: `report_bad_trial(2, 'cost', [${statistic}])`,
    threeResults: `report_results(${threeResults})`,
    noList: `report_results(${statistic})`,
    intermediate: (step, value) => `report_intermediate(${step}, ${value})`,
    printIfStopped: "print('end' if should_stop() else '')",
    interrupt: "interrupt_trial()",
    print: (text) => `print('${text}')`,
    nonFinite: { NaN: "float('nan')", Infinity: "float('inf')", "-Infinity": "float('-inf')" },
  },
  {
    name: "Node",
    interpreter: process.execPath,
    run: (program) => ["--input-type=module", "-e", program],
    load: `import { ${nodeFunctions} } from ${JSON.stringify(`${clients}/orion-client.mjs`)}`,
    objective: (value, name) => `reportObjective(${value}${name === undefined ? "" : `, '${name}'`})`,
    badTrial: "reportBadTrial()",
    badTrialWithData: `reportBadTrial(2, 'cost', [${statistic}])`,
    threeResults: `reportResults(${threeResults})`,
    noList: `reportBadTrial(1, 'loss', 'text')`,
    intermediate: (step, value) => `reportIntermediate(${step}, ${value})`,
    printIfStopped: "if (shouldStop()) console.log('end')",
    interrupt: "interruptTrial()",
    print: (text) => `console.log('${text}')`,
    nonFinite: { NaN: "NaN", Infinity: "Infinity", "-Infinity": "-Infinity" },
  },
  shell("sh"),
  shell("bash"),
  {
    name: "R",
    interpreter: "Rscript",
    run: (program) => ["-e", program],
    load: `source("${clients}/orion_client.R")`,
    objective: (value, name) => `report_objective(${value}${name === undefined ? "" : `, name='${name}'`})`,
    badTrial: "report_bad_trial()",
    badTrialWithData: "report_bad_trial(2, 'cost', list(list(name='s', type='statistic', value=list(1, 'a'))))",
    threeResults:
      "report_results(list(list(name='s', type='statistic', value=list(1, 'a')), list(name='loss', type='objective', value=-0.5), list(name='room', type='constraint', value=2)))",
    noList: "report_results(list(name='loss', type='objective', value=1))",
    intermediate: (step, value) => `report_intermediate(${step}, ${value})`,
    printIfStopped: "if (should_stop()) cat('end\\n')",
    interrupt: "interrupt_trial()",
    print: (text) => `cat('${text}\\n')`,
    nonFinite: { NaN: "NaN", Infinity: "Inf", "-Infinity": "-Inf" },
  },
];

const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function makeDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), "orion-client-"));
  directories.push(directory);
  return directory;
}

/** An existing, empty file alone in its directory, as a worker prepares it. */
function makeResultsFile(directory = makeDirectory()): string {
  const file = path.join(directory, "r");
  writeFileSync(file, "");
  return file;
}

function runProgram(language: Language, statements: readonly string[], env: Record<string, string | undefined> = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ORION_")));
  const program = [language.load, ...statements].join("\n");
  const run = spawnSync(language.interpreter, language.run(program), { encoding: "utf8", env: { ...clean, ...env } });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function isPresent(interpreter: string): boolean {
  return spawnSync(interpreter, ["-c", "1"]).error === undefined;
}

function result(name: string, value: unknown, type = "objective") {
  return { name, type, value };
}

for (const language of languages) {
  const suite = isPresent(language.interpreter) ? describe : describe.skip;

  suite(`the client for ${language.name}${suite === describe.skip ? `: ${language.interpreter} is not installed` : ""}`, () => {
    const report = (...statements: readonly string[]) => {
      const file = makeResultsFile();
      const run = runProgram(language, statements, { ORION_RESULTS_PATH: file });
      return { ...run, file, text: readFileSync(file, "utf8") };
    };

    it("writes an objective and prints nothing", () => {
      const { code, out, err, text } = report(language.objective("0.1"));
      expect({ code, out, err }).toEqual({ code: 0, out: "", err: "" });
      expect(JSON.parse(text)).toEqual([result("objective", 0.1)]);
    });

    it("writes the name of the objective, quotes and all", () => {
      expect(JSON.parse(report(language.objective("1e-30", 'a "b" c')).text)).toEqual([result('a "b" c', 1e-30)]);
    });

    it("reports a bad trial as 1e10 when nothing else is said, else with further results", () => {
      expect(JSON.parse(report(language.badTrial).text)).toEqual([result("objective", 1e10)]);
      const results = [result("cost", 2), result("s", [1, "a"], "statistic")];
      expect(JSON.parse(report(language.badTrialWithData).text)).toEqual(results);
    });

    it("writes a list of results as it is", () => {
      expect(JSON.parse(report(language.threeResults).text)).toEqual(JSON.parse(threeResults));
    });

    it.each(["NaN", "Infinity", "-Infinity"] as const)("writes %s as Python's JSON does", (word) => {
      const { text } = report(language.objective(language.nonFinite[word]));
      expect(text.replaceAll(" ", "").trim()).toBe(`[{"name":"objective","type":"objective","value":${word}}]`);
    });

    it("refuses a text as objective and writes nothing", () => {
      const { code, err, text } = report(language.objective(language.name.startsWith("shell") ? "1 2" : "'1'"));
      expect(code).not.toBe(0);
      expect(err).toMatch(/objective must be (a|one) number/);
      expect(text).toBe("");
    });

    it.skipIf(language.noList === undefined)("refuses what is no list of results and writes nothing", () => {
      const run = report(language.noList!);
      expect(run.code).not.toBe(0);
      expect(run.err).toContain("The results must be a list of");
      expect(run.text).toBe("");
    });

    it("fails at a second report, and the first one stays", () => {
      const { code, err, text } = report(language.objective("1"), language.objective("2"));
      expect(code).not.toBe(0);
      expect(err).toContain("already reported");
      expect(JSON.parse(text)).toEqual([result("objective", 1)]);
    });

    it("replaces the file by another and leaves nothing beside it", () => {
      const file = makeResultsFile();
      const before = statSync(file);
      runProgram(language, [language.objective("1")], { ORION_RESULTS_PATH: file });
      expect(statSync(file).ino).not.toBe(before.ino);
      expect(statSync(file).mode).toBe(before.mode);
      expect(readdirSync(path.dirname(file))).toEqual(["r"]);
    });

    // In a directory whose path is as long as a path may be, no file with a longer name than the results' can be made.
    it.runIf(process.platform === "linux")("writes into the file where it cannot be replaced", () => {
      let directory = makeDirectory();
      while (directory.length < 4085)
        directory = path.join(directory, "d".repeat(Math.min(200, 4090 - directory.length)));
      mkdirSync(directory, { recursive: true });
      const file = makeResultsFile(directory);
      const { code, err } = runProgram(language, [language.objective("3")], { ORION_RESULTS_PATH: file });
      expect({ code, err: err.slice(0, 80) }).toEqual({ code: 0, err: "" });
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([result("objective", 3)]);
    });

    it("prints the results outside of orion", () => {
      const { code, out } = runProgram(language, [language.objective("0.25"), language.print("after")]);
      expect(code).toBe(0);
      expect(out).toMatch(/^\[.*objective.*0\.25.*\]\nafter\n$/);
    });

    it("fails at its start when the results file does not exist", () => {
      const file = path.join(makeDirectory(), "gone");
      const { code, out, err } = runProgram(language, [language.print("hours of work")], { ORION_RESULTS_PATH: file });
      expect(code).not.toBe(0);
      expect(err).toContain("ORION_RESULTS_PATH");
      expect(err).toContain("no such file");
      expect(out).not.toContain("hours of work");
    });

    it("reports while it runs, by lines that orion reads, and prints them outside of it", () => {
      const file = path.join(makeDirectory(), "reports");
      const { NaN: notANumber } = language.nonFinite;
      const statements = [language.intermediate("1", "0.5"), language.intermediate("20", notANumber)];
      expect(runProgram(language, statements, { ORION_REPORT_PATH: file })).toEqual({ code: 0, out: "", err: "" });
      const reports = [
        { step: 1, value: 0.5 },
        { step: 20, value: Number.NaN },
      ];
      expect(createReportReader(file).read(false)).toEqual({ reports, invalid: undefined });
      expect(runProgram(language, statements).out.split("\n").map(parseReport)).toEqual([...reports, undefined]);
    });

    it("refuses to report what is no number while it runs", () => {
      const file = path.join(makeDirectory(), "reports");
      const noNumber = language.name.startsWith("shell") ? "one" : "'one'";
      for (const statement of [language.intermediate("1", noNumber), language.intermediate(noNumber, "1")]) {
        const { code, err } = runProgram(language, [statement], { ORION_REPORT_PATH: file });
        expect(code).not.toBe(0);
        expect(err).toMatch(/must be (a|one) number/);
      }
      expect(existsSync(file)).toBe(false);
    });

    it("is to stop once there is a file that says so", () => {
      const file = path.join(makeDirectory(), "stop");
      const out = () => runProgram(language, [language.printIfStopped], { ORION_STOP_PATH: file }).out.trim();
      expect(out()).toBe("");
      writeFileSync(file, "");
      expect(out()).toBe("end");
      expect(runProgram(language, [language.printIfStopped]).out.trim()).toBe("");
    });

    it("interrupts with the code of the variable, else 130", () => {
      const statements = [language.interrupt, language.print("not reached")];
      expect(runProgram(language, statements, { ORION_INTERRUPT_CODE: "99" })).toMatchObject({ code: 99, out: "" });
      expect(runProgram(language, statements).code).toBe(130);
    });
  });
}

const [python, node, sh] = languages as [Language, Language, Language];

describe("the client for Python", () => {
  const run = (statements: readonly string[]) => {
    const file = makeResultsFile();
    const { err } = runProgram(python, statements, { ORION_RESULTS_PATH: file });
    return { err, results: JSON.parse(readFileSync(file, "utf8") || "null") };
  };

  it("takes scalars and arrays of numeric libraries", () => {
    const scalar = "type('Scalar', (), {'item': lambda self: 0.5})()";
    expect(run([`report_objective(${scalar})`]).results).toEqual([result("objective", 0.5)]);
    expect(run(["import decimal", "report_objective(decimal.Decimal('0.125'))"]).results[0].value).toBe(0.125);
    const array = "type('Array', (), {'tolist': lambda self: [1, 2]})()";
    expect(run([`report_bad_trial(1, data=[dict(name='g', type='gradient', value=${array})])`]).results).toEqual([
      result("objective", 1),
      result("g", [1, 2], "gradient"),
    ]);
  });

  it("can be copied to where Oríon's module would be", () => {
    const directory = makeDirectory();
    mkdirSync(path.join(directory, "orion"));
    copyFileSync(path.join(clients, "orion_client.py"), path.join(directory, "orion", "client.py"));
    const copied = {
      ...python,
      load: `import sys; sys.path.insert(0, ${JSON.stringify(directory)})\nfrom orion.client import report_objective`,
    };
    const file = makeResultsFile();
    runProgram(copied, ["report_objective(4)"], { ORION_RESULTS_PATH: file });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([result("objective", 4)]);
  });
});

describe("the client for Node", () => {
  it("writes numbers that JSON.stringify would lose, wherever they are", () => {
    const file = makeResultsFile();
    const value = "{ deep: [Number.NaN, -0, 2n ** 53n, new Float64Array([1, 0.5])], not: undefined, on: new Date(0) }";
    runProgram(node, [`reportResults([{ name: "s", type: "statistic", value: ${value} }])`], {
      ORION_RESULTS_PATH: file,
    });
    expect(readFileSync(file, "utf8")).toContain(
      '{"deep": [NaN, -0.0, 9007199254740992, [1, 0.5]], "on": "1970-01-01T00:00:00.000Z"}',
    );
  });
});

describe("the client for the shell", () => {
  it.each([
    ["+1", 1],
    [".5", 0.5],
    ["-.5", -0.5],
    ["5.", 5],
    ["5.e3", 5000],
    ["007", 7],
    ["-00.25", -0.25],
    ["0", 0],
    ["1E-3", 0.001],
    ["-0.0", -0],
  ])("writes %s as JSON wants it", (text, value) => {
    const file = makeResultsFile();
    runProgram(sh, [sh.objective(text)], { ORION_RESULTS_PATH: file });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([result("objective", value)]);
  });

  it.each(["", "1 2", "one", "1e", "--1", ".", "x\n1", "1,5"])("refuses %j", (text) => {
    const file = makeResultsFile();
    expect(runProgram(sh, [sh.objective(text)], { ORION_RESULTS_PATH: file }).code).toBe(1);
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it("writes a name of several lines as one", () => {
    const file = makeResultsFile();
    runProgram(sh, [sh.objective("1", "loss\nof\ttest é")], { ORION_RESULTS_PATH: file });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([result("loss of test é", 1)]);
  });

  it("sees a report that was made in a subshell", () => {
    const file = makeResultsFile();
    const statements = [`(${sh.objective("1")})`, sh.objective("2")];
    expect(runProgram(sh, statements, { ORION_RESULTS_PATH: file })).toMatchObject({ code: 1 });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([result("objective", 1)]);
  });
});

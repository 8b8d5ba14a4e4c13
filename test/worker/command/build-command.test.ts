import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Params, ParamValue } from "../../../src/space/dimension.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { buildCommand } from "../../../src/worker/command/build-command.js";
import { readConfigFile } from "../../../src/worker/command/config-file.js";
import { templateFields } from "../../../src/worker/command/fill-template.js";
import { readPriorWords } from "../../../src/worker/command/read-prior-words.js";
import type { UserCommand } from "../../../src/worker/command/user-command.js";
import { makeFolder } from "./make-folder.js";

function build(command: UserCommand, params: Params, configPath?: string) {
  return buildCommand(command, {
    trial: { id: "abc", number: 7, params, workingDir: "/w/abc", hashParams: "def" },
    experiment: {
      id: 3,
      name: "mnist",
      version: 2,
      workingDir: "/w",
      metadata: { user: "ada", datetime: "2024-01-01T00:00:00Z", orionVersion: "0.1.0" },
    },
    space: parseSpace(command.priors),
    ...(configPath === undefined ? {} : { configPath }),
  });
}

describe("buildCommand", () => {
  it("puts each value where its prior stood", () => {
    const command = readPriorWords([
      "./train.py",
      "-x~uniform(0, 1)",
      "tail.txt",
      "--lr=orion~loguniform(1e-7, 1)",
      "--layers~uniform(1, 8, discrete=True)",
      "--opt",
      "orion~choices(['adam', 'two words', 3])",
      "--shape~uniform(0, 1, shape=2)",
      "--gone~-",
    ]);
    const params = { "/x": 1, "/lr": 1e-5, "/layers": 3, "/opt": "two words", "/shape": [0.25, 1] };
    expect(build(command, params)).toEqual({
      argv: [
        "./train.py",
        "-x",
        "1.0",
        "tail.txt",
        "--lr=1e-05",
        "--layers",
        "3",
        "--opt",
        "two words",
        "--shape",
      ].concat("[0.25, 1.0]"),
    });
  });

  it("keeps any words without priors and templates", () => {
    const word = fc.string({ unit: "binary" }).filter((text) => !/~|\{(trial|exp)\./.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(build(readPriorWords(words), {}).argv).toEqual(words);
      }),
    );
  });

  it("puts any value in its place among any words", () => {
    const words = fc.array(fc.string().filter((text) => !text.includes("~")));
    fc.assert(
      fc.property(words, fc.double({ min: 0, max: 1, noNaN: true }), words, (before, value, after) => {
        const typed = ["./a", ...before, "--lr~uniform(0, 1)", ...after];
        const { argv } = build(readPriorWords(typed), { "/lr": value });
        expect(argv.slice(0, before.length + 2)).toEqual(["./a", ...before, "--lr"]);
        expect(Number(argv[before.length + 2])).toBe(value);
        expect(argv.slice(before.length + 3)).toEqual(after);
      }),
    );
  });

  it("fills every field", () => {
    const fields = [...templateFields, "trial.params[/x]", "trial.params[x]"];
    const command = { words: ["./a", ...fields.map((field) => `{${field}}`)], priors: { "/x": "uniform(0, 1)" } };
    expect(build(command, { "/x": 0.5 }).argv).toEqual(
      ["./a", "abc", "7", "/w/abc", "def", "abc", "3", "3", "mnist", "2", "/w", "ada"].concat([
        "2024-01-01T00:00:00Z",
        "0.1.0",
        "0.5",
        "0.5",
      ]),
    );
  });

  it("fills templates in typed words only, never in values", () => {
    const command = readPriorWords(["./a", "--k~choices(['{trial.id}'])", "{trial.params[/k]}"]);
    expect(build(command, { "/k": "{trial.id}" }).argv).toEqual(
      ["./a", "--k", "{trial.id}", "{trial.id}"].with(1, "-k"),
    );
  });

  it("finds the values of an experiment of the library, whose names have no slash", () => {
    const command: UserCommand = {
      words: ["./a", { kind: "value", prefix: "", dimension: "/x" }],
      priors: { x: "normal(0, 1)" },
    };
    expect(build(command, { x: 2 }).argv).toEqual(["./a", "2.0"]);
  });

  it("says which value a trial lacks", () => {
    expect(() => build(readPriorWords(["./a", "-x~uniform(0, 1)"]), {})).toThrow(/Trial 7 has no value.*"\/x"/);
  });

  it.each([
    [
      "c.yaml",
      `lr: 'orion~loguniform(1e-9, 1)' # rate
n: orion~uniform(1, 9, discrete=True)
k: ["orion~choices(['a', 'on', 3, True, None])"]
s: orion~uniform(0, 1, shape=2)
`,
      'lr: 1.0e-07 # rate\nn: 3\nk: ["on"]\ns: [0.5, 1.0e-05]\n',
    ],
    [
      "c.json",
      '{"lr": "orion~loguniform(1e-9, 1)", "n": "orion~uniform(1, 9, discrete=True)", "k": ["orion~choices([\'a\', \'on\', 3, True, None])"], "s": "orion~uniform(0, 1, shape=2)"}',
      '{"lr": 1e-07, "n": 3, "k": ["on"], "s": [0.5, 1e-05]}',
    ],
  ])("writes the values of %s in the file's own types", async (name, text, written) => {
    const file = await readConfigFile(name, makeFolder({ [name]: text }).world);
    const command: UserCommand = {
      words: ["./a", "--config", { kind: "config" }],
      priors: file!.priors,
      config: file!.template,
    };
    const params = { "/lr": 1e-7, "/n": 3, "/k/0": "on", "/s": [0.5, 1e-5] };
    expect(build(command, params, "/w/abc/c")).toEqual({
      argv: ["./a", "--config", "/w/abc/c"],
      configText: written,
    });
    for (const category of ["a", 3, true, null]) {
      const { configText } = build(command, { ...params, "/k/0": category }, "/w/abc/c");
      expect(configText).toBe(written.replace('"on"', JSON.stringify(category)));
    }
  });

  it.each([
    ["c.yaml", "0.5, 1.0, 2", '{"k": 1.0, "3": [null, true]}', ".inf, -.inf"],
    ["c.json", "0.5, 1.0, 2", '{"k": 1.0, "3": [null, true]}', "Infinity, -Infinity"],
  ])("keeps floats and ints apart inside the categories of %s", async (name, numbers, mapping, infinite) => {
    const text = `{"b": "orion~choices([[0.5, 1.0, 2], {'k': 1.0, 3: (None, True)}, (inf, -inf), 1, 2.0], shape=1)"}`;
    const file = await readConfigFile(name, makeFolder({ [name]: text }).world);
    const command: UserCommand = { words: ["./a"], priors: file!.priors, config: file!.template };
    const written = (value: ParamValue) => build(command, { "/b": [value] }, "/w/c").configText;
    expect(written([0.5, 1, 2])).toBe(`{"b": [[${numbers}]]}`);
    expect(written({ k: 1, 3: [null, true] })).toBe(`{"b": [${mapping}]}`);
    expect(written([Infinity, -Infinity])).toBe(`{"b": [[${infinite}]]}`);
  });

  it("writes other text as the command line would have it", async () => {
    const file = await readConfigFile(
      "c.ini",
      makeFolder({ "c.ini": "a=lr~uniform(0, 1) {trial.id} s~choices(['x'], shape=2)" }).world,
    );
    const command: UserCommand = { words: ["./a"], priors: file!.priors, config: file!.template };
    const { configText } = build(command, { "/lr": 1e-5, "/s": ["x", "x"] }, "/w/c.ini");
    expect(configText).toBe("a=1e-05 {trial.id} ['x', 'x']");
  });

  it("asks for a path when the command has a configuration file", () => {
    expect(() => build({ words: ["./a", { kind: "config" }], priors: {} }, {})).toThrow(RangeError);
  });
});

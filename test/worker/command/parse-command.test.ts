import { describe, expect, it } from "vitest";
import { ConfigurationError, UsageError } from "../../../src/errors.js";
import { parseCommand, requirePriors } from "../../../src/worker/command/parse-command.js";
import { restoreCommand } from "../../../src/worker/command/user-command.js";
import { makeFolder, program } from "./make-folder.js";

const files = {
  "train.py": program,
  "c.yaml": "lr: 'orion~uniform(0, 1)'\nname: k\n",
  "plain.yaml": "a: 1\n",
  "c.json": '{"b": "orion~uniform(0, 1)"}',
};

function parse(words: readonly string[], configOption?: string) {
  const { world } = makeFolder(files);
  return parseCommand(["./train.py", ...words], { world, ...(configOption === undefined ? {} : { configOption }) });
}

describe("parseCommand", () => {
  it("keeps every word that is no prior", async () => {
    const words = [
      "--shift",
      "-0.5",
      "--a=b=c",
      "--conf",
      "a",
      "two words",
      "{",
      "--config",
      "none.yaml",
      "--a",
      "--a",
    ];
    expect(await parse(words)).toEqual({ script: "./train.py", words: ["./train.py", ...words], priors: {} });
  });

  it("survives JSON", async () => {
    const command = await parse(["--config", "c.yaml", "-x~uniform(0, 1)"]);
    expect(restoreCommand(JSON.parse(JSON.stringify(command)))).toStrictEqual(command);
  });

  it.each([
    [
      ["--config", "c.yaml"],
      ["--config", { kind: "config" }],
    ],
    [
      ["-v", "--config=c.yaml", "b"],
      ["-v", "--config", { kind: "config" }, "b"],
    ],
  ])("takes the priors of the configuration file in %j", async (words, out) => {
    const command = await parse(words);
    expect(command.words).toEqual(["./train.py", ...out]);
    expect(command.priors).toEqual({ "/lr": "uniform(0, 1)" });
    expect(command.config).toEqual({
      name: "c.yaml",
      format: "yaml",
      pieces: ["lr: ", { dimension: "/lr" }, "\nname: k\n"],
      constants: { "/name": '"k"' },
    });
  });

  it.each([["plain.yaml"], ["none.yaml"], ["."]])(
    "leaves the word alone when %s is no file with priors",
    async (path) => {
      const command = await parse(["--config", path]);
      expect(command.words).toEqual(["./train.py", "--config", path]);
      expect(command.config).toBeUndefined();
    },
  );

  it("lets another option carry the configuration file", async () => {
    expect((await parse(["--config", "c.yaml", "-s", "c.json"], "s")).priors).toEqual({ "/b": "uniform(0, 1)" });
    expect((await parse(["--config", "c.yaml"], "settings")).config).toBeUndefined();
  });

  it.each([["--lr~uniform(0, 2)"], ["--lr~-"]])("refuses a dimension of the file in %s", async (word) => {
    const failure = expect(parse(["--config", "c.yaml", word])).rejects;
    await failure.toThrow('Dimension "/lr" is defined twice: on the command line and in c.yaml.');
    await failure.toBeInstanceOf(UsageError);
  });

  it("refuses priors in two configuration files", async () => {
    await expect(parse(["--config", "c.yaml", "--config", "c.json"])).rejects.toThrow(/"c\.yaml" and "c\.json"/);
    expect((await parse(["--config", "plain.yaml", "--config", "c.json"])).config?.name).toBe("c.json");
  });
});

describe("requirePriors", () => {
  it("refuses a command that has nothing to tune", async () => {
    for (const words of [["-x", "1"], ["-x~-"]]) {
      const command = await parse(words);
      expect(() => requirePriors(command)).toThrow(ConfigurationError);
      expect(() => requirePriors(command)).toThrow(/No prior found/);
    }
  });

  it("accepts a prior on the command line or in the file", async () => {
    requirePriors(await parse(["-x~uniform(0, 1)"]));
    requirePriors(await parse(["--config", "c.yaml"]));
  });
});

describe("restoreCommand", () => {
  it.each([[undefined], [null], ["./train.py"], [{}], [{ words: [], priors: {} }], [{ words: ["a"] }]])(
    "finds no command in %j",
    (stored) => {
      expect(restoreCommand(stored)).toBeUndefined();
    },
  );
});

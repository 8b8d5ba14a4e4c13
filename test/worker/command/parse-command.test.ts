import { describe, expect, it } from "vitest";
import { ConfigurationError, UsageError } from "../../../src/errors.js";
import { parseSpace } from "../../../src/space/parse-space.js";
import { parseCommand, requireDistinctWords, requirePriors } from "../../../src/worker/command/parse-command.js";
import { restoreCommand } from "../../../src/worker/command/user-command.js";
import { makeFolder, program } from "./make-folder.js";

const files = {
  "train.py": program,
  "c.yaml": "lr: 'orion~uniform(0, 1)'\nname: k\n",
  "plain.yaml": "a: 1\n",
  "same.txt": "x~choices([1, '1', 'a'])",
  "same.yaml": "x: orion~choices([1, '1', 'a'])",
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
  const openWorld = () =>
    makeFolder({
      ...files,
      "torn.yaml": "a: 1\nb: [1\n",
      "notes.txt": "a: orion~uniform(0, 1)\n",
      "c.ini": "[a]\nb = b~uniform(0, 1)\n",
      "plain.ini": "[a]\nhome = ~/uniform\n",
      "data/x": "",
    }).world;
  const judge = async (...words: string[]) => {
    const world = openWorld();
    return requirePriors(await parseCommand(["./train.py", ...words], { world }), { world });
  };

  it.each([
    [
      ["--lr~", "uniform(0, 1)"],
      `"uniform(0, 1)" is passed on as it is; a prior would be written --lr~'uniform(0, 1)'`,
    ],
    [["--lr=loguniform(1e-5, 1)"], `"--lr=loguniform(1e-5, 1)" is passed on as it is; a prior would be written --lr~'`],
    [["--lr", "~uniform(0, 1)"], "a prior would be written --lr~'uniform(0, 1)'."],
    [["--lr=~choices(['a'])"], "a prior would be written --lr~'choices(['a'])'."],
    [["normal(0, 1)"], "a prior would be written orion~'normal(0, 1)'."],
    [["--lr=gaussian(0, 1)"], "a prior would be written --lr~'gaussian(0, 1)'."],
    [["lr=uniform(0, 1)"], "a prior would be written lr=orion~'uniform(0, 1)'."],
    [["lr~uniform(0, 1)"], "a prior would be written --lr~'uniform(0, 1)' or lr=orion~'uniform(0, 1)'."],
    [
      ["-c", "c.ini"],
      "c.ini holds priors and is passed on as it is; to have it filled in, add --user-script-config c.",
    ],
    [
      ["--cfg", "c.yaml"],
      "c.yaml holds priors and is passed on as it is; to have it filled in, add --user-script-config cfg.",
    ],
    [["--cfg=c.json"], "add --user-script-config cfg."],
    [["c.yaml"], "put --config in front of it."],
  ])(
    "points at %j, which looks like a prior: with a real one in a note, else in the error",
    async (words, sentence) => {
      await expect(judge(...words)).rejects.toMatchObject({ remedy: expect.stringContaining(sentence) });
      expect(await judge("-x~uniform(0, 1)", ...words)).toEqual([expect.stringContaining(sentence)]);
    },
  );

  it.each([
    [["--config", "gone.yaml"], 'The file "gone.yaml" of --config does not exist.'],
    [["--config=data"], 'The file "data" of --config is a directory.'],
    [["--config", "torn.yaml"], "The configuration file torn.yaml is not YAML"],
    [["--config", "plain.yaml"], 'The file "plain.yaml" of --config holds no prior, such as lr: "orion~'],
  ])("says what is wrong with the file of %j when nothing else is a prior", async (words, sentence) => {
    await expect(judge(...words)).rejects.toMatchObject({ remedy: expect.stringContaining(sentence) });
    expect(await judge("-x~uniform(0, 1)", ...words)).toEqual([]);
  });

  it.each([
    [["--mode=uniform"]],
    [["--f", "normal(x) + 1"]],
    [["--data", "plain.yaml"]],
    [["-c", "plain.ini"]],
    [["cfg=c.yaml"]],
    [["--notes", "notes.txt"]],
  ])("makes nothing of %j", async (words) => expect(await judge("-x~uniform(0, 1)", ...words)).toEqual([]));

  it("refuses a command that has nothing to tune", async () => {
    for (const words of [["-x", "1"], ["-x~-"]]) {
      await expect(judge(...words)).rejects.toThrow(ConfigurationError);
      await expect(judge(...words)).rejects.toThrow(/No prior found/);
    }
  });

  it("accepts a prior on the command line or in the file", async () => {
    for (const words of [["-x~uniform(0, 1)"], ["--config", "c.yaml"]]) {
      expect(await judge(...words)).toEqual([]);
    }
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

describe("requireDistinctWords", () => {
  const check = async (words: readonly string[]) => {
    const command = await parse(words);
    requireDistinctWords(command, parseSpace(command.priors));
  };
  const same = "choices([1, '1', 'a'])";

  it("refuses categories that are one word of the command line, or of a text", async () => {
    for (const words of [[`--x~${same}`], ["--x", `orion~${same}`], ["--config", "same.txt"]]) {
      await expect(check(words)).rejects.toThrow(`the program gets the same word "1" for 1 and for '1'.`);
    }
  });

  it("accepts them where the program can tell them apart", async () => {
    await check(["--config", "same.yaml"]);
    await check(["--x~choices([1, '1'], shape=2)"]);
    await check(["--x~choices([1, True, 'a'])"]);
  });
});

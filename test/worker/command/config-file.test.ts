import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { UsageError } from "../../../src/errors.js";
import { readConfigFile } from "../../../src/worker/command/config-file.js";
import type { ConfigTemplate } from "../../../src/worker/command/user-command.js";
import { makeFolder } from "./make-folder.js";

function read(name: string, text: string) {
  return readConfigFile(name, makeFolder({ [name]: text }).world);
}

/** The template with `<name>` where values go. */
function mark(template: ConfigTemplate | undefined): string | undefined {
  return template?.pieces.map((piece) => (typeof piece === "string" ? piece : `<${piece.dimension}>`)).join("");
}

describe("readConfigFile, YAML", () => {
  const text = `# rates
lr:   'orion~loguniform(1e-5, 1)'   # the rate
model: {name: k, layers: ["orion~uniform(1, 5, discrete=True)", 0x3, 1e-3]}
block:
  - >-
    orion~uniform(0,
    1)
  - plain: rate~normal(0, 1)
path: ~/data
null: ~
text: a~b
copy: &x orion~uniform(0, 2)
again: *x
version: 1.10
`;

  it("cuts out the priors and keeps everything else to the letter", async () => {
    const file = await read("c.yaml", text);
    expect(file?.priors).toEqual({
      "/lr": "loguniform(1e-5, 1)",
      "/model/layers/0": "uniform(1, 5, discrete=True)",
      "/block/0": "uniform(0, 1)",
      "/block/1/plain": "normal(0, 1)",
      "/copy": "uniform(0, 2)",
    });
    expect(mark(file?.template)).toBe(
      text
        .replace("'orion~loguniform(1e-5, 1)'", "</lr>")
        .replace('"orion~uniform(1, 5, discrete=True)"', "</model/layers/0>")
        .replace(">-\n    orion~uniform(0,\n    1)", "</block/0>")
        .replace("rate~normal(0, 1)", "</block/1/plain>")
        .replace("orion~uniform(0, 2)", "</copy>"),
    );
  });

  it("reads all documents of a file, with any line ends and a byte order mark", async () => {
    const file = await read("c.yml", "\uFEFFa: 1\r\n---\r\nlr: 'orion~uniform(0, 1)'\r\n");
    expect(mark(file?.template)).toBe("\uFEFFa: 1\r\n---\r\nlr: </lr>\r\n");
  });

  it("names file and line of a mistake", async () => {
    await expect(read("c.yaml", "a: 1\nb: 'orion~uniform(0, 1)'\nc: [1\n")).rejects.toThrow(/c\.yaml .*at line [34]/);
    await expect(read("c.yaml", "a: 1\nb: 'orion~uniform(0, 1)'\nc: [1\n")).rejects.toBeInstanceOf(UsageError);
  });

  it("puts its value, or null, in the place of a dimension that was removed", async () => {
    const file = await read(
      "c.yaml",
      "a: orion~-\nb: orion~-1e-7\nc: orion~>d\nd: orion~uniform(0, 1)\ne: orion~-adam\n",
    );
    expect(mark(file?.template)).toBe('a: null\nb: 1.0e-07\nc: null\nd: </d>\ne: "adam"\n');
    expect(file?.priors).toEqual({ "/a": "-", "/b": "-1e-7", "/c": ">d", "/d": "uniform(0, 1)", "/e": "-adam" });
  });

  it("reads any document that a YAML library writes", async () => {
    const leaf = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.string(), fc.constant(null));
    const data = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(leaf, fc.array(leaf)));
    await fc.assert(
      fc.asyncProperty(data, async (document) => {
        const file = await read("c.yaml", stringify({ ...document, lr: "orion~uniform(0, 1)" }));
        expect(parse(mark(file?.template)!)).toEqual(parse(stringify({ ...document, lr: "</lr>" })));
      }),
      { numRuns: 50 },
    );
  });
});

describe("readConfigFile, JSON", () => {
  it("cuts out the priors and keeps everything else to the letter", async () => {
    const text =
      '{ "opt": {"lr": "orion~uniform(2, 3)", "big": 12345678901234567890, "x": 1.0, "y": -Infinity, "z": NaN},\n\t"tags": ["a~b", "orion~choices([\\"u\\"])"] }';
    const file = await read("c.json", text);
    expect(file?.priors).toEqual({ "/opt/lr": "uniform(2, 3)", "/tags/1": 'choices(["u"])' });
    expect(mark(file?.template)).toBe(
      text.replace('"orion~uniform(2, 3)"', "</opt/lr>").replace('"orion~choices([\\"u\\"])"', "</tags/1>"),
    );
  });

  it.each([
    ['{\n"a": "orion~uniform(0, 1)",\n}', 'expected a key in double quotes, found "}" at line 3'],
    ['{"a": "orion~uniform(0, 1)"', 'expected "," or "}", found the end at line 1'],
    ['{"a": ~a}', 'expected a value, found "~" at line 1'],
    ['{"a" "~a"}', 'expected ":", found """ at line 1'],
    ['{"a": "~a"} 2', 'expected the end, found "2" at line 1'],
  ])("names file and line of a mistake: %s", async (text, message) => {
    await expect(read("c.json", text)).rejects.toThrow(`The configuration file c.json is not JSON: ${message}.`);
  });

  it("accepts and keeps exactly what JSON.parse accepts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.nat(4), async (text, indent) => {
        const document = { data: JSON.parse(text), lr: "orion~uniform(0, 1)" };
        const file = await read("c.json", JSON.stringify(document, null, indent));
        expect(mark(file?.template)).toBe(
          JSON.stringify(document, null, indent).replace('"orion~uniform(0, 1)"', "</lr>"),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("readConfigFile, other text", () => {
  it("finds several priors on a line and lets other braces be", async () => {
    const text = "[net] {a}\nrate = lr~uniform(0, 1), m/b~choices(['a)', (1)]) # {b}\nx=1 /top~normal(0, 1)";
    const file = await read("c.ini", text);
    expect(file?.priors).toEqual({
      "/lr": "uniform(0, 1)",
      "/m/b": "choices(['a)', (1)])",
      "/top": "normal(0, 1)",
    });
    expect(mark(file?.template)).toBe("[net] {a}\nrate = </lr>, </m/b> # {b}\nx=1 </top>");
  });

  it("lets a prior go over several lines", async () => {
    const file = await read("c.toml", "a = k~choices([\n  'u',\n  'v'])\nb = 1\n");
    expect(mark(file?.template)).toBe("a = </k>\nb = 1\n");
  });

  it("ends a prior without its bracket at the end of the line, for the error to show", async () => {
    expect((await read("c.txt", "a = lr~uniform(0, 1\nb = 2"))?.priors).toEqual({ "/lr": "uniform(0, 1" });
  });

  it("puts the value, or nothing, in the place of a dimension that was removed", async () => {
    const file = await read("c.txt", "a = a~-\nb = b~-0.5;\nc = c~>d\nd = d~+uniform(0, 1)\n");
    expect(mark(file?.template)).toBe("a = \nb = 0.5;\nc = \nd = </d>\n");
  });

  it.each(["home = ~/data", "https://host/~user(x)", "a ~ b(c)", "file~", "A::~A()"])(
    "sees no prior in %s",
    async (text) => {
      expect(await read("c.txt", text)).toBeUndefined();
    },
  );
});

describe("readConfigFile", () => {
  it.each([
    ["c.yaml", "broken: [~, ~/data"],
    ["c.json", "not JSON"],
  ])("does not read a file without anything like a prior: %s", async (name, text) => {
    expect(await read(name, text)).toBeUndefined();
    await expect(read(name, `${text}: orion~uniform(0, 1)`)).rejects.toThrow(/is not (YAML|JSON)/);
  });

  it("refuses a file with priors that is not UTF-8, since it could not be kept to the letter", async () => {
    await expect(read("c.txt", "lr~uniform(0, 1) \uFFFD")).rejects.toThrow(
      "The configuration file c.txt is not UTF-8.",
    );
  });

  it("names a dimension that stands in the file twice, and both lines", async () => {
    await expect(read("c.txt", "lr~uniform(0, 1)\n\n/lr~uniform(0, 2)")).rejects.toThrow(
      'Dimension "/lr" is defined twice in c.txt: at line 1 and at line 3.',
    );
    await expect(read("c.json", '{"a/b": "orion~normal(0, 1)", "a": {"b": "orion~normal(0, 1)"}}')).rejects.toThrow(
      /"\/a\/b" is defined twice/,
    );
    // As it would be written in YAML.
    const typed = read("c.ini", "lr = orion~uniform(0, 1)\nrate = orion~uniform(0, 1)");
    await expect(typed).rejects.toMatchObject({
      remedy: expect.stringContaining("in front of the ~: lr~uniform(0, 1)"),
    });
  });

  it("names a file that cannot be read", async () => {
    await expect(readConfigFile("none.yaml", makeFolder().world)).rejects.toThrow(
      /none\.yaml cannot be read: there is no such file or folder\.$/,
    );
  });
});

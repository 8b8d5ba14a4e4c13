import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../src/cli/program.js";
import { commands } from "../../src/cli/registry.js";
import { temporaryFolder } from "../temporary-folder.js";
import { runOrion } from "./fake-terminal.js";

const run = (...words: string[]) => runOrion(words, { folder: temporaryFolder() });

describe("help", () => {
  it("of orion lists every command with its summary, on standard output", async () => {
    const { code, out, err } = await run();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Usage: orion/);
    for (const [name, { summary }] of Object.entries(commands)) {
      if (!name.includes(" ")) expect(out).toContain(`${name.padEnd(15)} ${summary}`);
    }
    expect((await run("--help")).out).toBe(out);
  });

  it("of a group lists its commands", async () => {
    const { code, out } = await run("db");
    expect(code).toBe(0);
    for (const word of ["setup", "test", "rm", "set", "upgrade", "dump", "load"]) expect(out).toMatch(` ${word} `);
  });

  it.each(["insert", "completion"])("is what %s shows when nothing else is said", async (name) => {
    const { code, out } = await run(name);
    expect(code).toBe(0);
    expect(out).toMatch(`Usage: orion ${name}`);
    expect(out).toMatch("Example");
  });

  it.each(Object.keys(commands).filter((name) => !["hunt", "db dump", "db load"].includes(name)))(
    "of %s describes each option in one line, and ends with an example",
    async (name) => {
      const { code, out } = await run(...name.split(" "), "--help");
      expect(code).toBe(0);
      const options = out.slice(out.indexOf("Options:"), out.indexOf("\n\n", out.indexOf("Options:"))).split("\n");
      expect(options.length).toBeGreaterThan(1);
      for (const line of options.slice(1)) expect(line).toMatch(/^ {2}-\S.* {2}\S/);
      expect(out).toMatch(new RegExp(`Examples?:\\n.*orion ${name}`, "s"));
    },
  );
});

it("-V prints name and version", async () => {
  expect(await run("-V")).toEqual({ code: 0, out: expect.stringMatching(/^orion \d+\.\d+\.\d+\n$/), err: "" });
});

describe("words that cannot be understood end with exit code 2 and one that was nearly right", () => {
  it.each([
    [["hutn"], "Unknown command 'hutn' (did you mean 'hunt'?)", "orion --help"],
    [["db", "tset"], "Unknown command 'db tset' (did you mean 'db test'?)", "orion db --help"],
    [["hun", "-n", "e1"], "Unknown command 'hun' (did you mean 'hunt'?)", "orion --help"],
    [["db", "tset", "-n", "e1"], "Unknown command 'db tset' (did you mean 'db test'?)", "orion db --help"],
    [["hunt", "-n", "--exp-max-trials", "--worker-max-trials", "1"], "--name needs a value", "--name=--exp-max-trials"],
    [["db", "dump", "-o", "--force"], "--output needs a value, and --force follows", "--output=--force"],
    [["info", "-n", "-v=1"], "--name needs a value", "--name=-v=1"],
    [["--logdir", "-d", "list"], "--logdir needs a value", "--logdir=-d"],
    [["hunt", "-n", "--", "./train.py"], "--name needs a value, and -- follows", "--name=--"],
    [["insert", "-n", "x", "--lr=0.1"], "Unknown option '--lr=0.1'", "or two dashes: orion insert -n NAME -- --lr=0.1"],
    [["insert", "-n", "x", "-x", "1"], "Unknown option '-x'", "orion insert -n NAME -- --lr=0.1"],
    [
      ["hunt", "-n", "x", "--lr~uniform(0, 1)", "./train.py"],
      "Unknown option '--lr~uniform(0, 1)'",
      "follow the script",
    ],
    [["hunt", "-d", "-n", "x"], "Unknown option '-d'", "Write it before the command: orion -d hunt"],
    [["status", "-c", "gone.yaml"], "there is no such file", "Check the path after -c"],
    [["status", "-c", "."], "it is a directory", "Check the path after -c"],
    [["db", "test", "--debug"], "Unknown option '--debug'", "orion --debug db test"],
    [["db", "release", "x", "-f"], "Unknown command 'db release'", "Nothing is ever locked"],
    [["db", "--nope"], "Unknown option '--nope'", "orion db --help"],
    [["--ver"], "--ver could be --version or --verbose", "letters more"],
    [["db", "wipe"], "Unknown command 'db wipe'.", "orion db --help"],
    [["status", "--no-such-option"], "Unknown option '--no-such-option'", "orion status --help"],
    [["status", "--naem", "x"], "(did you mean --name?)", "orion status --help"],
    [["list", "demo"], "Too many arguments for 'list'", "orion list --help"],
    [["db", "rm"], "Missing required argument 'name'", "orion db rm --help"],
    [["status", "-v", "1.5"], '--version takes a whole number from 1 on, not "1.5"', "--version 10"],
    [["completion", "csh"], "Allowed choices are bash, zsh, fish", "orion completion --help"],
  ])("%j", async (words, message, remedy) => {
    const { code, out, err } = await run(...words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^Error: /);
    expect(err).toContain(message);
    expect(err).toContain(remedy);
  });

  it("and are JSON on standard error when JSON was asked for", async () => {
    const { err } = await run("status", "--json", "--nope");
    expect(JSON.parse(err)).toMatchObject({ error: { code: "COMMAND_LINE" } });
  });
});

describe("abbreviations", () => {
  it("stand for the only option that begins so", async () => {
    expect((await run("status", "--exp", "--js")).out).toBe("[]\n");
  });

  it("are refused when two options begin so", async () => {
    const { code, err } = await run("status", "--co", "x");
    expect(code).toBe(2);
    expect(err).toContain("--co could be --config or --collapse");
  });

  it("keep what stands behind an equals sign", async () => {
    expect((await run("list", "--stor=memory:", "--json")).out).toBe("[]\n");
  });

  it("leave the value of an option alone", async () => {
    const { code, err } = await run("info", "-n", "--co");
    expect(code).toBe(1);
    expect(err).toContain('"--co"');
  });

  it("stand for options of orion itself too", async () => {
    expect((await run("--deb", "status", "--js")).out).toBe("[]\n");
  });

  it("leave a value alone that only looks like an option", async () => {
    expect((await run("info", "--name=--json")).err).toContain('no experiment "--json"');
    expect((await run("info", "-n", "-5")).err).toContain('no experiment "-5"');
  });

  it("take the value of one letter behind an equals sign, as they take that of a word", async () => {
    expect((await run("info", "-n=demo")).err).toContain('no experiment "demo"');
    expect((await run("info", "-n=a=b")).err).toContain('no experiment "a=b"');
    expect((await run("info", "-v=0")).err).toContain('not "0"');
    expect((await run("info", "-n=demo", "-n", "=demo")).err).toContain('no experiment "=demo"');
    expect((await run("insert", "-n=demo", "./x", "-n=1")).err).toContain('no experiment "demo"');
  });

  it("leave the words of a script alone", async () => {
    const { err } = await run("insert", "--na", "demo", "./x", "--na=1");
    expect(err).toContain('There is no experiment "demo"');
  });
});

describe("init_only of Oríon", () => {
  it("is hunt --init-only, with a warning", async () => {
    const folder = temporaryFolder();
    const words = ["-n", "demo", "/bin/true", "--lr~uniform(0, 1)"];
    expect(await runOrion(["-v", "init_only", ...words], { folder })).toEqual({
      code: 0,
      out: "",
      err: "Warning: init_only is deprecated; use hunt --init-only.\n",
    });
    expect((await runOrion(["status", "-n", "demo"], { folder })).out).toMatch(/^demo-v1\n=======\nempty/);
  });

  it("shows the help when nothing else is said", async () => {
    const { code, out } = await run("init_only");
    expect([code, out]).toEqual([0, (await run("hunt")).out]);
  });

  it("may be the first word of a script", async () => {
    expect((await run("insert", "-n", "demo", "init_only")).err).not.toContain("deprecated");
  });
});

describe("the command", () => {
  it.each([
    [["hunt", "-n", "x"], { name: "hunt", end: 1 }],
    [["-vv", "--logdir", "list", "status"], { name: "status", end: 4 }],
    [["--logdir=list", "-d", "db", "rm", "x"], { name: "db rm", end: 4 }],
    [["db"], undefined],
    [["constructor"], undefined],
  ])("of %j is found", (words, command) => {
    expect(findCommand(words)).toEqual(command);
  });
});

it("every file of the commands' folder is registered under its name", () => {
  const files = readdirSync(new URL("../../src/cli/commands", import.meta.url)).map((file) => file.replace(".ts", ""));
  expect(files.sort()).toEqual(
    Object.keys(commands)
      .map((name) => name.replace(" ", "-"))
      .sort(),
  );
});

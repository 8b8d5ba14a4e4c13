import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../../src/cli/registry.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion, seed, sketch } from "../fake-terminal.js";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const script = async (shell: string) => (await runOrion(["completion", shell], { folder: temporaryFolder() })).out;

describe("bash", () => {
  let bash: string;
  beforeAll(async () => {
    bash = await script("bash");
  });

  /** What bash offers for the last word; an `orion` in the path knows the experiments mnist and "cifar". */
  function complete(...words: string[]): string[] {
    const fake = join(folder, "orion");
    writeFileSync(fake, '#!/bin/sh\n[ "$*" = "completion --experiments" ] && echo mnist && echo cifar\n');
    chmodSync(fake, 0o755);
    writeFileSync(join(folder, "completion.bash"), bash);
    const list = words.map((word) => `'${word}'`).join(" ");
    const program = `set -u; source ./completion.bash; COMP_WORDS=(orion ${list}); COMP_CWORD=${words.length}
      COMPREPLY=(); _orion; printf '%s\\n' "\${COMPREPLY[@]-}"`;
    const options = { cwd: folder, env: { PATH: `${folder}:/usr/bin:/bin` }, encoding: "utf8" } as const;
    return execFileSync("bash", ["--norc", "-c", program], options).split("\n").filter(Boolean);
  }

  it("registers the function", () => {
    writeFileSync(join(folder, "completion.bash"), bash);
    const options = { cwd: folder, encoding: "utf8" } as const;
    const out = execFileSync("bash", ["--norc", "-c", "source ./completion.bash; complete -p orion"], options);
    expect(out.trim()).toBe("complete -o default -F _orion orion");
  });

  it("offers every command", () => {
    const first = new Set(Object.keys(commands).map((name) => name.split(" ")[0]!));
    expect(complete("").sort()).toEqual([...first].sort());
    expect(complete("st")).toEqual(["status"]);
    expect(complete("-v", "--logdir", "db", "in")).toEqual(["insert", "info"]);
    expect(complete("db", "").sort()).toEqual(["check", "dump", "load", "rm", "set", "setup", "test", "upgrade"]);
  });

  it("offers the options of the command, and those of orion before it", () => {
    expect(complete("--")).toEqual(expect.arrayContaining(["--debug", "--logdir", "--help", "--version"]));
    expect(complete("status", "--e")).toEqual(["--expand-versions"]);
    expect(complete("list", "-n", "mnist", "--js")).toEqual(["--json"]);
    expect(complete("db", "rm", "mnist", "--st")).toEqual(["--storage", "--status"]);
    expect(complete("hunt", "--exp-max-t")).toEqual(["--exp-max-trials"]);
    expect(complete("completion", "--exp")).toEqual([]);
  });

  it("offers the names of experiments where one is expected", () => {
    expect(complete("info", "-n", "")).toEqual(["mnist", "cifar"]);
    expect(complete("hunt", "--name", "c")).toEqual(["cifar"]);
    expect(complete("status", "--name", "=", "m")).toEqual(["mnist"]);
    expect(complete("status", "--name", "=")).toEqual(["mnist", "cifar"]);
    expect(complete("db", "set", "")).toEqual(["mnist", "cifar"]);
    expect(complete("db", "rm", "-v", "1", "m")).toEqual(["mnist"]);
    expect(complete("db", "set", "mnist", "")).toEqual([]);
  });

  it("offers the shells", () => {
    expect(complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  it("leaves scripts, files and free values to the shell", () => {
    expect(complete("hunt", "")).toEqual([]);
    expect(complete("hunt", "-n", "a", "./x", "--exp")).toEqual([]);
    expect(complete("insert", "-n", "a", "./x", "-")).toEqual([]);
    expect(complete("status", "-c", "")).toEqual([]);
    expect(complete("hunt", "--exp-max-trials", "")).toEqual([]);
    expect(complete("nonsense", "")).toEqual([]);
  });
});

/** Not of this project, and not on every machine. */
const shells = { zsh: "zsh", fish: "fish" } as const;

const hasShell = (name: string) => {
  try {
    execFileSync(name, ["-c", "true"]);
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(!hasShell(shells.zsh))("zsh (skipped where there is none)", () => {
  it("reads the script", async () => {
    writeFileSync(join(folder, "completion.zsh"), await script("zsh"));
    execFileSync(shells.zsh, ["-f", "-e", "-c", "source ./completion.zsh; (( $+functions[_orion] ))"], { cwd: folder });
  });
});

describe.skipIf(!hasShell(shells.fish))("fish (skipped where there is none)", () => {
  it("offers commands and options", async () => {
    writeFileSync(join(folder, "completion.fish"), await script("fish"));
    const ask = (line: string) =>
      execFileSync(shells.fish, ["-N", "-c", `source ./completion.fish; complete -C '${line}'`], {
        cwd: folder,
        encoding: "utf8",
      });
    expect(ask("orion st")).toMatch(/^status\t/);
    expect(ask("orion db up")).toMatch(/^upgrade\t/);
    expect(ask("orion status --exp")).toMatch(/^--expand-versions\t/);
  });
});

it("gives fish a line for each command and option", async () => {
  const fish = await script("fish");
  expect(fish).toContain(
    "complete -c orion -n '__fish_use_subcommand' -a 'status' -d 'show how far experiments are'\n",
  );
  expect(fish).toContain(
    "complete -c orion -n '__fish_seen_subcommand_from status' -l name -s n -r " +
      "-a '(orion completion --experiments 2>/dev/null)' -d 'only the experiment of this name'\n",
  );
});

it("lists the names of experiments, each once, for the shells", async () => {
  await seed(folder, async (storage) => {
    await storage.createExperiment(sketch("b"));
    await storage.createExperiment(sketch("a"));
    await storage.createExperiment(sketch("a", { version: 2 }));
  });
  expect(await runOrion(["completion", "--experiments"], { folder })).toEqual({ code: 0, out: "a\nb\n", err: "" });
});

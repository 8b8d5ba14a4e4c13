import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
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

/** What bash takes for the word, and replaces: behind an open quote, else behind a blank, a = or a :. */
function breakAsBash(line: string): { start: string; replaced: string; open: string } {
  const [, open = "", quoted = ""] = /^[^'"]*(?:(['"])([^'"]*))?$/.exec(line) ?? [];
  const [bare] = /(\\.|[^\s=:'"\\])*$/.exec(line)!;
  const replaced = open === "" ? bare : quoted;
  return { start: line.slice(0, line.length - replaced.length), replaced, open };
}

describe("bash", () => {
  let bash: string;
  beforeAll(async () => {
    bash = await script("bash");
  });

  /** What bash offers for the last word of a line; an `orion` in the path knows these experiments. */
  function complete(line: string, names = ["mnist", "cifar"]): string[] {
    writeFileSync(join(folder, "names"), names.map((name) => `${name}\0`).join(""));
    const fake = join(folder, "orion");
    writeFileSync(fake, '#!/bin/sh\n[ "$*" = "completion --experiments" ] && cat names\n');
    chmodSync(fake, 0o755);
    writeFileSync(join(folder, "completion.bash"), bash);
    const { replaced } = breakAsBash(line);
    const program = `set -u; source ./completion.bash; COMP_LINE=$1 COMP_POINT=\${#1}
      _orion orion "$2" before; printf '%s\\0' "\${COMPREPLY[@]-}"`;
    const options = {
      cwd: folder,
      env: { PATH: `${folder}:/usr/bin:/bin`, LC_ALL: "C.UTF-8" },
      encoding: "utf8",
    } as const;
    const offered = execFileSync("bash", ["--norc", "-c", program, "bash", line, replaced], options);
    return offered.split("\0").filter(Boolean);
  }

  /** The last word of the line once bash has put its one offer there, as a command would get it. */
  function accept(line: string, name: string): string {
    const [offer] = complete(line, [name]);
    const { start, open } = breakAsBash(line);
    const program = `eval "set -- $1"; printf %s "\${!#}"`;
    return execFileSync("bash", ["--norc", "-c", program, "bash", `${start}${offer}${open}`], {
      cwd: folder,
      encoding: "utf8",
    });
  }

  it("registers the function", () => {
    writeFileSync(join(folder, "completion.bash"), bash);
    const options = { cwd: folder, encoding: "utf8" } as const;
    const out = execFileSync("bash", ["--norc", "-c", "source ./completion.bash; complete -p orion"], options);
    expect(out.trim()).toBe("complete -o default -F _orion orion");
  });

  it("offers every command", () => {
    const first = new Set(Object.keys(commands).map((name) => name.split(" ")[0]!));
    expect(complete("orion ").sort()).toEqual([...first].sort());
    expect(complete("orion st")).toEqual(["status"]);
    expect(complete("orion -v --logdir db in")).toEqual(["insert", "info"]);
    expect(complete("orion db ").sort()).toEqual(["check", "dump", "load", "rm", "set", "setup", "test", "upgrade"]);
  });

  it("offers the options of the command, and those of orion before it", () => {
    expect(complete("orion --")).toEqual(expect.arrayContaining(["--debug", "--logdir", "--help", "--version"]));
    expect(complete("orion status --e")).toEqual(["--expand-versions"]);
    expect(complete("orion list -n mnist --js")).toEqual(["--json"]);
    expect(complete("orion db rm mnist --st")).toEqual(["--storage", "--status"]);
    expect(complete("orion hunt --exp-max-t")).toEqual(["--exp-max-trials"]);
    expect(complete("orion completion --exp")).toEqual([]);
  });

  it("offers the names of experiments where one is expected", () => {
    expect(complete("orion info -n ")).toEqual(["mnist", "cifar"]);
    expect(complete("orion hunt --name c")).toEqual(["cifar"]);
    expect(complete("orion status --name=m")).toEqual(["mnist"]);
    expect(complete("orion status --name=")).toEqual(["mnist", "cifar"]);
    expect(complete("orion db set ")).toEqual(["mnist", "cifar"]);
    expect(complete("orion db rm -v 1 m")).toEqual(["mnist"]);
  });

  it("asks for the names in the database that the line names", () => {
    writeFileSync(join(folder, "completion.bash"), bash);
    writeFileSync(join(folder, "orion"), "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
    chmodSync(join(folder, "orion"), 0o755);
    const asked = (line: string) => {
      const program = `source ./completion.bash; COMP_LINE=$1 COMP_POINT=\${#1}
        _orion orion "" before; printf '%s\\0' "\${COMPREPLY[@]-}"`;
      const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: "/home/ada" };
      const options = { cwd: folder, env, encoding: "utf8" } as const;
      return execFileSync("bash", ["--norc", "-c", program, "bash", line], options).split("\0").slice(2, -1);
    };
    expect(asked("orion info -n ")).toEqual([]);
    expect(asked("orion info -c my.yaml -n ")).toEqual(["--config=my.yaml"]);
    expect(asked("orion info --config=~/my.yaml -n ")).toEqual(["--config=/home/ada/my.yaml"]);
    expect(asked("orion info --storage 'sqlite:a b' -n ")).toEqual(["--storage=sqlite:a\\ b"]);
    expect(asked("orion db set --storage=a.sqlite ")).toEqual(["--storage=a.sqlite"]);
  });

  it("offers the values that are known", () => {
    expect(complete("orion hunt --direction ")).toEqual(["minimize", "maximize"]);
    expect(complete("orion hunt --executor sl")).toEqual(["slurm"]);
    expect(complete("orion hunt --stopping n")).toEqual(["none"]);
    expect(complete("orion db rm mnist -s b")).toEqual(["broken"]);
    expect(complete("orion db load all.jsonl -r ")).toEqual(["ignore", "overwrite", "bump", "merge"]);
    expect(complete("orion db set mnist status=br")).toEqual(["broken"]); // bash breaks the word at =
    expect(complete("orion db set mnist status=broken st")).toHaveLength(6);
    expect(complete("orion db set mnist status=broken status=new ")).toEqual([]);
  });

  it("offers names as they are, and runs nothing of them", () => {
    const names = [
      "$(touch pwned)",
      "a b",
      "it's",
      'q"q',
      "`touch pwned`",
      "new\nline",
      "a:b",
      "x=y",
      "bang!x",
      "a\\b",
      "ü*",
    ];
    for (const name of names) {
      expect(accept(`orion info -n ${name[0] === "$" || name[0] === "`" ? "\\" : ""}${name[0]}`, name)).toBe(name);
      expect(accept("orion info -n '", name)).toBe(name);
      expect(accept('orion info -n "', name)).toBe(name);
      expect(accept("orion info --name=", name)).toBe(`--name=${name}`);
    }
    expect(accept("orion info -n 'a ", "a b c")).toBe("a b c");
    expect(accept("orion info -n a\\ ", "a b c")).toBe("a b c");
    expect(accept("orion info -n a:", "a:b c")).toBe("a:b c");
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  });

  it("takes a name with blanks for one word", () => {
    expect(complete("orion info -n 'a b' --js")).toEqual(["--json"]);
    expect(complete('orion info -n a\\:"b c" --js')).toEqual(["--json"]);
  });

  it("offers algorithms where one is named, and no experiments for other names", () => {
    expect(complete("orion hunt --algorithm so")).toEqual(["sobol"]);
    expect(complete("orion benchmark run -a tp")).toEqual(["tpe"]);
    expect(complete("orion hunt --user-script-config ")).toEqual([]);
  });

  it("offers the shells", () => {
    expect(complete("orion completion ")).toEqual(["bash", "zsh", "fish"]);
  });

  it("leaves scripts, files and free values to the shell", () => {
    expect(complete("orion hunt ")).toEqual([]);
    expect(complete("orion hunt -n a ./x --exp")).toEqual([]);
    expect(complete("orion insert -n a ./x -")).toEqual([]);
    expect(complete("orion status -c ")).toEqual([]);
    expect(complete("orion hunt --exp-max-trials ")).toEqual([]);
    expect(complete("orion nonsense ")).toEqual([]);
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

  it("offers names as they are", async () => {
    const names = ["$(touch pwned)", "a b", "new\nline", "-x"];
    writeFileSync(join(folder, "names"), names.map((name) => `${name}\0`).join(""));
    writeFileSync(join(folder, "orion"), "#!/bin/sh\ncat names\n");
    chmodSync(join(folder, "orion"), 0o755);
    writeFileSync(join(folder, "completion.zsh"), await script("zsh"));
    // compadd, which takes plain text, exists only while a key is handled: this one tells what it gets.
    const program = `source ./completion.zsh; compadd() { shift; print -rN -- "$@" }
      words=(orion info -n ''); CURRENT=4; PREFIX= IPREFIX=; _orion`;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const out = execFileSync(shells.zsh, ["-f", "-c", program], { cwd: folder, encoding: "utf8", env });
    expect(out.split("\0").slice(0, -1)).toEqual(names);
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  });
});

describe.skipIf(!hasShell(shells.fish))("fish (skipped where there is none)", () => {
  it("offers commands and options", async () => {
    writeFileSync(join(folder, "completion.fish"), await script("fish"));
    writeFileSync(join(folder, "names"), "a\0b\0");
    writeFileSync(
      join(folder, "orion"),
      '#!/bin/sh\ncase "$*" in *=my.yaml) printf "mine\\0" ;; *) cat names ;; esac\n',
    );
    chmodSync(join(folder, "orion"), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const ask = (line: string) =>
      execFileSync(shells.fish, ["-N", "-c", `source ./completion.fish; complete -C '${line}'`], {
        cwd: folder,
        encoding: "utf8",
        env,
      });
    const words = (line: string) =>
      ask(line)
        .split("\n")
        .map((offer) => offer.split("\t")[0])
        .filter(Boolean);
    expect(ask("orion st")).toMatch(/^status\t/);
    expect(ask("orion db up")).toMatch(/^upgrade\t/);
    expect(ask("orion status --exp")).toMatch(/^--expand-versions\t/);
    expect(words("orion --logdir db st")).toEqual(["status"]);
    expect(words("orion hunt -n list --dir")).toEqual(["--direction"]);
    expect(words("orion hunt -n a ./x --dir")).toEqual([]);
    expect(words("orion hunt --direction ").sort()).toEqual(["maximize", "minimize"]);
    expect(words("orion db rm -s b")).toEqual(["broken"]);
    expect(words("orion db set ")).toEqual(["a", "b"]);
    expect(words("orion db set a status=br")).toEqual(["status=broken"]);
    expect(words("orion db set a status=broken status=new ")).toEqual([]);
    expect(words("orion info -c my.yaml -n ")).toEqual(["mine"]);
  });

  it("offers names as they are", async () => {
    const names = ["$(touch pwned)", "a b", "it's", "new\nline", "-x"];
    writeFileSync(join(folder, "names"), names.map((name) => `${name}\0`).join(""));
    writeFileSync(join(folder, "orion"), "#!/bin/sh\ncat names\n");
    chmodSync(join(folder, "orion"), 0o755);
    writeFileSync(join(folder, "completion.fish"), await script("fish"));
    const program = "source ./completion.fish; complete -C 'orion info -n '";
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const out = execFileSync(shells.fish, ["-N", "-c", program], { cwd: folder, encoding: "utf8", env });
    for (const name of names) expect(out).toContain(`${name}\tname of the experiment\n`);
    expect(out).not.toContain("names\n");
    expect(existsSync(join(folder, "pwned"))).toBe(false);
  });
});

it("gives fish a line for each command and option", async () => {
  const fish = await script("fish");
  expect(fish).toContain("complete -c orion -n '__orion_at \":0\"' -a 'status' -d 'show how far experiments are'\n");
  expect(fish).toContain(
    "complete -c orion -n '__orion_at \"status:*\"' -l name -s n -x " +
      "-a '(__orion_experiments | string split0)' -d 'only the experiment of this name'\n",
  );
});

it("lists the names of experiments, each once, for the shells", async () => {
  await seed(folder, async (storage) => {
    await storage.createExperiment(sketch("b"));
    await storage.createExperiment(sketch("a"));
    await storage.createExperiment(sketch("a", { version: 2 }));
  });
  expect(await runOrion(["completion", "--experiments"], { folder })).toEqual({ code: 0, out: "a\0b\0", err: "" });
});

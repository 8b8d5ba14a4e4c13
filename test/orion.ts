import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The built command line; `npm test` builds it first. */
const program = resolve(import.meta.dirname, "../dist/cli/main.js");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Run {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
}

/** A user at a terminal: a folder, an empty database, a home of his own. */
export interface Desk {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly storage: string;
  /** Write an executable file; returns its path relative to the folder. */
  script(name: string, text: string): string;
  file(name: string, text: string): string;
  read(name: string): string;
  /** @param before - Words of a command that runs it. */
  start(words: readonly (string | number)[], env?: Readonly<Record<string, string>>, before?: readonly string[]): Run;
  /** Run to the end. */
  orion(...words: (string | number)[]): Promise<Ended>;
  /** Run with --json, and read what it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: only tests read it, each its own part
  json(...words: (string | number)[]): Promise<any>;
}

export function openDesk(folder: string): Desk {
  const storage = `sqlite:${join(folder, "history.sqlite")}`;
  const inherited = Object.entries(process.env).filter(([key]) => !/^(ORION|XDG_|NODE_|VITEST|npm_)/.test(key));
  const env: Record<string, string> = {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    ORION_STORAGE: storage,
    NO_COLOR: "1",
  };
  const work = join(folder, "work");
  for (const name of ["home", "tmp", "work"]) mkdirSync(join(folder, name));

  const file = (name: string, text: string): string => {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), text);
    return `./${name}`;
  };
  const start: Desk["start"] = (words, more = {}, before = []) => {
    const [command, ...rest] = [...before, process.execPath, program, ...words.map(String)];
    const child = spawn(command!, rest, {
      cwd: work,
      env: { ...env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    child.stderr.on("data", (text) => {
      err += text;
    });
    const ended = new Promise<Ended>((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal, out, err }));
    });
    return { child, pid: child.pid!, ended };
  };
  const orion = (...words: (string | number)[]) => start(words).ended;
  return {
    folder: work,
    env,
    storage,
    file,
    script: (name, text) => {
      const path = file(name, text);
      chmodSync(join(work, name), 0o755);
      return path;
    },
    read: (name) => readFileSync(join(work, name), "utf8"),
    start,
    orion,
    json: async (...words) => {
      const { code, out, err } = await orion(...words, "--json");
      if (code !== 0) throw new Error(`orion ${words.join(" ")}: exit ${code}\n${out}\n${err}`);
      return JSON.parse(out);
    },
  };
}

/** A shell script that writes down each call in calls.txt (`begin|end trial worker pid`), then reports 1. */
export function ledgerScript(body = ""): string {
  return `#!/bin/sh
echo "begin $ORION_TRIAL_ID $ORION_WORKER $$" >> calls.txt
${body}
echo '[{"name":"loss","type":"objective","value":1}]' > "$ORION_RESULTS_PATH"
echo "end $ORION_TRIAL_ID $ORION_WORKER $$" >> calls.txt
`;
}

export interface Call {
  readonly what: "begin" | "end";
  readonly trial: string;
  readonly worker: string;
  readonly pid: number;
}

export function readCalls(desk: Desk): Call[] {
  return desk
    .read("calls.txt")
    .trim()
    .split("\n")
    .map((line) => {
      const [what, trial, worker, pid] = line.split(" ") as [Call["what"], string, string, string];
      return { what, trial, worker, pid: Number(pid) };
    });
}

/** True for a process that runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Wait until something is true; the test's own time limit ends a vain wait. */
export async function until<T>(test: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const value = await test();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

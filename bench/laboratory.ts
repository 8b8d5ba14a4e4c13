import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";

/** A folder of its own for one measurement, with an empty database. */
export interface Laboratory extends Disposable {
  readonly folder: string;
  readonly storage: string;
  readonly env: NodeJS.ProcessEnv;
  script(name: string, text: string): string;
}

/** @param url - Of an empty database; else it is a file. */
export function openLaboratory(url?: string): Laboratory {
  const folder = mkdtempSync(join(tmpdir(), "orion-bench-"));
  for (const name of ["home", "out"]) mkdirSync(join(folder, name));
  const home = join(folder, "home");
  const clean = Object.entries(process.env).filter(([key]) => !/^(ORION|XDG_|npm_)/.test(key));
  const storage = url ?? `sqlite:${join(folder, "history.sqlite")}`;
  return {
    folder,
    storage,
    env: { ...Object.fromEntries(clean), HOME: home, ORION_STORAGE: storage },
    script(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      chmodSync(path, 0o755);
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The built command line. */
export const orion = resolve(import.meta.dirname, "../dist/cli/main.js");

export interface Finished {
  readonly seconds: number;
  readonly code: number | null;
  readonly output: string;
}

/** Run a program to its end. */
export async function run(
  words: readonly string[],
  lab: Pick<Laboratory, "folder" | "env">,
  input = "",
): Promise<Finished> {
  const started = performance.now();
  const child = start(words, lab);
  child.stdin!.on("error", () => {}).end(input);
  return { ...(await finished(child)), seconds: (performance.now() - started) / 1000 };
}

export function start(words: readonly string[], { folder, env }: Pick<Laboratory, "folder" | "env">): ChildProcess {
  return spawn(words[0]!, words.slice(1), { cwd: folder, env, stdio: "pipe" });
}

export async function finished(child: ChildProcess): Promise<Omit<Finished, "seconds">> {
  let output = "";
  child.stdout!.on("data", (text) => {
    output += text;
  });
  child.stderr!.on("data", (text) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, output };
}

/** `[1, 5, 2]` → 2. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Print a table in the form of Markdown, so that it can be put into the docs as it is. */
export function printTable(title: string, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const printRow = beginTable(title, header);
  for (const row of rows) printRow(row);
}

/** The same for rows that take long: each is printed as it comes. */
export function beginTable(title: string, header: readonly string[]): (row: readonly string[]) => void {
  const printRow = (cells: readonly string[]) => console.log(`| ${cells.join(" | ")} |`);
  console.log(`\n### ${title}\n`);
  printRow(header);
  printRow(header.map(() => "---"));
  return printRow;
}

/** What the numbers were measured on. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `${cpus().length} cores (${model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`;
}

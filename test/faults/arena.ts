import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { AlgorithmChoice } from "../../src/storage/storage.js";
import { faultyScript, type Places } from "./faulty-script.js";

const root = resolve(import.meta.dirname, "../..");
const program = join(root, "dist/cli/main.js");

/** What a worker is made of. */
export interface WorkerKind {
  /** The library instead of the command line. */
  readonly isLibrary?: boolean;
  /** Dies in the place of this statement of its database. */
  readonly diesAtStatement?: number;
  /** Its clock goes so many seconds ahead, negative: behind. */
  readonly clockSeconds?: number;
  readonly nWorkers?: number;
}

export interface Arena extends Places {
  readonly folder: string;
  readonly storage: string;
  readonly name: string;
  /** The database file, where it is one. */
  readonly database: string | undefined;
  /** While it holds a code, transactions fail with that error of SQLite. */
  readonly errorFile: string;
  start(kind: WorkerKind): ChildProcess;
  /** Words for `orion hunt` of the experiment. */
  readonly huntWords: readonly string[];
  orion(words: readonly string[], kind?: WorkerKind): ChildProcess;
}

interface ArenaOptions {
  /** Empty, and on a disk that may be filled. */
  readonly folder: string;
  /** URL of the database; a new SQLite file in the folder when it is left out. */
  readonly storage?: string;
  readonly name: string;
  readonly algorithm: AlgorithmChoice;
  /** Words behind the script; two real dimensions when they are left out. */
  readonly space?: readonly string[];
  readonly maxTrials: number;
  /** Where the ledger is; on a disk that is not filled. */
  readonly safeFolder: string;
  /** Another machine on which the workers run, as it were: its address of the database, and how to get there. */
  readonly elsewhere?: { readonly storage: string; readonly enter: readonly string[] };
}

/** Everything that a storm needs, with the experiment still to be created by the first worker. */
export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { folder, safeFolder, name, elsewhere } = options;
  const database = options.storage === undefined ? join(folder, "history.sqlite") : undefined;
  const storage = options.storage ?? `sqlite:${database}`;
  const places = { ledger: join(safeFolder, "ledger"), calm: join(safeFolder, "calm"), disk: folder };
  const errorFile = join(safeFolder, "error");
  for (const path of ["home", "tmp"]) mkdirSync(join(folder, path));
  writeFileSync(places.ledger, "");
  const script = join(safeFolder, "script.sh");
  writeFileSync(script, faultyScript(places));
  chmodSync(script, 0o755);
  const config = join(safeFolder, "config.json");
  writeFileSync(
    config,
    JSON.stringify({ experiment: { algorithm: { [options.algorithm.name]: options.algorithm.options } } }),
  );
  const library = await bundleLibraryWorker(safeFolder);

  const inherited = Object.entries(process.env).filter(([key]) => !/^(ORION|XDG_|NODE_|VITEST|npm_)/.test(key));
  const env = {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    ORION_STORAGE: elsewhere?.storage ?? storage,
    NO_COLOR: "1",
    NODE_PATH: join(root, "node_modules"),
    FAULT_ERROR_FILE: errorFile,
  };
  const run = (words: readonly string[], { diesAtStatement, clockSeconds }: WorkerKind = {}): ChildProcess => {
    const dying = diesAtStatement === undefined ? {} : { FAULT_AT_STATEMENT: String(diesAtStatement) };
    const preload = ["--require", join(import.meta.dirname, "preload.cjs")];
    const [program, ...rest] = [...(elsewhere?.enter ?? []), process.execPath, ...preload, ...words];
    return spawn(program!, rest, {
      cwd: safeFolder,
      env: { ...env, ...dying, ...(clockSeconds === undefined ? {} : movedClock(clockSeconds)) },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const limits = ["--exp-max-trials", `${options.maxTrials}`, "--exp-max-broken", "100000"];
  const worker = ["--worker-max-broken", "100000", "--heartbeat", "1", "--grace", "0.5", "--idle-timeout", "30"];
  const space = options.space ?? ["-x~uniform(0, 1)", "-y~loguniform(0.001, 1)"];
  const huntWords = ["hunt", "-n", name, "-c", config, ...limits, ...worker];
  const orion = (words: readonly string[], kind?: WorkerKind) => run([program, ...words], kind);
  return {
    ...places,
    folder,
    storage,
    name,
    database,
    errorFile,
    huntWords,
    orion,
    start: (kind) =>
      kind.isLibrary
        ? run([library, env.ORION_STORAGE, name, places.ledger], kind)
        : orion([...huntWords, "--n-workers", `${kind.nWorkers ?? 1}`, script, ...space], kind),
  };
}

async function bundleLibraryWorker(folder: string): Promise<string> {
  const outfile = join(folder, "library-worker.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "library-worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    external: ["yaml"],
    logLevel: "error",
    // The drivers are no part of the bundle, and an ES module finds packages beside itself alone.
    plugins: Object.entries(drivers).map(([name, path]) => ({
      name,
      setup: (tool) => tool.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path, external: true })),
    })),
  });
  return outfile;
}

const drivers = {
  "@photostructure/sqlite": join(root, "node_modules/@photostructure/sqlite/dist/index.mjs"),
  pg: join(root, "node_modules/pg/esm/index.mjs"),
};

/**
 * What `faketime` puts into the environment. The program itself would stand between us and the worker: it waits for it as
 * its parent, and a signal for the worker would hit it instead.
 */
function movedClock(seconds: number): NodeJS.ProcessEnv {
  return {
    LD_PRELOAD: faketime(),
    FAKETIME: `${seconds < 0 ? "" : "+"}${seconds}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}

let found: { readonly library: string | undefined } | undefined;

/** Its library. The program is asked once: while one of it starts, another may be refused. */
function faketime(): string | undefined {
  found ??= { library: findFaketime() };
  return found.library;
}

function findFaketime(): string | undefined {
  try {
    const environment = execFileSync("faketime", ["-f", "+1s", "env"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^LD_PRELOAD=(\S+)$/m.exec(environment)?.[1];
  } catch {
    return undefined;
  }
}

/** Whether clocks can be moved for single processes on this machine. */
export const canMoveClocks = (): boolean => faketime() !== undefined;

/** Processes that carry the arena's folder in their environment, and so were started by it: what they run. */
export function survivors(folder: string): string[] {
  const out = execFileSync("sh", ["-c", `grep -lsF 'HOME=${folder}/home' /proc/[0-9]*/environ || true`], {
    encoding: "utf8",
  });
  return out
    .split("\n")
    .flatMap((path) => /^\/proc\/(\d+)\//.exec(path)?.[1] ?? [])
    .flatMap((pid) => commandOf(pid) ?? []);
}

/** `undefined` for a process that has ended meanwhile. */
function commandOf(pid: string): string | undefined {
  try {
    return `${pid} (${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()})`;
  } catch {
    return undefined;
  }
}

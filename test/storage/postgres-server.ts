import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";

/** A PostgreSQL server for tests, or for a measurement. */
export interface PostgresServer extends AsyncDisposable {
  /** Address of a new, empty database. Its password is `serverPassword`. */
  createDatabase(): Promise<string>;
  /** Run SQL as the superuser, in the database of an address. */
  query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]>;
  readonly port: number;
  /** `immediate` is a crash: nothing is written down, and the next start recovers. */
  stop(how?: "fast" | "immediate"): Promise<void>;
  start(): Promise<void>;
  /** `kill -9` of the postmaster alone; its other processes find out by themselves. */
  kill(): void;
  /** Stop all its processes in the middle of whatever they do, and let them go on. */
  freeze(): () => void;
  /** Processor time of all its processes that live, in milliseconds; Linux only. */
  cpuMs(): number;
  /** Make a file the property of the user that the server runs as. */
  give(path: string): void;
  readonly folder: string;
}

/** Easy to find in what should not hold it. */
export const serverPassword = "s3cret-w0rd";

/**
 * Why there is no server to test with; `undefined` where there is one.
 *
 * It is the system's (Debian's package `postgresql`, or any `initdb` on the PATH), run from a temporary folder.
 */
export const missingServer: string | undefined =
  binaries() === undefined ? "PostgreSQL is not installed (apt-get install postgresql)" : undefined;

interface ServerOptions {
  /** Wait for the disk at each commit, as a server does that is not for tests. */
  readonly isDurable?: boolean;
  /** Another machine to run it on, as it were. Here, it is then reached by its socket alone. */
  readonly host?: { readonly address: string; readonly enter: readonly string[] };
}

export async function startPostgres({ isDurable = false, host }: ServerOptions = {}): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === undefined) throw new Error(missingServer);
  const folder = mkdtempSync(join(tmpdir(), "orion-pg-"));
  const user = unprivileged();
  const give = (path: string) => user.uid !== undefined && chownSync(path, user.uid, user.gid);
  give(folder);
  const data = join(folder, "data");
  const port = await freePort();
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, serverPassword);
  give(passwordFile);
  const run = (name: string, ...words: string[]) => {
    const { status, stderr } = spawnSync(join(bin, name), words, { ...user, cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
  };
  run("initdb", "-D", data, "-U", "ada", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--no-sync");
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: host?.address ?? "127.0.0.1",
    unix_socket_directories: folder,
    max_connections: 100,
    shared_buffers: isDurable ? "256MB" : "32MB",
    ...(isDurable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  writeFileSync(join(data, "postgresql.auto.conf"), lines.join(""));

  if (host !== undefined) appendFileSync(join(data, "pg_hba.conf"), "host all all samenet scram-sha-256\n");

  const control = [...(host === undefined ? [] : asUser(host.enter, user)), join(bin, "pg_ctl"), "-D", data, "-w"];
  const way = host === undefined ? { ...user, cwd: folder } : { cwd: folder };
  const start = () => finished([...control, "-l", join(folder, "log"), "-t", "60", "start"], way);
  const stop = (how: "fast" | "immediate" = "fast") => finished([...control, "-m", how, "stop"], way);
  await start();

  const socket = host === undefined ? "" : `?host=${folder}`;
  const admin = `postgresql://ada:${serverPassword}@127.0.0.1:${port}/postgres${socket}`;
  const query = async <Row extends pg.QueryResultRow>(url: string, text: string) => {
    const client = new pg.Client(url.replace(/:\d+\//, `:${port}/`));
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const postmaster = () => Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
  const children = () =>
    spawnSync("ps", ["-o", "pid=", "--ppid", String(postmaster())], { encoding: "utf8" })
      .stdout.split(/\s+/)
      .filter(Boolean)
      .map(Number);
  let databases = 0;
  return {
    folder,
    port,
    start,
    stop,
    query,
    give,
    async createDatabase() {
      const name = `d${++databases}`;
      await query(admin, `create database ${name}`);
      return admin.replace(/\/postgres(?=$|\?)/, `/${name}`);
    },
    kill: () => void process.kill(postmaster(), "SIGKILL"),
    freeze() {
      const frozen = [postmaster(), ...children()];
      const tell = (signal: NodeJS.Signals) => {
        for (const pid of frozen) {
          try {
            process.kill(pid, signal);
          } catch {} // it has ended
        }
      };
      tell("SIGSTOP");
      return () => tell("SIGCONT");
    },
    cpuMs() {
      const spent = children().map((pid) => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6);
      return spent.reduce((sum, own) => sum + own, 0);
    },
    async [Symbol.asyncDispose]() {
      if (existsSync(join(data, "postmaster.pid"))) await stop("immediate");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function binaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...process.env.PATH!.split(delimiter)];
  return folders.find((folder) => ["initdb", "pg_ctl", "postgres"].every((name) => existsSync(join(folder, name))));
}

/** PostgreSQL refuses to run as root, so root gives way to the package's user, or to nobody. */
export function unprivileged():
  | { readonly uid: number; readonly gid: number }
  | { readonly uid?: never; readonly gid?: never } {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync("/etc/passwd", "utf8").match(/^postgres:[^:]*:(\d+):(\d+):/m);
  return line === null ? { uid: 65534, gid: 65534 } : { uid: Number(line[1]), gid: Number(line[2]) };
}

/** Only root enters a namespace, and then it gives way. */
function asUser(enter: readonly string[], { uid, gid }: { readonly uid?: number; readonly gid?: number }): string[] {
  return [...enter, "setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
}

function finished([program = "", ...words]: readonly string[], options: object): Promise<void> {
  return new Promise((resolve, reject) => {
    // The server inherits what pg_ctl has open, so nothing may wait for the end of a pipe.
    spawn(program, words, { ...options, stdio: "ignore" })
      .on("error", reject)
      .on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`pg_ctl ${words.join(" ")}: exit ${code}`))));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

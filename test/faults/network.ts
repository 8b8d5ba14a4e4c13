import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Two machines and the cable between them, as far as their programs can see: two network namespaces of Linux and a veth
 * pair. Nothing of it is known outside of them.
 *
 * Each namespace lives as long as a process in it. One of them ends when the pipe from here is closed, and takes all the
 * others with it: when a test dies, however it dies, everything is torn down.
 */
export interface TwoHosts extends AsyncDisposable {
  readonly server: Host;
  readonly workers: Host;
  /**
   * Take the cable out at one end. The other one notices nothing: what it sends is dropped without a word, and
   * connections stay as they are. At this end new connections are refused at once.
   */
  cut(end: "server" | "workers"): void;
  mend(): void;
}

export interface Host {
  readonly address: string;
  /** Words before those of a command, so that it runs there, with its process id and its user as they were. */
  readonly enter: readonly string[];
}

/** Why there can be no namespaces here; `undefined` where they can be made. */
export const missingNetwork: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.platform !== "linux") return "network namespaces are a thing of Linux";
  if (process.getuid?.() !== 0) return "only root makes network namespaces";
  try {
    execFileSync("ip", ["-V"], { stdio: "ignore" });
  } catch {
    return "the program ip is not installed (apt-get install iproute2)";
  }
  try {
    execFileSync("unshare", ["--net", "ip", "link", "add", "orion0", "type", "veth", "peer", "name", "orion1"], {
      stdio: "pipe",
      encoding: "utf8",
    });
    return undefined;
  } catch (error) {
    return `this machine allows no network namespaces (${(error as Error & { stderr: string }).stderr.trim()})`;
  }
}

/** Addresses that are for documentation, so nobody has them: RFC 5737. */
const addresses = { server: "192.0.2.1", workers: "192.0.2.2" } as const;
type End = keyof typeof addresses;

export async function openTwoHosts(): Promise<TwoHosts> {
  const holders = { server: await openNamespace(), workers: await openNamespace() };
  const enter = (end: End) => ["nsenter", "--target", `${holders[end].pid}`, "--net"];
  const inside = (end: End, ...words: string[]) => {
    const [program, ...before] = enter(end);
    execFileSync(program!, [...before, "ip", ...words], { stdio: ["ignore", "ignore", "inherit"] });
  };
  const link = (end: End, state: "up" | "down") => inside(end, "link", "set", "cable", state);
  inside("server", "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", `${holders.workers.pid}`);
  for (const end of ["server", "workers"] as const) {
    inside(end, "address", "add", `${addresses[end]}/30`, "dev", "cable");
    inside(end, "link", "set", "lo", "up");
    link(end, "up");
  }
  let isOut: End | undefined;
  const host = (end: End): Host => ({ address: addresses[end], enter: enter(end) });
  return {
    server: host("server"),
    workers: host("workers"),
    cut(end) {
      link(end, "down");
      isOut = end;
    },
    mend() {
      if (isOut !== undefined) link(isOut, "up");
      isOut = undefined;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(holders).map(close));
    },
  };
}

/** Lives until its input ends; then kills whatever is in its namespace. */
const holderScript = `
own=$(readlink /proc/$$/ns/net)
echo
cat
for place in /proc/[0-9]*; do
  [ "\${place#/proc/}" != $$ ] && [ "$(readlink $place/ns/net)" = "$own" ] && kill -9 "\${place#/proc/}"
done 2>/dev/null
exit 0`;

async function openNamespace(): Promise<ChildProcess> {
  const holder = spawn("unshare", ["--net", "sh", "-c", holderScript], { stdio: ["pipe", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  return holder;
}

async function close(holder: ChildProcess): Promise<void> {
  const ended = once(holder, "exit");
  holder.stdin?.end();
  await ended;
}

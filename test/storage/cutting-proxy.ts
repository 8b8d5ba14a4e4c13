import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut: between a request and its answer, or altogether. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /**
   * The next answer of the server is swallowed, and its connection cut: whether the request was carried out is open.
   * With a word, the next one that holds it.
   */
  cutNextAnswer(word?: string): void;
  /** How many answers were swallowed. */
  readonly cuts: number;
  /** Cut everything, and refuse until `mend` is called. */
  break(): void;
  mend(): void;
}

export async function openCuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  /** What the answer that is to be cut has to hold. */
  let wanted: string | undefined;
  let isBroken = false;
  let cuts = 0;
  const server = createServer((client) => {
    if (isBroken) return client.destroy();
    const upstream = connect(target, "127.0.0.1");
    const end = () => {
      client.destroy();
      upstream.destroy();
      sockets.delete(client);
    };
    sockets.add(client.on("error", end).on("close", end));
    upstream.on("error", end).on("close", end);
    client.on("data", (data) => upstream.write(data));
    upstream.on("data", (data) => {
      // A new connection says hello first; only what answers a statement is cut, after it was carried out.
      const isAnswer = data.at(-6) === "Z".charCodeAt(0) && client.bytesWritten > 0 && hasGreeted.has(client);
      if (data.includes("server_version")) hasGreeted.add(client);
      if (!isAnswer || wanted === undefined || !data.includes(wanted)) return client.write(data);
      wanted = undefined;
      cuts++;
      end();
    });
  });
  const hasGreeted = new WeakSet<Socket>();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const breakAll = () => {
    isBroken = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cutNextAnswer(word = "") {
      wanted = word;
    },
    get cuts() {
      return cuts;
    },
    break: breakAll,
    mend() {
      isBroken = false;
    },
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

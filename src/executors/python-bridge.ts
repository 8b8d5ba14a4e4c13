import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { ConfigurationError } from "../errors.js";
import { callByCommand } from "./call-by-command.js";
import type {
  CommandEvaluation,
  EvaluationControl,
  Executor,
  ExecutorOption,
  ExecutorSettings,
  Outcome,
} from "./executor.js";
import { count, retries, text } from "./options.js";
import { exitCodeOfSignal, outcomeOf } from "./outcome.js";
import { runnerFile } from "./runner-file.js";
import { refuseImpossible } from "./shell-start.js";
import { explainStartError } from "./start-error.js";

/** A cluster that is spoken to in Python. */
export interface PythonCluster {
  /** Of the executor, and what `bridge.py` calls it. */
  readonly name: string;
  /** What has to be importable. */
  readonly pythonModule: string;
  /** How to get it. */
  readonly remedy: string;
}

/** The options that are ours; all others go to the cluster's own client. */
export const bridgeOptions = {
  python: text({ default: "python3", doc: "The Python that has the cluster's package." }),
  directory: text({ default: undefined, doc: "Directory for the files of functions, shared by all machines." }),
  node: text({
    default: undefined,
    doc: "Node.js on the workers' machines, for functions; by default the one in use here.",
  }),
  max_memory_mb: count({ default: undefined, from: 1, doc: "Size in MB to which the heap of a function may grow." }),
  retries,
} satisfies Readonly<Record<string, ExecutorOption>>;

/** Look for Python and the package. @throws {ConfigurationError} for what is missing, with how to get it */
export function checkPython(
  { name, pythonModule, remedy }: PythonCluster,
  { configuration }: ExecutorSettings,
): Promise<void> {
  const python = configuration.python as string;
  const look = `import sys, importlib.util as u; sys.exit(0 if u.find_spec(${JSON.stringify(pythonModule)}) else 3)`;
  return new Promise((resolve, reject) => {
    execFile(python, ["-c", look], (error) => {
      if (error === null) return resolve();
      const isFound = (error as NodeJS.ErrnoException).code !== "ENOENT";
      const missing = isFound
        ? `the Python package "${pythonModule}", which ${python} does not have`
        : `Python, and there is no program "${python}"`;
      reject(
        new ConfigurationError(
          `The executor "${name}" needs ${missing}.`,
          `${isFound ? remedy : "Install Python 3."} Or name another one: --executor-configuration python=/path/to/python3.`,
          { cause: error },
        ),
      );
    });
  });
}

/** What the bridge says of a program. */
type Answer =
  | { readonly exitCode: number }
  | { readonly refused: string }
  | { readonly stopped: true }
  | { readonly lost: string }
  /** The bridge has ended, and can tell nothing of it. */
  | { readonly isGone: true };

/**
 * Open a cluster through its bridge: a Python process that holds the client. Programs run on the cluster's workers,
 * which share the files of this machine.
 *
 * @throws {ConfigurationError} when the client cannot be made, with what it said.
 */
export async function openPythonCluster(cluster: PythonCluster, settings: ExecutorSettings): Promise<Executor> {
  const { name } = cluster;
  const { configuration, directory, environment } = settings;
  const folder = (configuration.directory as string | undefined) ?? join(directory, name);
  const bridge = await startBridge(cluster, configuration);
  const waiting = new Map<number, (answer: Answer) => void>();
  let count = 0;
  let isClosed = false;

  bridge.onAnswer(({ id, ...answer }) => {
    waiting.get(id)?.(answer as Answer);
  });
  void bridge.ended.then(() => {
    for (const settle of waiting.values()) settle({ isGone: true });
  });

  const run = async (evaluation: CommandEvaluation, { signal, graceMs }: EvaluationControl): Promise<Outcome> => {
    if (isClosed) throw new TypeError("The executor is closed.");
    if (!bridge.isAlive()) throw lostBridge(name, bridge.complaint());
    if (signal.aborted) return outcomeOf(exitCodeOfSignal("SIGTERM"));
    refuseImpossible(evaluation);
    const number = ++count;
    const { argv, environment: variables, directory: start, stdoutPath, stderrPath } = evaluation;
    const stop = () => bridge.say({ stop: number, graceSeconds: graceMs / 1000 });
    const answered = new Promise<Answer>((settle) => waiting.set(number, settle));
    const job = { argv, environment: variables, directory: start, stdout: stdoutPath, stderr: stderrPath };
    bridge.say({ run: number, ...job });
    signal.addEventListener("abort", stop, { once: true });
    try {
      const answer = await answered;
      const wasEnded = signal.aborted || isClosed;
      // The program is not to blame, and there is no use in running it again.
      if ("isGone" in answer && !wasEnded) throw lostBridge(name, bridge.complaint());
      return judge(answer, evaluation, wasEnded);
    } finally {
      waiting.delete(number);
      bridge.say({ forget: number });
      signal.removeEventListener("abort", stop);
    }
  };

  const close = async () => {
    isClosed = true;
    for (const number of waiting.keys()) bridge.say({ stop: number, graceSeconds: 0 });
    const all = Promise.all([...waiting.keys()].map((number) => settled(waiting, number)));
    await Promise.race([all, bridge.ended, pause(longestStopMs, undefined, { ref: false })]);
    await bridge.close();
  };
  const call = callByCommand({ name, run, folder, configuration, environment, isClosed: () => isClosed });
  return { name, run, call, close, [Symbol.asyncDispose]: close };
}

/** Wait for an answer beside the one who asked. */
function settled(waiting: Map<number, (answer: Answer) => void>, number: number): Promise<void> {
  const settle = waiting.get(number)!;
  return new Promise((done) => {
    waiting.set(number, (answer) => {
      settle(answer);
      done();
    });
  });
}

function judge(answer: Answer, evaluation: CommandEvaluation, wasEnded: boolean): Outcome {
  if ("exitCode" in answer) return outcomeOf(answer.exitCode);
  if ("stopped" in answer || "isGone" in answer || wasEnded) return outcomeOf(exitCodeOfSignal("SIGTERM"));
  if ("refused" in answer) throw explainStartError({ code: answer.refused, message: answer.refused }, evaluation);
  return { ...outcomeOf(exitCodeOfSignal("SIGKILL")), reason: answer.lost, isLost: true };
}

interface Bridge {
  say(message: object): void;
  onAnswer(listener: (answer: Answer & { readonly id: number }) => void): void;
  readonly ended: Promise<void>;
  isAlive(): boolean;
  /** The end of what it wrote to standard error. */
  complaint(): string;
  /** End all that runs, and it. */
  close(): Promise<void>;
}

async function startBridge({ name }: PythonCluster, configuration: ExecutorSettings["configuration"]): Promise<Bridge> {
  const options = Object.fromEntries(
    Object.entries(configuration).filter(([key]) => !Object.hasOwn(bridgeOptions, key)),
  );
  const child: ChildProcessWithoutNullStreams = spawn(configuration.python as string, [runnerFile("bridge.py")], {
    stdio: "pipe",
    // A Ctrl-C is for us, who end the programs in order.
    detached: true,
  });
  let stderr = "";
  let isAlive = true;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  child.stdin.on("error", () => {}); // its end says so
  const ended = new Promise<void>((settle) => {
    const end = () => {
      isAlive = false;
      settle();
    };
    child.once("close", end);
    child.once("error", end);
  });
  const lines = createInterface({ input: child.stdout });
  let unsaid = "";
  /** What is said in one turn of the event loop goes together, so that the bridge hands it on together. */
  const say = (message: object) => {
    if (unsaid === "") setImmediate(speak);
    unsaid += `${JSON.stringify(message)}\n`;
  };
  const speak = () => {
    if (unsaid !== "") child.stdin.write(unsaid);
    unsaid = "";
  };
  const complaint = () => stderr.trim().split("\n").at(-1) || "it said nothing";
  say({ cluster: name, options });
  const first = await new Promise<{ readonly failed?: string }>((settle) => {
    lines.once("line", (line) => settle(JSON.parse(line)));
    void ended.then(() => settle({ failed: complaint() }));
  });
  if (first.failed !== undefined) {
    child.kill("SIGKILL");
    throw new ConfigurationError(
      `The executor "${name}" cannot reach its cluster: ${first.failed}`,
      `Options that are not its own go to the client: ${JSON.stringify(options)}.`,
    );
  }
  return {
    say,
    onAnswer: (listener) => lines.on("line", (line) => listener(JSON.parse(line))),
    ended,
    isAlive: () => isAlive,
    complaint,
    close: async () => {
      speak();
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), longestGoodbyeMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** For so long a cluster may take to end programs at once, before it is left alone with that. */
const longestStopMs = 10_000;
const longestGoodbyeMs = 20_000;

function lostBridge(name: string, complaint: string): ConfigurationError {
  return new ConfigurationError(
    `The bridge to ${name} has ended: ${complaint}`,
    "Look at the cluster, and start again.",
  );
}

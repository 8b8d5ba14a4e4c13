import { fork } from "node:child_process";
import { UsageError } from "../errors.js";
import { runStudy, type Study, type StudyResult } from "./study.js";

/** Where studies run: as an executor for one kind of call. */
export interface StudyPool extends AsyncDisposable {
  /** How many run at once. */
  readonly size: number;
  /** @throws {Error} when the study fails, or the process that ran it died. */
  run(study: Study): Promise<StudyResult>;
  close(): Promise<void>;
}

/** What a child process answers. */
export type StudyAnswer = { readonly result: StudyResult } | { readonly error: string };

/** Studies run in this process, one after the other. */
export function openLocalPool(now: () => number): StudyPool {
  const close = async () => {};
  return { size: 1, run: (study) => runStudy(study, now), close, [Symbol.asyncDispose]: close };
}

interface PoolOptions {
  /** The module that children run, see `study-process.ts`. */
  readonly entry: string;
  readonly size: number;
}

/** Studies run in child processes that stay for the next one. They end with this process. */
export function openProcessPool({ entry, size }: PoolOptions): StudyPool {
  const children = new Set<Child>();
  const idle: Child[] = [];

  const take = (): Child => {
    for (let child = idle.pop(); child !== undefined; child = idle.pop()) if (child.isAlive) return child;
    return startChild(entry);
  };
  const run = async (study: Study): Promise<StudyResult> => {
    const child = take();
    children.add(child);
    try {
      const answer = await child.ask(study);
      idle.push(child);
      if ("result" in answer) return answer.result;
      throw new UsageError(answer.error);
    } finally {
      if (!idle.includes(child)) children.delete(child);
    }
  };
  const close = async () => {
    for (const child of children) child.kill();
    children.clear();
  };
  return { size, run, close, [Symbol.asyncDispose]: close };
}

interface Child {
  readonly isAlive: boolean;
  ask(study: Study): Promise<StudyAnswer>;
  kill(): void;
}

interface Waiting {
  readonly resolve: (answer: StudyAnswer) => void;
  readonly reject: (error: Error) => void;
}

function startChild(entry: string): Child {
  // Structured clones carry infinities and NaN, which JSON does not.
  const child = fork(entry, [], { serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let isAlive = true;
  let waiting: Waiting | undefined;
  const end = (what: string) => {
    isAlive = false;
    waiting?.reject(new Error(`The process of the study ${what}.`));
  };
  child.on("message", (answer: StudyAnswer) => waiting?.resolve(answer));
  child.on("exit", (code, signal) => end(`died (${signal ?? `exit code ${code}`})`));
  child.on("error", ({ message }) => end(`could not be started: ${message}`));
  return {
    get isAlive() {
      return isAlive;
    },
    kill: () => void child.kill("SIGKILL"),
    ask: (study) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        child.send(study, () => {}); // where it is just dying, its exit is the answer
      }),
  };
}

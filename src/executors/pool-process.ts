import { fork } from "node:child_process";
import { earlyReason } from "./call-context.js";
import { decodeOutcome } from "./call-text.js";
import type { CallOutcome, EvaluationControl } from "./executor.js";
import type { GroupGuard } from "./group-guard.js";
import { groupEnded, signalGroup } from "./process-group.js";
import { afterKillMs, longestTimerMs } from "./program.js";
import { runnerFile } from "./runner-file.js";
import { isAnswer, type ProcessAnswer, type ProcessMessage } from "./runners/messages.js";

/** One process of the pool, the leader of its own process group. It runs one call at a time. */
export interface PoolProcess {
  readonly isAlive: boolean;
  /** Settles when it has died, and after a `kill` all of its group too. */
  readonly ended: Promise<void>;
  call(text: string, control: EvaluationControl): Promise<CallOutcome>;
  /** KILL to the group. */
  kill(): void;
}

interface PoolProcessOptions {
  readonly guard: GroupGuard;
  /** `undefined` leaves the limit to Node. */
  readonly maxMemoryMb: number | undefined;
}

export function startPoolProcess({ guard, maxMemoryMb }: PoolProcessOptions): PoolProcess {
  const limit = maxMemoryMb === undefined ? [] : [`--max-old-space-size=${maxMemoryMb}`];
  const child = fork(runnerFile("process.js"), {
    detached: true,
    execArgv: [...inheritedFlags(), ...limit],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const groupId = child.pid;
  if (groupId !== undefined) guard.watch(groupId);
  let death: string | undefined;
  let isKilled = false;
  /** While nothing is expected of it, it does not keep our program alive, which may forget to close the pool. */
  const expect = (isExpected: boolean) => {
    const change = isExpected ? "ref" : "unref";
    child[change]();
    child.channel?.[change]();
  };

  const kill = () => {
    isKilled = true;
    expect(true); // its end
    if (groupId !== undefined && death === undefined) signalGroup(groupId, "SIGKILL");
  };
  const ended = new Promise<void>((settle) => {
    const end = async (reason: string) => {
      death ??= reason;
      if (groupId !== undefined) {
        if (isKilled) await groupEnded(groupId, afterKillMs);
        guard.forget(groupId);
      }
      settle();
    };
    child.once("exit", (exitCode, signal) => void end(describeDeath(exitCode, signal)));
    child.once("error", ({ message }) => void end(`The process for it could not be started: ${message}.`));
  });

  /** The call that runs. */
  let current: { readonly settle: (outcome: CallOutcome) => void; readonly control: EvaluationControl } | undefined;
  // The callback takes the error of a process that is just dying: its exit is the answer.
  const tell = (message: ProcessMessage) => child.send(message, ignore);
  const takeAnswer = async (answer: ProcessAnswer) => {
    if (answer.orion === "outcome") return current?.settle(decodeOutcome(answer.text));
    await current?.control.onReport?.(answer.step, Number(answer.value));
    tell({ judged: true });
  };
  child.on("message", (message: unknown) => {
    if (isAnswer(message)) void takeAnswer(message as ProcessAnswer);
  });
  void ended.then(() => {
    current?.settle(current.control.signal.aborted ? { kind: "stopped" } : { kind: "died", reason: death! });
  });

  const call = (text: string, control: EvaluationControl) =>
    new Promise<CallOutcome>((resolve) => {
      const { signal, graceMs } = control;
      let timer: NodeJS.Timeout | undefined;
      const stop = () => {
        tell({ abort: true, early: earlyReason(signal) });
        timer = setTimeout(kill, Math.min(graceMs, longestTimerMs));
      };
      const settle = (outcome: CallOutcome) => {
        current = undefined;
        if (!isKilled) expect(false);
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        resolve(outcome);
      };
      current = { settle, control };
      expect(true);
      tell(text);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
      // It died before it was asked, and all that there was to say was said.
      if (death !== undefined) void ended.then(() => settle({ kind: "died", reason: death! }));
    });

  return {
    get isAlive() {
      return death === undefined && !isKilled && child.connected;
    },
    ended,
    call,
    kill,
  };
}

const ignore = () => {};

/** What this process was started with, such as a loader of TypeScript; not the program text of `node -e`. */
function inheritedFlags(): string[] {
  const flags = process.execArgv.filter((flag) => !/^--(inspect|input-type)/.test(flag));
  const evaluated = flags.findIndex((flag) => /^(-e|-p|-pe|--eval|--print)$/.test(flag));
  return evaluated < 0 ? flags : flags.toSpliced(evaluated, 2);
}

function describeDeath(exitCode: number | null, signal: NodeJS.Signals | null): string {
  if (signal === null) return `The process that ran it exited with code ${exitCode}.`;
  const guess = signal === "SIGABRT" ? ", most likely because it ran out of memory" : "";
  return `The process that ran it was killed by ${signal}${guess}.`;
}

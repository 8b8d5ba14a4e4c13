import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { CommandEvaluation, Outcome } from "./executor.js";
import { exitCodeOfSignal, outcomeOf } from "./outcome.js";
import { groupEnded, signalGroup, watchNewMembers } from "./process-group.js";
import { newestPid } from "./process-stat.js";
import { afterKillMs, longestTimerMs, type Program, startProgram } from "./program.js";
import { makeOutputFiles, quote, whyNotStarted } from "./shell-start.js";
import { explainStartError } from "./start-error.js";

/**
 * Starts programs through a small shell that stays for the next program.
 *
 * Why: to start a program, Node forks its whole self. That takes 2 to 3 ms of a worker of 70 MB, and as much again for
 * the pages that are copied afterwards; a shell of 1 MB takes 0.1 ms (`bench/overhead.ts`). The shell does nothing but
 * fork and `exec`: each word is quoted for it, none is interpreted, and the program replaces the shell's child. It leads
 * a process group, so that all that a program starts can be ended together. A shell in whose group a program has left
 * somebody behind starts no other: what is left is not to be ended with the next program, nor to signal it.
 */
export interface Launchers {
  /**
   * True where a program can be started so: there is a `/bin/sh` that passes such words and variables on exactly, and the
   * system tells who is left in its group (Linux).
   */
  canStart(evaluation: CommandEvaluation): boolean;
  start(evaluation: CommandEvaluation): Program;
  /** Let the shells go that are waiting. */
  close(): void;
}

const shell = "/bin/sh";

export function openLaunchers(): Launchers {
  const isServed = existsSync(shell) && newestPid() !== undefined;
  const idle: Launcher[] = [];
  return {
    canStart: (evaluation) => isServed && isExact(evaluation),
    start: (evaluation) => {
      makeOutputFiles(evaluation);
      const at = idle.findLastIndex(({ directory, child }) => directory === evaluation.directory && isRunning(child));
      const launcher = at === -1 ? spawnLauncher(evaluation) : idle.splice(at, 1)[0]!;
      return runProgram(launcher, { evaluation, giveBack: () => idle.push(launcher) });
    },
    close: () => {
      for (const launcher of idle.splice(0)) launcher.child.stdin!.end();
    },
  };
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/**
 * A shell drops variables that are no names of its own and has its own mind about some others, no system call takes a
 * NUL, and of a command line that is too long only the system can say so.
 */
function isExact({ argv, environment, directory, stdoutPath, stderrPath }: CommandEvaluation): boolean {
  const texts = [...argv, ...Object.values(environment), directory, stdoutPath, stderrPath];
  return (
    existsSync(directory) &&
    Object.keys(environment).every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !ownVariables.test(name)) &&
    !texts.some((text) => text.includes("\0")) &&
    texts.reduce((sum, text) => sum + text.length, 0) < mostCharacters
  );
}

const ownVariables = /^(IFS|OPTIND|LINENO|PPID|E?UID|RANDOM|SECONDS|SHELLOPTS|BASHOPTS|BASH_.*)$/;

/** A single word may have 128 KiB on Linux. */
const mostCharacters = 2 ** 15;

interface Launcher {
  readonly child: ChildProcess;
  readonly directory: string;
  /** What the shell was started with, and what every program inherits unless it is told otherwise. */
  readonly environment: Readonly<Record<string, string>>;
}

function spawnLauncher({ directory, environment }: CommandEvaluation): Launcher {
  const child = spawn(shell, [], {
    cwd: directory,
    env: environment,
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  child.stdin!.on("error", () => {}); // it was killed; its exit says so
  child.stdout!.setEncoding("latin1");
  // What is sent to the group is meant for the program (scripts say `kill 0` to end their own children): the shell only
  // has to outlive it. Its children have the defaults again.
  child.stdin!.write("exec 3>&1; trap : TERM INT HUP QUIT USR1 USR2 ALRM PIPE\n");
  return { child, directory, environment };
}

interface LaunchOptions {
  readonly evaluation: CommandEvaluation;
  readonly giveBack: () => void;
}

function runProgram(launcher: Launcher, { evaluation, giveBack }: LaunchOptions): Program {
  const { child } = launcher;
  const groupId = child.pid;
  const isLeftAlone = groupId === undefined ? () => false : watchNewMembers(groupId);
  let isStarted = false;
  let isEnding = false;
  let onStarted: () => void = () => {};
  let patienceMs = afterKillMs;
  let killTimer: NodeJS.Timeout | undefined;
  /** The program without a shell, where that died before it could start it. */
  let alone: Program | undefined;

  /** `undefined` when the shell died before it could start the program. */
  const status = new Promise<number | undefined>((settle) => {
    let text = "";
    const onData = (piece: string) => {
      text += piece;
      if (!isStarted && text.includes("s")) {
        isStarted = true;
        onStarted();
      }
      if (text.endsWith("\n") && /\d/.test(text)) done(Number(/\d+/.exec(text)![0]));
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      done(isStarted ? (signal === null ? (code ?? 0) : exitCodeOfSignal(signal)) : undefined);
    const done = (exitCode: number | undefined) => {
      child.stdout!.off("data", onData);
      child.off("close", onExit);
      child.off("error", onError);
      settle(exitCode);
    };
    const onError = () => done(undefined);
    child.stdout!.on("data", onData);
    // Its exit may be seen before the last that it said: the code of the program, where both end together.
    child.on("close", onExit);
    child.on("error", onError);
    child.stdin!.write(commandLine(launcher, evaluation));
  });

  const finish = async (): Promise<Outcome> => {
    const exitCode = await status;
    if (isEnding) {
      if (groupId !== undefined) await groupEnded(groupId, patienceMs);
      clearTimeout(killTimer);
    } else if (isRunning(child)) {
      if (isLeftAlone()) giveBack();
      else child.stdin!.end();
    }
    if (exitCode === undefined) {
      if (isEnding) return outcomeOf(exitCodeOfSignal("SIGTERM"));
      alone = startProgram(evaluation);
      return alone.ended;
    }
    const refused = exitCode === 126 || exitCode === 127 ? whyNotStarted(evaluation) : undefined;
    if (refused !== undefined && !isEnding) throw explainStartError(refused, evaluation);
    return outcomeOf(exitCode);
  };

  const kill = () => {
    if (alone !== undefined) return alone.kill();
    isEnding = true;
    if (groupId !== undefined) signalGroup(groupId, "SIGKILL");
  };
  const stop = (graceMs: number) => {
    if (alone !== undefined) return alone.stop(graceMs);
    if (isEnding || groupId === undefined) return;
    isEnding = true;
    patienceMs = graceMs + afterKillMs;
    child.stdin!.end(); // the shell is a member of the group too, and has to go
    // Not before there is a program that can hear it.
    if (isStarted) signalGroup(groupId, "SIGTERM");
    else onStarted = () => signalGroup(groupId, "SIGTERM");
    killTimer = setTimeout(kill, Math.min(graceMs, longestTimerMs));
  };
  return { ended: finish(), stop, kill };
}

/** `s` is said by the child just before it becomes the program; its exit code follows when it has ended. */
function commandLine(launcher: Launcher, { argv, environment, stdoutPath, stderrPath }: CommandEvaluation): string {
  const changes: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (launcher.environment[name] !== value) changes.push(`export ${name}=${quote(value)}; `);
  }
  for (const name of Object.keys(launcher.environment)) {
    if (environment[name] === undefined) changes.push(`unset ${name}; `);
  }
  const words = argv.map(quote).join(" ");
  const files = `</dev/null >>${quote(stdoutPath)} 2>>${quote(stderrPath)}`;
  return `(echo s >&3; ${changes.join("")}exec ${words} ${files} 3>&-); echo $? >&3\n`;
}

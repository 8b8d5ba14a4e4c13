import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../make-folder.js";
import { decodeOutcome, encodeCall } from "./call-text.js";
import { refuseClosure } from "./closures.js";
import type { CallOutcome, Executor, ExecutorSettings, ModuleCall, Outcome } from "./executor.js";
import { runnerFile } from "./runner-file.js";

interface CallByCommand {
  /** Of the executor, for messages. */
  readonly name: string;
  readonly run: Executor["run"];
  /** Shared with the machines that run commands. Absolute. */
  readonly folder: string;
  /** `node` and `max_memory_mb` are read. */
  readonly configuration: ExecutorSettings["configuration"];
  readonly environment: ExecutorSettings["environment"];
  /** True once the executor ends what runs. */
  readonly isClosed: () => boolean;
}

/**
 * How an executor that runs commands elsewhere calls functions there: by a program that reads the call from a file and
 * writes its outcome to another.
 */
export function callByCommand({
  name,
  run,
  folder,
  configuration,
  environment,
  isClosed,
}: CallByCommand): Executor["call"] {
  const node = (configuration.node as string | undefined) ?? process.execPath;
  const maxMemoryMb = configuration.max_memory_mb as number | undefined;
  const flags = maxMemoryMb === undefined ? [] : [`--max-old-space-size=${maxMemoryMb}`];

  return async (evaluation, control) => {
    if (evaluation.kind === "closure") return refuseClosure(name);
    if (control.signal.aborted) return { kind: "stopped" };
    const place = join(folder, "calls", keyOf(evaluation));
    const callPath = join(place, "call.json");
    const outcomePath = join(place, "outcome.json");
    makeFolder(place, 0o700);
    writeFileSync(callPath, encodeCall(evaluation));
    const { files } = evaluation;
    // Not as words: these belong to one reservation, and the command is to be the same for the next one.
    const places = files === undefined ? {} : { ORION_REPORT_PATH: files.reportPath, ORION_STOP_PATH: files.stopPath };
    try {
      const outcome = await run(
        {
          kind: "command",
          ...(evaluation.id === undefined ? {} : { id: evaluation.id }),
          argv: [node, ...flags, runnerFile("call.js"), callPath, outcomePath],
          environment: { ...environment, ...places },
          directory: process.cwd(),
          stdoutPath: join(place, "stdout.log"),
          stderrPath: join(place, "stderr.log"),
        },
        control,
      );
      if (existsSync(outcomePath)) return decodeOutcome(readFileSync(outcomePath, "utf8"));
      if (control.signal.aborted || isClosed()) return { kind: "stopped" };
      return describeDeath(outcome, readEnd(join(place, "stderr.log")));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  };
}

/** The same for each call of a trial, so that a later process finds what an earlier one began. */
function keyOf(evaluation: ModuleCall): string {
  if (evaluation.id === undefined) return randomBytes(16).toString("hex");
  return createHash("sha256")
    .update(`${evaluation.id}\0${encodeCall(evaluation)}`)
    .digest("hex")
    .slice(0, 32);
}

function describeDeath({ exitCode, signal, reason, isLost }: Outcome, stderr: string): CallOutcome {
  if (isLost) return { kind: "died", reason: reason ?? "It was lost.", isLost };
  if (reason !== undefined) return { kind: "died", reason };
  if (/out of memory/.test(stderr)) return { kind: "died", reason: "The process that ran it ran out of memory." };
  const how = signal === undefined ? `exited with code ${exitCode}` : `was killed by ${signal}`;
  const said = lastWords(stderr);
  return {
    kind: "died",
    reason: `The process that ran it ${how}.${said === undefined ? "" : ` Its last words: ${said}`}`,
  };
}

/** Node ends an error that nobody caught with its stack, perhaps its members, and its own version. */
function lastWords(stderr: string): string | undefined {
  return stderr.split("\n").findLast((line) => /^[^\s}]/.test(line) && !/^Node\.js v\d/.test(line));
}

function readEnd(path: string): string {
  try {
    return readFileSync(path, "utf8").slice(-4000);
  } catch {
    return "";
  }
}

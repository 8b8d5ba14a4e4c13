import { BrokenExperimentError, StorageError } from "../../errors.js";
import type { Experiment } from "../../experiment/experiment.js";
import { shellWord } from "../../shell-word.js";
import { parseSpace } from "../../space/parse-space.js";
import type { ExperimentRecord, Storage, Summary } from "../../storage/storage.js";
import type { WorkerEnd } from "../../worker/ending.js";
import type { WorkerExperiment } from "../../worker/worker-experiment.js";
import type { Terminal } from "../terminal.js";
import { quantity } from "../text/quantity.js";
import { type Stats, showStats, statsOf } from "../text/stats.js";
import type { WorkerSettings } from "./worker-settings.js";

/** What is left of an experiment once its worker has to go. */
type LeftExperiment = Pick<Experiment, "space"> & Pick<WorkerExperiment, "record" | "storage">;

interface Conclusion {
  readonly terminal: Pick<Terminal, "out">;
  readonly experiment: LeftExperiment;
  readonly end: WorkerEnd;
  readonly settings: Pick<WorkerSettings, "idleTimeoutMs">;
  /** Leads to the database, see `placeOf`; `undefined` where it is forgotten now. */
  readonly place: string | undefined;
  /** A version was asked for: what is suggested must not mean a newer one. */
  readonly isVersionAsked: boolean;
  readonly isJson: boolean;
}

/** How a hunt ended, for people and scripts: of a search that has nothing but broken trials, that it is broken. */
type Ending = Omit<WorkerEnd, "kind"> & { readonly kind: WorkerEnd["kind"] | "all-broken" };

/** Where an experiment stands when a worker leaves it. */
interface Standing {
  readonly record: ExperimentRecord;
  readonly summary: Summary;
  readonly stats: Stats;
}

/**
 * Say what a worker says last.
 *
 * @returns Its exit code: 0, or 130 when it was interrupted.
 * @throws {BrokenExperimentError} when too many trials failed.
 */
export async function conclude({
  terminal,
  experiment,
  end: workerEnd,
  settings,
  place,
  isVersionAsked,
  isJson,
}: Conclusion): Promise<number> {
  const standing = await readStanding(experiment, workerEnd).catch((error: unknown) => {
    // Whoever is told to stop has to stop, with or without a database.
    if (workerEnd.kind === "interrupted" && error instanceof StorageError) return undefined;
    throw error;
  });
  const end = endingOf(workerEnd, standing);
  const { name, version } = experiment.record;
  const words = `${shellWord(name)}${isVersionAsked ? ` -v ${version}` : ""}`;
  terminal.out(
    isJson
      ? asJson({ record: experiment.record, end, stats: standing?.stats })
      : asText({ experiment, end, standing, settings, words: place === undefined ? undefined : `${words}${place}` }),
  );
  if (end.kind === "interrupted") return 130;
  if (isBroken(end)) throw brokenError(end, standing!, words);
  return 0;
}

/** What `--json` prints of an experiment that was registered only. */
export async function describeNew(storage: Storage, record: ExperimentRecord): Promise<string> {
  const summary = await storage.summarize(record.id);
  const stats = statsOf({ record, space: parseSpace(record.definition.space), summary });
  const end = { kind: "init-only", completed: 0, broken: 0 } as const;
  return asJson({ record, end, stats });
}

function endingOf(end: WorkerEnd, standing: Standing | undefined): Ending {
  const counts = standing?.summary.counts;
  const isAllBroken = end.kind === "exhausted" && counts?.completed === 0 && counts.broken > 0;
  return isAllBroken ? { ...end, kind: "all-broken" } : end;
}

function isBroken({ kind }: Ending): boolean {
  return kind === "broken" || kind === "worker-broken" || kind === "all-broken";
}

async function readStanding({ storage, space, record }: LeftExperiment, { kind }: WorkerEnd): Promise<Standing> {
  const current = (await storage.getExperiment(record.name, record.version)) ?? record;
  const summary = await storage.summarize(record.id);
  const stats = statsOf({ record: current, space, summary });
  // Only the algorithm knows that its grid is used up, though the space is not.
  return {
    record: current,
    summary,
    stats: { ...stats, completed: stats.completed || kind === "exhausted" || kind === "stopped" },
  };
}

interface Last extends Pick<Conclusion, "experiment"> {
  readonly end: Ending;
  readonly standing: Standing | undefined;
}

interface Told {
  readonly record: Pick<ExperimentRecord, "name" | "version">;
  readonly end: Omit<Ending, "kind"> & { readonly kind: string };
  readonly stats: Stats | undefined;
}

function asJson({ record: { name, version }, end, stats }: Told): string {
  const data = {
    name,
    version,
    end: end.kind,
    reason: end.reason,
    completedHere: end.completed,
    brokenHere: end.broken,
  };
  return `${JSON.stringify({ ...data, stats: stats ?? null }, null, 2)}\n`;
}

interface Text extends Last, Pick<Conclusion, "settings"> {
  /** What stands behind `-n` in a next command; `undefined` where none can have anything to do. */
  readonly words: string | undefined;
}

function asText({ experiment, end, standing, settings, words }: Text): string {
  const ending = describeEnd(end, { settings, standing });
  if (standing === undefined) return `${ending}\n`;
  const { stats } = standing;
  return `${ending}\n\n${showStats(stats, experiment.space)}${words === undefined ? "" : hint(end, standing, words)}`;
}

/** The next commands: only such as have something to do. */
function hint(end: Ending, { record, summary, stats }: Standing, words: string): string {
  const name = `-n ${words}`;
  // More than the limit where it was lowered afterwards.
  const { completed } = summary.counts;
  if (end.kind === "done" && end.completed === 0 && completed > 0) {
    const all = completed === 1 ? "The only trial was" : `All ${completed} trials were`;
    return `\n${all} completed before. For more: orion hunt ${name} --exp-max-trials ${2 * completed}\n`;
  }
  if (stats.completed || end.kind === "all-broken") return "";
  const canGoOn = summary.counts.broken < record.maxBroken;
  return `\nWhat next: orion status ${name}${canGoOn ? `; orion hunt ${name}` : ""}\n`;
}

const endings: Readonly<
  Record<Exclude<Ending["kind"], "left-to-others" | "stopped" | "all-broken" | "interrupted">, string>
> = {
  done: "Search finished successfully.",
  exhausted: "Search finished successfully: the algorithm has nothing left to suggest.",
  broken: "Trials failed too many times.",
  "worker-broken": "Worker has reached broken trials threshold.",
  "worker-limit": "This worker has completed as many trials as it was asked to.",
};

function describeEnd(
  end: Ending,
  { settings, standing }: Pick<Last, "standing"> & Pick<Conclusion, "settings">,
): string {
  if (end.kind === "left-to-others") return leftToOthers(settings, standing);
  if (end.kind === "interrupted") return interrupted(standing);
  // The search may have ended with this worker's last trial, and that is what matters.
  if (end.kind === "worker-limit" && standing?.stats.completed) return endings.done;
  if (end.kind === "all-broken") {
    return `${allBroken(standing!)}, and the algorithm has nothing left to suggest.`;
  }
  return end.kind === "stopped" ? `Search ended. ${end.reason}` : endings[end.kind];
}

/** A program may have ended well all the same, and then there is nothing to go on with. */
function interrupted(standing: Standing | undefined): string {
  const isAny = standing === undefined || standing.summary.counts.interrupted > 0;
  return `Orion is interrupted.${isAny ? "\nThe trials that were running will be resumed by the next hunt." : ""}`;
}

/** That this worker leaves is no fault, and nothing that anybody has to wait for. */
function leftToOthers({ idleTimeoutMs }: Conclusion["settings"], standing: Standing | undefined): string {
  const count = standing?.summary.counts.reserved ?? 0;
  const trials =
    count === 0 ? "The last trials were" : count === 1 ? "The last trial is" : `The last ${count} trials are`;
  return (
    `${trials} running in other workers, which go on without this one. ` +
    `It had nothing to do for ${idleTimeoutMs / 1000} s (--idle-timeout).`
  );
}

function allBroken({ summary: { counts } }: Standing): string {
  return counts.broken === 1 ? "The only trial is broken" : `All ${counts.broken} trials are broken`;
}

/** @param words - The name and perhaps the version, as a command takes them. */
function brokenError({ kind, broken }: Ending, standing: Standing, words: string): BrokenExperimentError {
  const { record, summary } = standing;
  const messages: Readonly<Record<string, string>> = {
    broken: `Experiment "${record.name}" is broken: ${quantity(summary.counts.broken, "trial")} failed.`,
    "worker-broken": `This worker stops: ${broken} of its trials ${broken === 1 ? "is" : "are"} broken.`,
    "all-broken": `Experiment "${record.name}" has no result: ${summary.counts.broken === 1 ? "its only trial" : "each of its trials"} failed.`,
  };
  return new BrokenExperimentError(
    messages[kind]!,
    `Look at them with \`orion info -n ${words}\`; then \`orion db rm ${words} --status broken\`` +
      (kind === "all-broken"
        ? ", and hunt again."
        : ", or go on with a larger --exp-max-broken or --worker-max-broken."),
  );
}

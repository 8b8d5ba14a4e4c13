import { BrokenExperimentError, StorageError } from "../../errors.js";
import type { Experiment } from "../../experiment/experiment.js";
import type { ExperimentRecord, Summary } from "../../storage/storage.js";
import type { WorkerEnd } from "../../worker/run-worker.js";
import type { Terminal } from "../terminal.js";
import { shellWord } from "../text/shell-word.js";
import { type Stats, showStats, statsOf } from "../text/stats.js";
import type { WorkerSettings } from "./worker-settings.js";

interface Conclusion {
  readonly terminal: Pick<Terminal, "out">;
  readonly experiment: Experiment;
  readonly end: WorkerEnd;
  readonly settings: Pick<WorkerSettings, "idleTimeoutMs">;
  readonly isJson: boolean;
}

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
export async function conclude({ terminal, experiment, end, settings, isJson }: Conclusion): Promise<number> {
  const standing = await readStanding(experiment, end).catch((error: unknown) => {
    // Whoever is told to stop has to stop, with or without a database.
    if (end.kind === "interrupted" && error instanceof StorageError) return undefined;
    throw error;
  });
  terminal.out(isJson ? asJson({ experiment, end, standing }) : asText({ experiment, end, standing, settings }));
  if (end.kind === "interrupted") return 130;
  if (end.kind === "broken" || end.kind === "worker-broken") throw brokenError(end, standing!);
  return 0;
}

async function readStanding({ storage, space, record }: Experiment, { kind }: WorkerEnd): Promise<Standing> {
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

interface Last extends Pick<Conclusion, "experiment" | "end"> {
  readonly standing: Standing | undefined;
}

function asJson({ experiment: { record }, end, standing }: Last): string {
  const { name, version } = record;
  const data = {
    name,
    version,
    end: end.kind,
    reason: end.reason,
    completedHere: end.completed,
    brokenHere: end.broken,
  };
  return `${JSON.stringify({ ...data, stats: standing?.stats ?? null }, null, 2)}\n`;
}

function asText({ experiment, end, standing, settings }: Last & Pick<Conclusion, "settings">): string {
  const ending = describeEnd(end, { settings, standing });
  if (standing === undefined) return `${ending}\n`;
  const { stats, record } = standing;
  const name = shellWord(record.name);
  const next = stats.completed ? "" : `\nHow it goes on: orion status -n ${name}; orion hunt -n ${name}\n`;
  return `${ending}\n\n${showStats(stats, experiment.space)}${next}`;
}

const endings: Readonly<Record<Exclude<WorkerEnd["kind"], "left-to-others" | "stopped">, string>> = {
  done: "Search finished successfully.",
  exhausted: "Search finished successfully: the algorithm has nothing left to suggest.",
  broken: "Trials failed too many times.",
  "worker-broken": "Worker has reached broken trials threshold.",
  "worker-limit": "This worker has completed as many trials as it was asked to.",
  interrupted: "Orion is interrupted.\nThe trials that were running will be resumed by the next hunt.",
};

function describeEnd(
  end: WorkerEnd,
  { settings, standing }: Pick<Last, "standing"> & Pick<Conclusion, "settings">,
): string {
  if (end.kind === "left-to-others") return leftToOthers(settings, standing);
  return end.kind === "stopped" ? `Search ended. ${end.reason}` : endings[end.kind];
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

function brokenError({ kind, broken }: WorkerEnd, { record, summary }: Standing): BrokenExperimentError {
  const name = shellWord(record.name);
  return new BrokenExperimentError(
    kind === "broken"
      ? `Experiment "${record.name}" is broken: ${summary.counts.broken} trials failed.`
      : `This worker stops: ${broken} of its trials are broken.`,
    `Look at them with \`orion info -n ${name}\`; then \`orion db rm ${name} --status broken\`, ` +
      "or go on with a larger --exp-max-broken or --worker-max-broken.",
  );
}

import type { ExperimentRecord } from "../storage/storage.js";
import type { CommonOptions } from "./common-options.js";
import type { Session } from "./session.js";
import type { Terminal } from "./terminal.js";
import { oneLine } from "./text/printable.js";

/** What `-n`, `-v`, `-u` and the configuration select from. */
export interface Selection {
  /** All experiments (of that user), in the order of name and version. */
  readonly records: readonly ExperimentRecord[];
  /** The name asked for; `records` may lack it. */
  readonly name: string | undefined;
  readonly version: number | undefined;
}

export async function readSelection(
  { configuration, storage }: Pick<Session, "configuration" | "storage">,
  { name, version, user }: Pick<CommonOptions, "name" | "version" | "user">,
): Promise<Selection> {
  const all = await storage.listExperiments();
  return {
    records: user === undefined ? all : all.filter(({ definition }) => definition.metadata.user === user),
    name: configuration.pick("experiment.name", { commandLine: name }).value,
    version: configuration.pick("experiment.version", { commandLine: version }).value,
  };
}

/** Nothing was selected: no error, but worth saying where it was looked for. */
export function reportNothing(terminal: Terminal, session: Session, options: Pick<CommonOptions, "name">): void {
  terminal.out("No experiment found\n");
  reportUnknown(terminal, session, options);
  terminal.error(`Looked in ${session.storage.url}; another database is chosen with --storage or -c.\n`);
}

/** A name of which there is nothing is no error either, and easily a mistyped one; with --json it would go unseen. */
export function reportUnknown(
  terminal: Terminal,
  { configuration }: Session,
  { name }: Pick<CommonOptions, "name">,
): void {
  const wanted = configuration.pick("experiment.name", { commandLine: name }).value;
  if (wanted !== undefined) terminal.error(`There is no experiment "${oneLine(wanted)}".\n`);
}

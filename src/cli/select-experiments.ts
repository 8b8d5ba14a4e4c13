import type { ExperimentRecord } from "../storage/storage.js";
import type { CommonOptions } from "./common-options.js";
import type { Session } from "./session.js";
import type { Terminal } from "./terminal.js";

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
export function reportNothing(terminal: Terminal, { storage }: Pick<Session, "storage">): void {
  terminal.out("No experiment found\n");
  terminal.error(`Looked in ${storage.url}; another database is chosen with --storage or -c.\n`);
}

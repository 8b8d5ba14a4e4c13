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

type Asked = Pick<CommonOptions, "name" | "version" | "user">;

export async function readSelection(
  { configuration, storage }: Pick<Session, "configuration" | "storage">,
  { name, version, user }: Asked,
): Promise<Selection> {
  const all = await storage.listExperiments();
  return {
    records: user === undefined ? all : all.filter(({ definition }) => definition.metadata.user === user),
    name: configuration.pick("experiment.name", { commandLine: name }).value,
    version: configuration.pick("experiment.version", { commandLine: version }).value,
  };
}

/** Nothing was selected: no error, but worth saying where it was looked for. */
export function reportNothing(terminal: Terminal, session: Session, options: Asked): void {
  terminal.out("No experiment found\n");
  reportUnknown(terminal, session, options);
  terminal.error(`Looked in ${session.storage.url}; another database is chosen with --storage or -c.\n`);
}

/** What was asked for by name is no error either, and easily mistyped; with --json it would go unseen. */
export function reportUnknown(
  terminal: Terminal,
  { configuration }: Pick<Session, "configuration">,
  { name: typedName, version: typedVersion, user }: Asked,
): void {
  const name = configuration.pick("experiment.name", { commandLine: typedName }).value;
  const version = configuration.pick("experiment.version", { commandLine: typedVersion }).value;
  const asked = [
    ...(name === undefined ? [] : [` "${oneLine(name)}"`]),
    ...(version === undefined ? [] : [` with version ${version}`]),
    ...(user === undefined ? [] : [` of user "${oneLine(user)}"`]),
  ];
  if (asked.length > 0) terminal.error(`There is no experiment${asked.join("")}.\n`);
}

import { UsageError } from "../errors.js";
import { findExperiment } from "../experiment/define-experiment.js";
import type { ExperimentRecord } from "../storage/storage.js";
import type { CommonOptions } from "./common-options.js";
import { branchesNamed, branchOf, type Family, familiesOf, membersOf } from "./families.js";
import { readSelection, type Selection } from "./select-experiments.js";
import type { Session } from "./session.js";
import type { Terminal } from "./terminal.js";
import { oneLine } from "./text/printable.js";

export interface StatusOptions extends CommonOptions {
  readonly all?: boolean;
  readonly collapse?: boolean;
  readonly expandVersions?: boolean;
}

/** An experiment to show, with those whose trials count as its own. */
export interface Selected {
  readonly record: ExperimentRecord;
  readonly members: readonly ExperimentRecord[];
  readonly depth: number;
}

interface SelectInput {
  readonly session: Session;
  readonly options: StatusOptions;
}

/**
 * What `orion status` shows, each parent before its children: the newest version of each name; with `-e` every version;
 * with `-C` whole families as one; with `-v` that version.
 *
 * @throws {UsageError} for a version without a name together with `-C` or `-e`.
 * @throws {NotFoundError} for a version of a name that was removed.
 */
export async function selectStatus(terminal: Terminal, { session, options }: SelectInput): Promise<Selected[]> {
  const selection = await readSelection(session, options);
  const { records, name, version } = selection;
  const { collapse = false, expandVersions = false } = options;
  const families = familiesOf(records);
  if (version === undefined) return selectNewest(families, { ...selection, collapse, expandVersions });
  if (name === undefined && (collapse || expandVersions)) {
    throw new UsageError(
      `--version ${version} with --collapse or --expand-versions could mean any experiment.`,
      "Add -n NAME.",
    );
  }
  const wanted = await withVersion(terminal, { session, selection });
  return wanted.map((record) => ({
    record,
    members: collapse ? membersOf(branchOf(families, record.id)!) : [record],
    depth: 0,
  }));
}

async function withVersion(
  terminal: Terminal,
  { session, selection: { records, name, version } }: { readonly session: Session; readonly selection: Selection },
): Promise<readonly ExperimentRecord[]> {
  if (name === undefined) return records.filter((record) => record.version === version);
  const { record, notes } = await findExperiment(session.storage, name, version);
  for (const note of notes) terminal.error(`Warning: ${oneLine(note)}\n`);
  return records.filter(({ id }) => id === record?.id);
}

type NewestOptions = Required<Pick<StatusOptions, "collapse" | "expandVersions">> & Selection;

/** Families from the root, or from the topmost experiments of a name, each parent before its children. */
function selectNewest(
  families: readonly Family[],
  { records, name, collapse, expandVersions }: NewestOptions,
): Selected[] {
  const newest = new Map(records.map((record) => [record.name, record.id])); // the last of a name is the newest
  const isShown = ({ id, name }: ExperimentRecord) => expandVersions || newest.get(name) === id;
  const walk = ({ record, children }: Family, depth: number): Selected[] => {
    const self = isShown(record) ? [{ record, members: [record], depth }] : [];
    return [...self, ...children.flatMap((child) => walk(child, depth + self.length))];
  };
  const trees = name === undefined ? families : families.flatMap((family) => branchesNamed(family, name));
  if (!collapse) return trees.flatMap((tree) => walk(tree, 0));
  const collapsed = (tree: Family): Selected => ({ record: tree.record, members: membersOf(tree), depth: 0 });
  if (!expandVersions) return trees.map(collapsed);
  return trees.flatMap((tree) => membersOf(tree).map(({ id }) => collapsed(branchOf(trees, id)!)));
}

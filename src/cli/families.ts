import type { ExperimentRecord } from "../storage/storage.js";
import { oneLine } from "./text/printable.js";

/** An experiment with those that descend from it. */
export interface Family {
  readonly record: ExperimentRecord;
  readonly children: readonly Family[];
}

/**
 * The families that the experiments form, in their given order. An experiment whose parent is not among them is a root,
 * so none is ever hidden.
 */
export function familiesOf(records: readonly ExperimentRecord[]): Family[] {
  const ids = new Set(records.map(({ id }) => id));
  const isRoot = ({ parent }: ExperimentRecord) => parent === undefined || !ids.has(parent.experimentId);
  const grow = (record: ExperimentRecord): Family => ({
    record,
    children: records.filter(({ parent }) => parent?.experimentId === record.id).map(grow),
  });
  return records.filter(isRoot).map(grow);
}

/** Its members from the root on, each before its children. */
export function membersOf({ record, children }: Family): ExperimentRecord[] {
  return [record, ...children.flatMap(membersOf)];
}

/** The parts of a family that begin with the topmost experiments of that name. */
export function branchesNamed(family: Family, name: string): Family[] {
  if (family.record.name === name) return [family];
  return family.children.flatMap((child) => branchesNamed(child, name));
}

/** The part of the families that begins with one experiment. */
export function branchOf(families: readonly Family[], experimentId: number): Family | undefined {
  for (const family of families) {
    const found = family.record.id === experimentId ? family : branchOf(family.children, experimentId);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How people write an experiment, `NAME-vVERSION`: for them, since control characters are escaped. */
export function titleOf({ name, version }: Pick<ExperimentRecord, "name" | "version">): string {
  return `${oneLine(name)}-v${version}`;
}

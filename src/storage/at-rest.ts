import type { RowStatus, StoredRecord } from "./records.js";

/**
 * A record as it is in another database: a lease means nothing there, so what was reserved is interrupted and an open
 * slot is idle. The counts of an experiment follow.
 */
export function atRest(record: StoredRecord): StoredRecord {
  if (record.kind === "experiment") {
    const { reserved, open, interrupted, idle } = record.counts;
    const counts = { ...record.counts, reserved: 0, open: 0, interrupted: interrupted + reserved, idle: idle + open };
    return { ...record, counts };
  }
  if (record.kind !== "trial") return record;
  const { owner: _, leaseUntil: __, ...rest } = record;
  return { ...rest, status: restingStatus(record.status) };
}

export function restingStatus(status: RowStatus): RowStatus {
  if (status === "reserved") return "interrupted";
  return status === "open" ? "idle" : status;
}

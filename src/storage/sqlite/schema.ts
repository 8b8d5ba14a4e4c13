import { rowStatuses } from "../rows.js";

/** Marks the file as ours (`pragma application_id`): "orio" in ASCII. */
export const applicationId = 0x6f72696f;

/** Version of the schema below (`pragma user_version`). Raise it with each change and add a migration. */
export const schemaVersion = 2;

/** Values that trials reported while they ran. A step that is reported again moves to the end. */
const reportsTable = `
create table reports (
  position integer primary key autoincrement, -- in the order of arrival; never used again
  experiment integer not null,
  number integer not null,
  step real not null,
  value text not null,                -- JSON, since it may be NaN
  unique (experiment, number, step),
  foreign key (experiment, number) references trials (experiment, number) on delete cascade
) strict;
create index reports_by_position on reports (experiment, position);
`;

/** What experiments were before they were changed, so that a suggestion can be recomputed as it was made. */
const formerDefinitionsTable = `
create table former_definitions (
  experiment integer not null references experiments (id) on delete cascade,
  until_revision integer not null,    -- the first one at which it was not in force any more
  max_trials integer,
  definition text not null,
  primary key (experiment, until_revision)
) strict;
`;

/**
 * The tables. Besides the statuses of a trial, a row can be an empty slot: `open` (leased, no parameters yet) or `idle`
 * (given back by an algorithm that waits).
 *
 * What changes with every step of a worker is in `histories`, one small row for each experiment, apart from the
 * definition, which is long. The counts in it are kept by triggers, so no statement can forget them and the budget is
 * checked without reading the trials. `priority` orders what `reserveTrial` takes: interrupted and suspended, then new,
 * then idle slots.
 */
export const schema = `
create table experiments (
  id integer primary key,
  name text not null,
  version integer not null,
  definition_revision integer not null,
  max_trials integer,                 -- null: no limit
  max_broken integer,
  working_dir text not null,
  parent text,
  created_time integer not null,
  definition text not null,           -- last, since it is long and seldom read
  unique (name, version)
) strict;

create table histories (
  experiment integer primary key references experiments (id) on delete cascade,
  revision integer not null default 1,
  rewritten_revision integer not null default 0, -- of the last removal or change by hand
  next_number integer not null default 1,
  first_start integer,
  last_end integer,
${rowStatuses.map((status) => `  n_${status} integer not null default 0`).join(",\n")}
) strict;

create table trials (
  experiment integer not null references experiments (id) on delete cascade,
  number integer not null,
  id text,                            -- null: an empty slot
  status text not null,
  params text,
  results text,
  objective real,                     -- what the results say, when finite; ranks completed trials
  parent text,
  owner text,
  epoch integer not null,
  lease_until integer,
  submit_time integer,
  start_time integer,
  end_time integer,
  created_revision integer not null,
  filled_revision integer,            -- at which it got its parameters
  changed_revision integer not null,
  finished_revision integer,
  finished_epoch integer,
  basis_revision integer,
  attempt integer not null default 0,
  working_dir text not null default '',
  failure text,
  facts text,                         -- what the algorithm wrote down, JSON
  claim text,                         -- unique where it is given: a promotion, a fork
  stopped_at real,                    -- step at which it was stopped early
  priority integer generated always as
    (case status when 'interrupted' then 0 when 'suspended' then 0 when 'new' then 1 when 'idle' then 2 end) virtual,
  primary key (experiment, number)
) strict, without rowid;

create unique index trials_by_id on trials (experiment, id) where id is not null;
create unique index trials_by_claim on trials (experiment, claim) where claim is not null;
create index trials_by_change on trials (experiment, changed_revision);
create index trials_waiting on trials (experiment, priority, number) where priority is not null;
create index trials_leased on trials (experiment, lease_until) where lease_until is not null;
create index trials_ranked on trials (experiment, objective, number)
  where status = 'completed' and objective is not null;

create table late_results (
  experiment integer not null,
  number integer not null,
  epoch integer not null,
  results text not null,
  primary key (experiment, number, epoch),
  foreign key (experiment, number) references trials (experiment, number) on delete cascade
) strict, without rowid;

${reportsTable}
${formerDefinitionsTable}
create trigger trials_inserted after insert on trials begin
  update histories set ${count("new", "+")} where experiment = new.experiment;
end;

create trigger trials_moved after update of status on trials when old.status <> new.status begin
  update histories set ${moved()} where experiment = new.experiment;
end;

create trigger trials_deleted after delete on trials begin
  update histories set ${count("old", "-")} where experiment = old.experiment;
end;
`;

function count(row: "old" | "new", sign: "+" | "-"): string {
  return rowStatuses.map((status) => `n_${status} = n_${status} ${sign} (${row}.status = '${status}')`).join(", ");
}

function moved(): string {
  return rowStatuses
    .map((status) => `n_${status} = n_${status} + (new.status = '${status}') - (old.status = '${status}')`)
    .join(", ");
}

/** Statements that bring a file from version n to n + 1, at index n − 1. */
export const migrations: readonly string[] = [
  `
  alter table trials add column facts text;
  alter table trials add column claim text;
  alter table trials add column stopped_at real;
  alter table trials add column filled_revision integer;
  create unique index trials_by_claim on trials (experiment, claim) where claim is not null;
  ${reportsTable}
  ${formerDefinitionsTable}`,
];

import { rowStatuses } from "../rows.js";

/**
 * Statistics of a table that never was: a thousand trials of one experiment.
 *
 * Without any, the planner takes `experiment = …` for as selective as `id = …` and may walk through all trials of an
 * experiment by another index. It would do so until autovacuum comes by, and plans stay in sessions. Analyzing an empty
 * table changes nothing, so these stay until there are real ones. Of `experiment` there are none at any time: the planner
 * then takes one for a two hundredth of the table, and not for nothing because it was not there when it was analyzed.
 */
const statistics = `
insert into orion.trials (experiment, number, id, status, owner, lease_until, epoch, objective, reservation,
                          created_revision, changed_revision)
select 0, n, md5(n::text), case when n % 50 = 0 then 'reserved' when n % 99 = 0 then 'new' else 'completed' end,
       case when n % 50 = 0 then n::text end, case when n % 50 = 0 then n end, 1, n, gen_random_uuid(), n, n
  from generate_series(1, 1000) as n;
insert into orion.reports (experiment, number, step, value) select 0, n, 1, '' from generate_series(1, 1000) as n;
insert into orion.late_results select 0, n, 1, '' from generate_series(1, 10) as n;
alter table orion.trials alter column experiment set statistics 0;
alter table orion.reports alter column experiment set statistics 0;
alter table orion.late_results alter column experiment set statistics 0;
analyze orion.trials;
analyze orion.reports;
analyze orion.late_results;
delete from orion.trials;
alter sequence orion.reports_position_seq restart;
`;

/**
 * Statements that bring the tables from version n to n + 1, at index n; version 0 is an empty database. A new database
 * runs all of them, so it cannot differ from one that was upgraded. Functions are no part of it: they are made anew
 * with each version.
 *
 * The tables are those of SQLite, in a schema `orion` of their own, so that the database may belong to others as well.
 * What changes with every step of a worker is in `histories`, one small row for each experiment. **Its lock is what
 * orders the writers of an experiment**: every function that changes the history takes it first, so revisions are dense
 * and become visible in order, and what was counted stays true until the commit. That also stands in for foreign keys
 * on the way from a trial to its experiment, whose checks would cost a fifth of a step.
 *
 * Functions keep the counts, and not triggers as with SQLite: `advance` changes all that a step changes in a history
 * with one update.
 */
export const migrations: readonly string[] = [
  `
create table orion.experiments (
  id bigint generated always as identity primary key,
  name text not null,
  version bigint not null,
  definition_revision bigint not null default 1,
  max_trials bigint,                  -- null: no limit
  max_broken bigint,
  working_dir text not null,
  parent text,
  created_time bigint not null,
  direction text not null,            -- of the definition, which is opaque here
  definition text not null,
  unique (name, version)
);

create table orion.former_definitions (
  experiment bigint not null references orion.experiments (id) on delete cascade,
  until_revision bigint not null,     -- the first one at which it was not in force any more
  max_trials bigint,
  definition text not null,
  primary key (experiment, until_revision)
);

create table orion.histories (
  experiment bigint primary key,
  revision bigint not null default 1,
  rewritten_revision bigint not null default 0, -- of the last removal or change by hand
  next_number bigint not null default 1,
  first_start bigint,
  last_end bigint,
${rowStatuses.map((status) => `  n_${status} bigint not null default 0`).join(",\n")}
) with (fillfactor = 20);             -- room for the versions of a row that changes all the time

create table orion.trials (
  experiment bigint not null,
  number bigint not null,
  id text,                            -- null: an empty slot
  status text not null,
  params text,                        -- JSON as text: jsonb would lose digits and refuse \\u0000
  results text,
  objective double precision,         -- what the results say, when finite; ranks completed trials
  parent text,
  owner text,
  epoch bigint not null,
  reservation uuid,                   -- names the call that made the lease, so that it can be asked again
  lease_until bigint,
  submit_time bigint,
  start_time bigint,
  end_time bigint,
  created_revision bigint not null,
  filled_revision bigint,             -- at which it got its parameters
  changed_revision bigint not null,
  finished_revision bigint,
  finished_epoch bigint,
  basis_revision bigint,
  attempt bigint not null default 0,
  working_dir text not null default '',
  failure text,
  facts text,
  claim text,
  stopped_at double precision,
  priority smallint generated always as
    (case status when 'interrupted' then 0 when 'suspended' then 0 when 'new' then 1 when 'idle' then 2 end) stored,
  primary key (experiment, number)
) with (fillfactor = 80);

create unique index trials_by_id on orion.trials (experiment, id) where id is not null;
create unique index trials_by_claim on orion.trials (experiment, claim) where claim is not null;
create unique index trials_by_reservation on orion.trials (experiment, reservation) where reservation is not null;
create index trials_by_change on orion.trials (experiment, changed_revision);
create index trials_waiting on orion.trials (experiment, priority, number) where priority is not null;
create index trials_leased on orion.trials (experiment, lease_until) where lease_until is not null;
create index trials_ranked on orion.trials (experiment, objective, number)
  where status = 'completed' and objective is not null;

create table orion.late_results (
  experiment bigint not null,
  number bigint not null,
  epoch bigint not null,
  results text not null,
  primary key (experiment, number, epoch),
  foreign key (experiment, number) references orion.trials (experiment, number) on delete cascade
);

create table orion.reports (
  position bigint generated by default as identity, -- in the order of arrival, within an experiment
  experiment bigint not null,
  number bigint not null,
  step double precision not null,
  value text not null,                -- JSON, since it may be NaN
  primary key (experiment, number, step),
  foreign key (experiment, number) references orion.trials (experiment, number) on delete cascade
);
create index reports_by_position on orion.reports (experiment, position);

create table orion.answers (          -- what was answered to changes by hand, for calls that are repeated
  nonce uuid primary key,
  answer json,
  answered_time timestamptz not null default now()
);

${statistics}
`,
  `
-- Functions alone: histories are read in chunks, and nobody waits for the disk with the lock of a history.
`,
  `
-- Functions alone: a lease takes its name along when it ends, and a renewal prolongs those that it is told.
`,
  `
-- Functions alone: what waits is given out within the budget, too, a full last chunk waits for the disk, and a change by
-- hand that matches nothing is none.
`,
];

/** Version of the schema and of the functions. Raise it with each change of either, and add a migration. */
export const schemaVersion: number = migrations.length;

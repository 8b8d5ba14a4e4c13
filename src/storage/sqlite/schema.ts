/** Marks the file as ours (`pragma application_id`): "orio" in ASCII. */
export const applicationId = 0x6f72696f;

/** Version of the schema below (`pragma user_version`). Raise it with each change and add a migration. */
export const schemaVersion = 1;

/**
 * The tables. Besides the statuses of a trial, a row can be an empty slot: `open` (leased, no parameters yet) or `idle`
 * (given back by an algorithm that waits).
 *
 * `counts` is kept by triggers, so no statement can forget it and the budget is checked without reading the history.
 * `priority` orders what `reserveTrial` takes: interrupted and suspended, then new, then idle slots.
 */
export const schema = `
create table experiments (
  id integer primary key,
  name text not null,
  version integer not null,
  definition text not null,
  definition_revision integer not null,
  max_trials integer,                 -- null: no limit
  max_broken integer,
  working_dir text not null,
  parent text,
  created_time integer not null,
  revision integer not null,
  rewritten_revision integer not null, -- of the last removal or change by hand
  next_number integer not null,
  first_start integer,
  last_end integer,
  unique (name, version)
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
  changed_revision integer not null,
  finished_revision integer,
  finished_epoch integer,
  basis_revision integer,
  attempt integer not null default 0,
  working_dir text not null default '',
  failure text,
  priority integer generated always as
    (case status when 'interrupted' then 0 when 'suspended' then 0 when 'new' then 1 when 'idle' then 2 end) virtual,
  primary key (experiment, number)
) strict, without rowid;

create unique index trials_by_id on trials (experiment, id) where id is not null;
create index trials_by_change on trials (experiment, changed_revision);
create index trials_waiting on trials (experiment, priority, number) where priority is not null;
create index trials_leased on trials (experiment, lease_until) where lease_until is not null;
create index trials_owned on trials (owner) where owner is not null;
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

create table counts (
  experiment integer not null references experiments (id) on delete cascade,
  status text not null,
  quantity integer not null,
  primary key (experiment, status)
) strict, without rowid;

create trigger trials_inserted after insert on trials begin
  insert into counts values (new.experiment, new.status, 1)
    on conflict do update set quantity = quantity + 1;
end;

create trigger trials_moved after update of status on trials when old.status <> new.status begin
  update counts set quantity = quantity - 1 where experiment = old.experiment and status = old.status;
  insert into counts values (new.experiment, new.status, 1)
    on conflict do update set quantity = quantity + 1;
end;

create trigger trials_deleted after delete on trials begin
  update counts set quantity = quantity - 1 where experiment = old.experiment and status = old.status;
end;
`;

/** Statements that bring a file from version n to n + 1, at index n − 1. */
export const migrations: readonly string[] = [];

-- What version 1 of the schema made of an empty file, and an experiment with three trials in it.
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
  n_new integer not null default 0,
  n_reserved integer not null default 0,
  n_suspended integer not null default 0,
  n_completed integer not null default 0,
  n_interrupted integer not null default 0,
  n_broken integer not null default 0,
  n_open integer not null default 0,
  n_idle integer not null default 0
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

create trigger trials_inserted after insert on trials begin
  update histories set n_new = n_new + (new.status = 'new'), n_reserved = n_reserved + (new.status = 'reserved'), n_suspended = n_suspended + (new.status = 'suspended'), n_completed = n_completed + (new.status = 'completed'), n_interrupted = n_interrupted + (new.status = 'interrupted'), n_broken = n_broken + (new.status = 'broken'), n_open = n_open + (new.status = 'open'), n_idle = n_idle + (new.status = 'idle') where experiment = new.experiment;
end;

create trigger trials_moved after update of status on trials when old.status <> new.status begin
  update histories set n_new = n_new + (new.status = 'new') - (old.status = 'new'), n_reserved = n_reserved + (new.status = 'reserved') - (old.status = 'reserved'), n_suspended = n_suspended + (new.status = 'suspended') - (old.status = 'suspended'), n_completed = n_completed + (new.status = 'completed') - (old.status = 'completed'), n_interrupted = n_interrupted + (new.status = 'interrupted') - (old.status = 'interrupted'), n_broken = n_broken + (new.status = 'broken') - (old.status = 'broken'), n_open = n_open + (new.status = 'open') - (old.status = 'open'), n_idle = n_idle + (new.status = 'idle') - (old.status = 'idle') where experiment = new.experiment;
end;

create trigger trials_deleted after delete on trials begin
  update histories set n_new = n_new - (old.status = 'new'), n_reserved = n_reserved - (old.status = 'reserved'), n_suspended = n_suspended - (old.status = 'suspended'), n_completed = n_completed - (old.status = 'completed'), n_interrupted = n_interrupted - (old.status = 'interrupted'), n_broken = n_broken - (old.status = 'broken'), n_open = n_open - (old.status = 'open'), n_idle = n_idle - (old.status = 'idle') where experiment = old.experiment;
end;

insert into experiments (id, name, version, definition_revision, max_trials, max_broken, working_dir, created_time, definition)
values (1, 'old', 1, 1, 10, 3, '', 1700000000000, '{"space":{"/x":"uniform(0, 1)"},"algorithm":{"name":"random","options":{}},"seed":"1","direction":"minimize","metadata":{"user":"tester","datetime":"2025-01-01T00:00:00.000Z","orionVersion":"0.1.0","userArgs":[]}}');
insert into histories (experiment, revision, next_number) values (1, 9, 4);
insert into trials (experiment, number, id, status, params, results, objective, epoch, submit_time, created_revision, changed_revision, finished_revision, basis_revision)
values (1, 1, '00000000000000000000000000000001', 'completed', '{"/x":0.25}', '[{"name":"o","type":"objective","value":0.5}]', 0.5, 1, 1700000000001, 2, 4, 4, 0),
       (1, 2, '00000000000000000000000000000002', 'broken', '{"/x":0.5}', null, null, 1, 1700000000002, 3, 6, 6, 0),
       (1, 3, '00000000000000000000000000000003', 'interrupted', '{"/x":0.75}', null, null, 2, 1700000000003, 5, 8, null, 0);
pragma application_id = 1869769071;
pragma user_version = 1;

import { refusals } from "./history-functions.js";

/** Experiments: see `experiments.ts` for what each call means. */
export const experimentFunctions = `
create or replace function orion.create_experiment(
  call uuid, its_name text, its_version bigint, its_definition text, its_direction text, trial_limit bigint,
  broken_limit bigint, its_directory text, its_parent text
) returns json language plpgsql as $$
declare
  known json := orion.recall(call);
  e bigint;
begin
  if known is not null then return known; end if;
  insert into orion.experiments (name, version, definition, direction, max_trials, max_broken, working_dir, parent,
                                 created_time)
  values (its_name, its_version, its_definition, its_direction, trial_limit, broken_limit, its_directory, its_parent,
          orion.now_ms())
      on conflict (name, version) do nothing returning id into e;
  if e is null then raise exception 'taken' using errcode = '${refusals.conflict}'; end if;
  insert into orion.histories (experiment) values (e);
  return orion.remember(call, to_json(e));
end $$;

-- \`change\` has the columns that change, by name.
create or replace function orion.change_experiment(
  call uuid, e bigint, expected bigint, change json
) returns json language plpgsql as $$
declare
  known json := orion.recall(call);
  x orion.experiments;
begin
  if known is not null then return known; end if;
  perform orion.lock_history(e);
  select * into x from orion.experiments where id = e for no key update;
  if x.definition_revision <> expected then
    raise exception 'changed meanwhile' using errcode = '${refusals.conflict}',
      detail = format('"%s" version %s', x.name, x.version);
  end if;
  if exists (select from json_object_keys(change)) then
    insert into orion.former_definitions (experiment, until_revision, max_trials, definition)
    values (e, orion.advance(e), x.max_trials, x.definition);
    update orion.experiments set
      max_trials = case when change -> 'max_trials' is null then max_trials else (change ->> 'max_trials')::bigint end,
      max_broken = case when change -> 'max_broken' is null then max_broken else (change ->> 'max_broken')::bigint end,
      working_dir = coalesce(change ->> 'working_dir', working_dir),
      definition = coalesce(change ->> 'definition', definition),
      direction = coalesce(change ->> 'direction', direction),
      definition_revision = definition_revision + 1
    where id = e;
  end if;
  return orion.remember(call, to_json(e));
end $$;

create or replace function orion.remove_experiments(call uuid, ids bigint[]) returns json language plpgsql as $$
declare
  known json := orion.recall(call);
  e bigint;
  trials bigint := 0;
  n bigint;
begin
  if known is not null then return known; end if;
  for e in select distinct unnest(ids) order by 1 loop
    perform orion.lock_history(e);
    perform orion.advance(e); -- whoever waits for its news hears of the end
    select count(*) into n from orion.trials where experiment = e and id is not null;
    trials := trials + n;
    delete from orion.trials where experiment = e;
    delete from orion.histories where experiment = e;
    delete from orion.experiments where id = e;
  end loop;
  return orion.remember(call, json_build_object('experiments', cardinality(ids), 'trials', trials));
end $$;
`;

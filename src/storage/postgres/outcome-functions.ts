import { predecessors } from "../../trial/trial.js";
import { refusals } from "./history-functions.js";

const mayComplete = predecessors("completed")
  .map((status) => `'${status}'`)
  .join(", ");

/** Empty slots are no trials, so no filter matches one. A filter that is null matches every trial. */
const matches =
  "experiment = e and id is not null and (statuses is null or status = any (statuses)) and (ids is null or id = any (ids))";

/** Results and changes by hand: see `outcomes.ts` for what each call means. */
export const outcomeFunctions = `
create or replace function orion.finish_trial(
  e bigint, n bigint, lease_epoch bigint, told text, rank double precision, stop double precision
) returns text language plpgsql as $$
declare
  t orion.trials;
  rev bigint;
  moment bigint := orion.now_ms();
begin
  perform from orion.histories where experiment = e for update;
  select * into t from orion.trials where experiment = e and number = n;
  if t.id is null then return 'removed'; end if;
  if t.finished_epoch = lease_epoch then return 'completed'; end if; -- the same call once more
  if t.status not in (${mayComplete}) then
    insert into orion.late_results (experiment, number, epoch, results) values (e, n, lease_epoch, told)
        on conflict do nothing;
    if found then
      update orion.trials set changed_revision = orion.advance(e) where experiment = e and number = n;
    end if;
    return 'kept';
  end if;
  rev := orion.advance(e, t.status, 'completed', ended => moment);
  update orion.trials
     set status = 'completed', results = told, objective = rank, end_time = moment, owner = null, reservation = null,
         lease_until = null, failure = null, changed_revision = rev, finished_revision = rev,
         finished_epoch = lease_epoch, stopped_at = stop
   where experiment = e and number = n;
  return 'completed';
end $$;

-- All of \`items\` or none, in one revision. Returns their numbers.
create or replace function orion.insert_trials(call uuid, e bigint, items json) returns json language plpgsql as $$
declare
  known json := orion.recall(call);
  h orion.histories;
  rev bigint;
  moment bigint := orion.now_ms();
  twice text;
  n_done bigint;
  n_taken bigint;
begin
  if known is not null then return known; end if;
  h := orion.lock_history(e);
  select given into twice from (select item ->> 'id' as given from json_array_elements(items) as item) as g
   group by given
  having count(*) > 1 or exists (select from orion.trials where experiment = e and id = given) limit 1;
  if found then raise exception 'duplicate' using errcode = '${refusals.conflict}', detail = twice; end if;
  if json_array_length(items) > 0 then
    select count(item ->> 'results'), count(item ->> 'worker') into n_done, n_taken
      from json_array_elements(items) as item;
    rev := orion.advance(e, numbers => json_array_length(items), started => case when n_taken > 0 then moment end);
    insert into orion.trials (experiment, number, id, status, params, results, objective, owner, epoch, lease_until,
                              submit_time, start_time, end_time, created_revision, filled_revision, changed_revision,
                              finished_revision, working_dir)
    select e, h.next_number + position - 1, item ->> 'id',
           case when is_done then 'completed' when is_taken then 'reserved' else 'new' end,
           item ->> 'params', item ->> 'results', (item ->> 'objective')::double precision, item ->> 'worker',
           is_taken::integer, case when is_taken then moment + (item ->> 'leaseMs')::bigint end, moment,
           case when is_done or is_taken then moment end, case when is_done then moment end, rev, rev, rev,
           case when is_done then rev end, item ->> 'workingDir'
      from json_array_elements(items) with ordinality as i (item, position),
           lateral (select item ->> 'results' is not null as is_done, item ->> 'worker' is not null as is_taken) as d;
    perform orion.count(e, null, 'completed', n_done), orion.count(e, null, 'reserved', n_taken),
            orion.count(e, null, 'new', json_array_length(items) - n_done - n_taken);
  end if;
  return orion.remember(call, (
    select coalesce(json_agg(given), '[]')
      from generate_series(h.next_number, h.next_number + json_array_length(items) - 1) as given
  ));
end $$;

-- Count a change by hand: whoever caches the history reads it anew.
create or replace function orion.rewrite(e bigint) returns bigint language plpgsql as $$
declare rev bigint := orion.advance(e);
begin
  update orion.histories set rewritten_revision = rev where experiment = e;
  return rev;
end $$;

create or replace function orion.set_status(
  call uuid, e bigint, statuses text[], ids text[], to_status text, is_final boolean
) returns json language plpgsql as $$
declare
  known json := orion.recall(call);
  rev bigint;
  moment bigint := orion.now_ms();
  n bigint;
begin
  if known is not null then return known; end if;
  perform orion.lock_history(e);
  if not exists (select from orion.trials where ${matches}) then return orion.remember(call, to_json(0)); end if;
  rev := orion.rewrite(e);
  -- Nobody renews the lease of what is set to reserved, so it is waiting again at once.
  update orion.trials
     set status = to_status, epoch = epoch + 1, owner = null, reservation = null, changed_revision = rev,
         lease_until = case when to_status = 'reserved' then moment end,
         finished_revision = case when is_final then rev end,
         end_time = case when is_final then moment end, finished_epoch = null
   where ${matches};
  get diagnostics n = row_count;
  perform orion.recount(e);
  return orion.remember(call, to_json(n));
end $$;

create or replace function orion.remove_trials(
  call uuid, e bigint, statuses text[], ids text[]
) returns json language plpgsql as $$
declare
  known json := orion.recall(call);
  n bigint;
begin
  if known is not null then return known; end if;
  perform orion.lock_history(e);
  delete from orion.trials where ${matches};
  get diagnostics n = row_count;
  if n > 0 then
    perform orion.recount(e);
    perform orion.rewrite(e);
  end if;
  return orion.remember(call, to_json(n));
end $$;
`;

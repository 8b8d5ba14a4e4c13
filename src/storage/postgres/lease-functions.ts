/** Columns that a suggestion fills, and where they are found in its JSON `told`; all null (or so) without one. */
const suggested: Readonly<Record<string, string>> = {
  status: "case when told is null then 'open' else 'reserved' end",
  id: "told ->> 'id'",
  params: "told ->> 'params'",
  parent: "told ->> 'parent'",
  working_dir: "coalesce(told ->> 'workingDir', '')",
  basis_revision: "(told ->> 'basisRevision')::bigint",
  attempt: "coalesce((told ->> 'attempt')::bigint, 0)",
  facts: "told ->> 'facts'",
  claim: "told ->> 'claim'",
  filled_revision: "case when told is not null then rev end",
  submit_time: "case when told is not null then moment end",
  start_time: "case when told is not null then moment end",
};
const names = Object.keys(suggested).join(", ");
const values = Object.values(suggested).join(", ");
const assignments = Object.entries(suggested)
  .map(([name, value]) => `${name} = ${value}`)
  .join(", ");

/** Leases: see `leases.ts` for what each call means. */
export const leaseFunctions = `
-- Asked first, since a violation of the UNIQUE index would abort the whole transaction.
create or replace function orion.is_taken(e bigint, told json) returns boolean language plpgsql as $$
begin
  perform from orion.trials where experiment = e and id = told ->> 'id';
  if found or told ->> 'claim' is null then return found; end if;
  return exists (select from orion.trials where experiment = e and claim = told ->> 'claim');
end $$;

-- What a worker can get: 'waiting' trial, 'idle' slot, a new one to 'open', or why there is nothing.
create or replace function orion.verdict(
  h orion.histories, waiting_only boolean, own_limit bigint
) returns text language plpgsql as $$
declare
  x orion.experiments;
  trial_limit bigint;
begin
  select * into x from orion.experiments where id = h.experiment;
  trial_limit := least(x.max_trials, own_limit); -- null is no limit, and never the least
  return case
    when h.n_completed >= trial_limit then 'done'
    when h.n_broken >= x.max_broken then 'broken'
    when h.n_reserved + h.n_open + h.n_completed >= trial_limit then 'busy'
    when h.n_interrupted + h.n_suspended + h.n_new > 0 then 'waiting'
    when waiting_only then 'busy'
    when h.n_idle > 0 then 'idle'
    else 'open' end;
end $$;

-- The epoch is raised with each reservation, and there is none unless those under way and the completed ones together
-- are fewer than the limit: nobody else is between the count and the reservation, since the history is locked.
create or replace function orion.reserve_trial(
  e bigint, for_worker text, lease_ms bigint, gone_workers text[], waiting_only boolean, only_id text,
  own_limit bigint, call uuid, is_repeated boolean, suggestions json,
  out kind text, out known bigint, out upcoming bigint, out trial orion.trials
) language plpgsql as $$
declare
  h orion.histories;
  moment bigint := orion.now_ms();
  is_lost boolean;
  rev bigint;
  lost bigint[];
  n_open bigint;
  former text;
  chosen bigint;
  told json;
begin
  -- The lease that ends first says for all of them whether one is lost; live ones may be thousands.
  is_lost := coalesce((select min(lease_until) from orion.trials where experiment = e) <= moment, false);
  if not is_lost and cardinality(gone_workers) > 0 then
    is_lost := exists (
      select from orion.trials where experiment = e and lease_until is not null and owner = any (gone_workers)
    );
  end if;

  -- An answer that changes nothing needs no lock, and no commit that waits for the disk. A repeated call needs the
  -- lock in any case: its first attempt may be waiting for it still.
  if not is_repeated and not is_lost then
    select * into h from orion.histories where experiment = e;
    if found then
      kind := orion.verdict(h, waiting_only, own_limit);
      known := h.revision;
      if kind in ('done', 'broken', 'busy') then return; end if;
    end if;
  end if;

  h := orion.lock_history(e);
  if is_repeated then
    update orion.trials t set lease_until = moment + lease_ms
     where t.experiment = e and t.reservation = call and t.owner = for_worker and t.lease_until is not null
    returning t.* into trial;
    if found then
      kind := case trial.status when 'open' then 'slot' else 'trial' end;
      return;
    end if;
  end if;

  if is_lost then
    -- A row that is being renewed at this moment is not lost, so nobody waits for it.
    select array_agg(number), count(*) filter (where status = 'open') into lost, n_open from (
      select t.number, t.status from orion.trials t
       where t.experiment = e and t.lease_until is not null
         and (t.lease_until <= moment or t.owner = any (gone_workers))
         for update skip locked
    ) as l;
  end if;
  if lost is not null then
    perform orion.count(e, 'open', 'idle', n_open);
    rev := orion.advance(e, 'reserved', 'interrupted', cardinality(lost) - n_open);
    update orion.trials set status = case status when 'open' then 'idle' else 'interrupted' end,
                            owner = null, reservation = null, lease_until = null, changed_revision = rev
     where experiment = e and number = any (lost);
    select * into h from orion.histories where experiment = e;
  end if;

  kind := orion.verdict(h, waiting_only, own_limit);
  known := h.revision;
  if kind in ('done', 'broken', 'busy') then return; end if;
  if only_id is not null then
    kind := 'waiting';
    select t.number, t.status into chosen, former from orion.trials t
     where t.experiment = e and t.id = only_id and t.priority < 2;
    if chosen is null then kind := 'busy'; return; end if;
  elsif kind = 'open' then
    chosen := h.next_number;
  else
    select t.number, t.status into chosen, former from orion.trials t
     where t.experiment = e and t.priority is not null and (t.priority = 2) = (kind = 'idle')
     order by t.priority, t.number limit 1 for update skip locked;
    if chosen is null then kind := 'busy'; return; end if;
  end if;

  if kind = 'waiting' then
    rev := orion.advance(e, former, 'reserved', started => moment);
    update orion.trials t
       set status = 'reserved', owner = for_worker, reservation = call, lease_until = moment + lease_ms,
           epoch = t.epoch + 1, start_time = moment, end_time = null, failure = null, changed_revision = rev
     where t.experiment = e and t.number = chosen returning t.* into trial;
    kind := 'trial';
    return;
  end if;

  if suggestions is not null then
    told := suggestions -> chosen::text;
    if told is null then
      kind := 'suggest';
      upcoming := chosen;
      return;
    end if;
    if json_typeof(told) = 'null' or orion.is_taken(e, told) then told := null; end if;
  end if;
  if kind = 'idle' then
    if told is null then
      perform orion.count(e, 'idle', 'open', 1); -- no news, as when it was given back
    else
      rev := orion.advance(e, 'idle', 'reserved', started => moment);
    end if;
    update orion.trials t
       set owner = for_worker, reservation = call, lease_until = moment + lease_ms, epoch = t.epoch + 1,
           changed_revision = case when told is null then t.changed_revision else rev end, ${assignments}
     where t.experiment = e and t.number = chosen returning t.* into trial;
  else
    rev := orion.advance(e, null, case when told is null then 'open' else 'reserved' end, numbers => 1,
                         started => case when told is not null then moment end);
    insert into orion.trials (experiment, number, owner, reservation, epoch, lease_until, created_revision,
                              changed_revision, ${names})
    values (e, chosen, for_worker, call, 1, moment + lease_ms, rev, rev, ${values})
    returning * into trial;
  end if;
  upcoming := greatest(h.next_number, chosen + 1);
  kind := case trial.status when 'open' then 'slot' else 'trial' end;
end $$;

create or replace function orion.fill_slot(
  e bigint, slot bigint, slot_epoch bigint, for_worker text, told json,
  out outcome text, out trial orion.trials
) language plpgsql as $$
declare
  moment bigint := orion.now_ms();
  rev bigint;
begin
  perform from orion.histories where experiment = e for update;
  select * into trial from orion.trials where experiment = e and number = slot;
  if trial.epoch is distinct from slot_epoch or trial.owner is distinct from for_worker then
    outcome := 'lost';
  elsif trial.id = told ->> 'id' then
    outcome := 'filled'; -- the same call once more
  elsif trial.status <> 'open' then
    outcome := 'lost';
  elsif orion.is_taken(e, told) then
    outcome := 'duplicate';
  else
    outcome := 'filled';
    rev := orion.advance(e, 'open', 'reserved', started => moment);
    update orion.trials t set changed_revision = rev, ${assignments}
     where t.experiment = e and t.number = slot returning t.* into trial;
  end if;
end $$;

create or replace function orion.return_slot(
  e bigint, slot bigint, slot_epoch bigint, for_worker text, is_dropped boolean
) returns void language plpgsql as $$
begin
  perform from orion.histories where experiment = e for update;
  if is_dropped then
    delete from orion.trials
     where experiment = e and number = slot and epoch = slot_epoch and owner = for_worker and status = 'open';
    if found then perform orion.advance(e, 'open', null); end if;
  else
    -- An idle slot is no news: whoever waits, waits for results. So the revision stays, and nobody wakes up.
    update orion.trials set status = 'idle', owner = null, reservation = null, lease_until = null
     where experiment = e and number = slot and epoch = slot_epoch and owner = for_worker and status = 'open';
    if found then perform orion.count(e, 'open', 'idle', 1); end if;
  end if;
end $$;

-- The only change that a crash of the server may take back: it has to be repeated soon anyway, so nobody waits for the
-- disk. Answers with the places of those that are lost. One by one, each by the primary key: a join with the arrays
-- would be one update, but the planner knows too little of them, and walks through all live leases for each.
create or replace function orion.renew_leases(
  for_worker text, experiments bigint[], numbers bigint[], epochs bigint[], lease_ms bigint
) returns table (lost integer) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  for place in 1 .. cardinality(numbers) loop
    update orion.trials set lease_until = orion.now_ms() + lease_ms
     where experiment = experiments[place] and number = numbers[place] and epoch = epochs[place]
       and owner = for_worker and status in ('open', 'reserved');
    if not found then
      lost := place;
      return next;
    end if;
  end loop;
end $$;

create or replace function orion.release_trial(
  e bigint, n bigint, lease_epoch bigint, to_status text, why text
) returns boolean language plpgsql as $$
declare
  found_status text;
  rev bigint;
  moment bigint := orion.now_ms();
begin
  perform from orion.histories where experiment = e for update;
  select status into found_status from orion.trials where experiment = e and number = n and epoch = lease_epoch;
  if found_status = to_status then return true; end if; -- the same call once more
  if found_status is distinct from 'reserved' then return false; end if;
  rev := orion.advance(e, 'reserved', to_status, ended => case when to_status = 'broken' then moment end);
  update orion.trials
     set status = to_status, owner = null, reservation = null, lease_until = null, changed_revision = rev,
         failure = why, end_time = case when to_status = 'broken' then moment else end_time end,
         finished_revision = case when to_status = 'broken' then rev end
   where experiment = e and number = n;
  return true;
end $$;
`;

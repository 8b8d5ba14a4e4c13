import { rowStatuses } from "../rows.js";

/** First key of our advisory locks: "orio" in ASCII. The second one is an experiment, or 0 for the schema. */
export const lockSpace = 0x6f72696f;

/** SQLSTATEs of our own, for what a function refuses. */
export const refusals = { gone: "OR001", conflict: "OR002" } as const;

/** A trial, or `n` of them, left one status and entered another; null for those that were not or are no more. */
const counts = rowStatuses
  .map(
    (status) => `n_${status} = n_${status} + case when entered = '${status}' then n else 0 end
                                          - case when left_one = '${status}' then n else 0 end`,
  )
  .join(",\n         ");

/** What all other functions stand on: the clock, the lock and the revision of a history, answers to repeated calls. */
export const historyFunctions = `
-- The only clock that counts, in whole milliseconds.
create or replace function orion.now_ms() returns bigint language sql volatile as
$$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

-- From here to the commit no other transaction changes this history.
create or replace function orion.lock_history(e bigint) returns orion.histories language plpgsql as $$
declare h orion.histories;
begin
  select * into h from orion.histories where experiment = e for update;
  if not found then raise exception 'experiment % is gone', e using errcode = '${refusals.gone}'; end if;
  return h;
end $$;

-- Count a move that is no news.
create or replace function orion.count(e bigint, left_one text, entered text, n bigint) returns void language plpgsql as $$
begin
  update orion.histories set ${counts} where experiment = e;
end $$;

-- Count by looking: for changes by hand, whose rows may have been in any status.
create or replace function orion.recount(e bigint) returns void language sql as $$
  update orion.histories set (${rowStatuses.map((status) => `n_${status}`).join(", ")}) =
    (select ${rowStatuses.map((status) => `count(*) filter (where status = '${status}')`).join(", ")}
       from orion.trials where experiment = e)
   where experiment = e
$$;

-- Raise the revision, after the lock of the history was taken, and all else that the step changes there: \`n\` trials
-- move, \`numbers\` new ones are given, work started or ended at a time.
--
-- Whoever waits for news holds a shared advisory lock on the experiment, so a writer sees whether anybody listens.
-- Commits that notify stand in one line for the whole server, also those of other experiments; the others do not.
-- A listener that comes meanwhile gets its lock after our commit, and reads the revision then.
create or replace function orion.advance(
  e bigint, left_one text default null, entered text default null, n bigint default 1, numbers bigint default 0,
  started bigint default null, ended bigint default null
) returns bigint language plpgsql as $$
declare r bigint;
begin
  update orion.histories
     set revision = revision + 1,
         next_number = next_number + numbers,
         first_start = coalesce(first_start, started),
         last_end = coalesce(ended, last_end),
         ${counts}
   where experiment = e returning revision into r;
  if not pg_try_advisory_xact_lock(${lockSpace}, e::integer) then
    perform pg_notify('orion_' || e, r::text);
  end if;
  return r;
end $$;

-- The answer that was given to this call before; null when there was none, and then \`remember\` has to follow.
-- A second call waits here for the end of the first one, if that is still at work on a connection that was cut.
create or replace function orion.recall(call uuid) returns json language plpgsql as $$
declare known json;
begin
  insert into orion.answers (nonce) values (call) on conflict do nothing;
  if found then
    delete from orion.answers where answered_time < now() - interval '1 day';
    return null;
  end if;
  select answer into known from orion.answers where nonce = call;
  return known;
end $$;

create or replace function orion.remember(call uuid, told json) returns json language sql as
$$ update orion.answers set answer = told where nonce = call returning answer $$;
`;

import { rowStatuses } from "./schema.js";

/** First key of our advisory locks: "orio" in ASCII. The second one is an experiment, or 0 for the schema. */
export const lockSpace = 0x6f72696f;

/** SQLSTATEs of our own, for what a function refuses. */
export const refusals = { gone: "OR001", conflict: "OR002" } as const;

const changes = {
  INSERT: "select experiment, status, 1 as n from added",
  DELETE: "select experiment, status, -1 as n from gone",
  UPDATE: "select experiment, status, 1 as n from added union all select experiment, status, -1 as n from gone",
};

/** Keeps the counts in `histories`, once for each statement. */
const count = (rows: string) => `
    update orion.histories h set ${rowStatuses.map((status) => `n_${status} = h.n_${status} + d.n_${status}`).join(", ")}
      from (select experiment, ${rowStatuses
        .map((status) => `coalesce(sum(n) filter (where status = '${status}'), 0) as n_${status}`)
        .join(", ")}
              from (select experiment, status, sum(n) as n from (${rows}) as r
                     group by experiment, status having sum(n) <> 0) as c
             group by experiment) as d
     where h.experiment = d.experiment;`;

/** What all other functions stand on: the clock, the lock and the revision of a history, answers to repeated calls. */
export const historyFunctions = `
create or replace function orion.count_trials() returns trigger language plpgsql as $$
begin
  ${Object.entries(changes)
    .map(([event, rows]) => `if tg_op = '${event}' then ${count(rows)} end if;`)
    .join("\n  ")}
  return null;
end $$;

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

-- Raise the revision: once in each transaction that changes a history, after its lock.
--
-- Whoever waits for news holds a shared advisory lock on the experiment, so a writer sees whether anybody listens.
-- Commits that notify stand in one line for the whole server, also those of other experiments; the others do not.
-- A listener that comes meanwhile gets its lock after our commit, and reads the revision then.
create or replace function orion.next_revision(e bigint) returns bigint language plpgsql as $$
declare r bigint;
begin
  update orion.histories set revision = revision + 1 where experiment = e returning revision into r;
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

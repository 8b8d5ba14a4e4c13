import { packTrial } from "../packed-trials.js";
import { dialect } from "./read-functions.js";

/** What `reserve` tells; nothing of it is given. */
const told = "inout kind text, inout known bigint, inout upcoming bigint, inout slot json, inout packed text";

/**
 * The steps of a worker, each one a call and a round trip: what the function of that name does, and then the wait for
 * the disk, **after the lock of the history was given up**.
 *
 * A commit that waits for the disk with the lock in hand lets one writer of an experiment through per turn of the disk,
 * however many wait. So the change is committed without that wait (`synchronous_commit = off`), which makes it visible
 * and passes the lock on; then a second, tiny transaction writes a mark into the log (WAL) and waits as every commit
 * does, until the log is on the disk up to its mark (and with the standbys, where the server is told to wait for them).
 * All who wait at that time are served by one turn of the disk. That this is as safe as before:
 *
 * 1. *Order.* A lock is let go after its transaction has become visible, without the wait as with it. So revisions are
 *    dense and become visible in their order.
 * 2. *What a caller was told stays.* The log is one sequence, and the mark is written behind the record of the commit: on
 *    the disk up to the mark, the change is there, and so is everything that it was made from. That holds for a call
 *    that finds its work done by an attempt before it, too: it took the lock, so it writes a mark and waits.
 * 3. *What is lost is a suffix.* A crash of the server loses changes whose callers had no answer, and never one without
 *    all that came after it. Their callers ask again, as after any lost answer, and each call may be repeated.
 * 4. *What a reader remembers stays.* Between commit and mark others can see what a crash may take back, after which its
 *    revision would be used again for something else. Who keeps a revision, to continue from it or as the basis of a
 *    suggestion, has it from `read_history`, which waits in the same way before it says that there are news. Answers
 *    that nobody keeps do not wait: that there is nothing to do, a summary, a notification.
 *
 * A procedure and not a function, since only that can commit; hence never inside a transaction.
 */
export const stepProcedures = `
create or replace procedure orion.settle() language plpgsql as $$
begin
  if txid_current_if_assigned() is null then return; end if; -- nothing was changed, and no lock taken
  commit;
  perform pg_logical_emit_message(true, 'orion', '');
end $$;

create or replace function orion.packed(t orion.trials) returns text language sql stable as $$
  select '[[' || ${packTrial(dialect, "null::text")} || ']]'
$$;

create or replace procedure orion.reserve(
  e bigint, for_worker text, lease_ms bigint, gone_workers text[], waiting_only boolean, only_id text,
  own_limit bigint, call uuid, is_repeated boolean, suggestions json, ${told}
) language plpgsql as $$
declare r record;
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into r from orion.reserve_trial(e, for_worker, lease_ms, gone_workers, waiting_only, only_id, own_limit, call,
                                           is_repeated, suggestions);
  kind := r.kind;
  known := r.known;
  upcoming := r.upcoming;
  slot := case kind when 'slot' then json_build_object('number', (r.trial).number, 'epoch', (r.trial).epoch) end;
  packed := case kind when 'trial' then orion.packed(r.trial) end;
  call orion.settle();
end $$;

create or replace procedure orion.finish(
  e bigint, n bigint, lease_epoch bigint, told text, rank double precision, stop double precision, inout fate text
) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  fate := orion.finish_trial(e, n, lease_epoch, told, rank, stop);
  call orion.settle();
end $$;

-- Both in one transaction, the reservation second, so that it is told what became of the results.
create or replace procedure orion.finish_and_reserve(
  e bigint, n bigint, lease_epoch bigint, told text, rank double precision, stop double precision,
  for_worker text, lease_ms bigint, gone_workers text[], waiting_only boolean, only_id text,
  own_limit bigint, call uuid, is_repeated boolean, suggestions json, inout fate text, ${told}
) language plpgsql as $$
begin
  fate := orion.finish_trial(e, n, lease_epoch, told, rank, stop);
  call orion.reserve(e, for_worker, lease_ms, gone_workers, waiting_only, only_id, own_limit, call, is_repeated,
                     suggestions, kind, known, upcoming, slot, packed);
end $$;

create or replace procedure orion.fill(
  e bigint, slot bigint, slot_epoch bigint, for_worker text, told json, inout outcome text, inout packed text
) language plpgsql as $$
declare r record;
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into r from orion.fill_slot(e, slot, slot_epoch, for_worker, told);
  outcome := r.outcome;
  packed := case outcome when 'filled' then orion.packed(r.trial) end;
  call orion.settle();
end $$;

create or replace procedure orion.give_back(
  e bigint, slot bigint, slot_epoch bigint, for_worker text, is_dropped boolean
) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  perform orion.return_slot(e, slot, slot_epoch, for_worker, is_dropped);
  call orion.settle();
end $$;

create or replace procedure orion.release(
  e bigint, n bigint, lease_epoch bigint, to_status text, why text, inout done boolean
) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  done := orion.release_trial(e, n, lease_epoch, to_status, why);
  call orion.settle();
end $$;

-- The last chunk with news waits for the disk, unless the log is there already up to its end; a full one is the last if it
-- ends with the newest revision. (A server that waits for standbys says nothing about them, so there it always waits.)
create or replace procedure orion.read_history(
  e bigint, since bigint, inout revision bigint, inout rewritten_revision bigint, inout packed text, inout up_to bigint
) language plpgsql as $$
declare r record;
begin
  select * into r from orion.read_changes(e, since);
  revision := r.revision;
  rewritten_revision := r.rewritten_revision;
  packed := r.packed;
  up_to := r.up_to;
  if revision > since and coalesce(up_to, revision) = revision
     and (pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()
          or current_setting('synchronous_standby_names') <> '') then
    perform pg_logical_emit_message(true, 'orion', '');
  end if;
end $$;
`;

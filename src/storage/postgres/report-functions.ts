import { lockSpace } from "./history-functions.js";

/** Reports of running trials: see `reports.ts` for what each call means. */
export const reportFunctions = `
-- Positions have to become visible in their order, or a reader would pass over the report of a slower transaction. So
-- those who report to one experiment stand in a line of their own, and do not hold up its history.
create or replace function orion.add_reports(
  e bigint, n bigint, lease_epoch bigint, steps double precision[], told text[]
) returns boolean language plpgsql as $$
begin
  perform from orion.trials where experiment = e and number = n and epoch = lease_epoch and status = 'reserved';
  if not found then return false; end if;
  perform pg_advisory_xact_lock(${lockSpace + 1}, e::integer);
  insert into orion.reports as r (experiment, number, step, value)
  select e, n, step, value from unnest(steps, told) with ordinality as t (step, value, place) order by place
      on conflict (experiment, number, step) do update set value = excluded.value, position = excluded.position
         where r.value <> excluded.value; -- the same call once more brings no news
  return true;
end $$;
`;

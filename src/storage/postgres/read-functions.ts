import { type Dialect, packTrial } from "../packed-trials.js";
import { chunkSize } from "../read-in-chunks.js";

/** How this database writes what `packTrial` needs. */
export const dialect: Dialect = {
  real: (column) => `coalesce(${column}::text, 'null')`,
  text: (column) => `coalesce(to_json(${column})::text, 'null')`,
};

const lateOf = `case when has_late then
           (select '[' || string_agg(l.results, ',' order by l.epoch) || ']' from orion.late_results l
             where l.experiment = e and l.number = t.number) end`;

/** Reading many trials: see `queries.ts`. */
export const readFunctions = `
-- What changed after a revision, ${chunkSize} trials or a few more, with the state that they were read from: a stable
-- function has one snapshot for all that it reads. That an index has them in their order is said here, since the planner,
-- who knows nothing about how many there are, may take all of them and sort.
create or replace function orion.read_changes(
  e bigint, since bigint, out revision bigint, out rewritten_revision bigint, out packed text, out up_to bigint
) language plpgsql stable set enable_bitmapscan = off set enable_seqscan = off set enable_sort = off as $$
declare
  has_late boolean := exists (select from orion.late_results where experiment = e); -- most experiments have none at all
begin
  select h.revision, h.rewritten_revision into revision, rewritten_revision from orion.histories h where experiment = e;
  select changed_revision into up_to from orion.trials
   where experiment = e and changed_revision > since order by changed_revision limit 1 offset ${chunkSize - 1};
  select '[' || string_agg('[' || trial || ']', ',') || ']' into packed from (
    select ${packTrial(dialect, lateOf)} as trial
      from orion.trials t
     where t.experiment = e and t.changed_revision > since and t.id is not null
       and t.changed_revision <= coalesce(up_to, ${Number.MAX_SAFE_INTEGER})
     order by t.changed_revision, t.number
  ) as p;
end $$;
`;

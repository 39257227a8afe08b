// top: one page of the best variants, with the request they share, in one statement and so of one moment: a snapshot that
// commits meanwhile cannot mix its rows with older ones. Reports and trades of a job that has succeeded, which change no
// more, are read apart from it (portions/top-details.ts): there is no bound for all of them together. A page ends where it would be
// too large to be read at once; what a row should never have is asked for its size first.

import type { Payload, Spec } from '@backtest-jobs/engine';
import { inOrderOfSpec, specFromRequest, type StoredRequest } from '@backtest-jobs/engine/internal';
import type { Db, JobState, TopRow } from './job.ts';

/** A row without what only a succeeded job has, and with the rows that are like it. */
export type BareRow = Omit<
  TopRow,
  'report_table_md' | 'trades' | 'trades_total' | 'out_of_sample' | 'monte_carlo' | 'equity_line' | 'trades_hash'
> & {
  /** Null: an earlier version wrote the row. */
  readonly equity_line: readonly number[] | null;
  readonly alike: Alike | null;
};

/** The rows of a job, of any page, that made the same trades. */
export interface Alike {
  readonly first_rank: number;
  /** This row included. */
  readonly rows: number;
}

export type Top =
  | {
      readonly outcome: 'found';
      readonly job_id: string;
      readonly state: JobState;
      readonly request: Spec;
      readonly items: readonly BareRow[];
      /** Where the next page begins; null: that was all. */
      readonly next_after_rank: number | null;
    }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export interface TopQuery {
  readonly job_id: string;
  readonly user_id: string;
  readonly limit: number;
  /** The rank before the first one of the page. */
  readonly after_rank?: number;
}

const PAGE_BYTES = 8 * 2 ** 20;
/** Of payload and metrics of a row, which are some kilobytes. */
const VALUE_BYTES = 2 ** 18;

export async function top(db: Db, { job_id, user_id, limit, after_rank = 0 }: TopQuery): Promise<Top> {
  const values = [job_id, user_id, limit, after_rank, PAGE_BYTES, VALUE_BYTES];
  const { rows } = await db.query<Row>(TOP, values);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  const { mine, last_rank, items, request, ...found } = row;
  if (!mine) return { outcome: 'forbidden' };
  const inOrder = (item: BareRow) => ({
    ...item,
    payload: inOrderOfSpec(item.payload as Payload, request.params_order),
  });
  const last = items.at(-1)?.rank;
  const next_after_rank = last !== undefined && last_rank !== null && last < last_rank ? last : null;
  return { outcome: 'found', ...found, request: specFromRequest(request), items: items.map(inOrder), next_after_rank };
}

interface Row extends Omit<Extract<Top, { outcome: 'found' }>, 'outcome' | 'next_after_rank' | 'request'> {
  readonly mine: boolean;
  readonly last_rank: number | null;
  readonly request: StoredRequest;
}

// json, not jsonb: built once and sent, never searched. The first row of a page is always in it.
const TOP = `
with alike as (
  select trades_hash, min(rank) as first_rank, count(*)::int as rows
  from backtest_job_top_variants
  where job_id = $1 and trades_hash is not null
  group by trades_hash
)
select j.job_id, j.state, j.user_id = $2 as mine, items,
  (select max(rank) from backtest_job_top_variants t where t.job_id = j.job_id) as last_rank,
  r.request_json || jsonb_build_object('name', j.name, 'priority', j.priority) as request
from backtest_jobs j
left join backtest_job_requests r using (job_id)
cross join lateral (
  select coalesce(json_agg(item order by rank) filter (where before < $5 or first), '[]') as items
  from (
    select rank, item, sum(octet_length(item::text)) over (order by rank) - octet_length(item::text) as before,
      row_number() over (order by rank) = 1 as first
    from (
      select rank, json_build_object('rank', rank, 'variant_key', left(variant_key, 200),
        'indicator_variant_key', left(indicator_variant_key, 200), 'variant_index', variant_index,
        'total_return_pct', total_return_pct, 'metrics', ${bounded('metrics_json', "metrics_json - 'monte_carlo'")}, 'payload', ${bounded('payload_json')},
        'equity_line', case when pg_column_size(equity_line_json) <= 4096 then equity_line_json end,
        'alike', case when a.rows is not null then json_build_object('first_rank', a.first_rank, 'rows', a.rows) end) as item
      from backtest_job_top_variants t left join alike a using (trades_hash)
      where t.job_id = j.job_id and j.user_id = $2 and rank > $4
      order by rank
      limit $3
    ) row
  ) sized
) top
where j.job_id = $1`;

/** The value, or an empty object where it is larger than any that a worker writes. */
function bounded(column: string, value = column): string {
  return `case when pg_column_size(${column}) <= 8192 or octet_length(${column}::text) <= $6 then ${value} else '{}' end`;
}

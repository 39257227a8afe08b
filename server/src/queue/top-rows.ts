// The rows of a job's best variants, replaced as a whole by snapshot and finish. Delete and insert are two statements:
// CTEs of one share a snapshot, and the insert would run into the keys of the rows that the delete has yet to remove.

import type pg from 'pg';
import type { Lease, TopRow } from './job.ts';

/** Call it in a transaction that holds the job row. */
export async function replaceTopRows(client: pg.ClientBase, lease: Lease, rows: readonly TopRow[]): Promise<void> {
  await client.query('delete from backtest_job_top_variants where job_id = $1', [lease.job_id]);
  for (const portion of portionsOf(rows)) {
    await client.query(INSERT, [lease.job_id, lease.attempt, JSON.stringify(portion)]);
  }
}

// Trades take 550 bytes each and 27 us to store; a statement has a few seconds, an array of jsonb 256 MB.
const PORTION_TRADES = 10_000;

/** Few statements where there are few trades, one for each row where a variant has many. */
function portionsOf(rows: readonly TopRow[]): readonly (readonly TopRow[])[] {
  const portions: TopRow[][] = [];
  let room = 0;
  for (const row of rows) {
    const trades = row.trades?.length ?? 0;
    if (portions.length === 0 || trades > room) {
      portions.push([]);
      room = PORTION_TRADES;
    }
    portions.at(-1)?.push(row);
    room -= trades;
  }
  return portions;
}

/** As rows of a job that has not succeeded must be: reports, trades and what was held out come with success only. */
export function withoutReports(rows: readonly TopRow[]): readonly TopRow[] {
  return rows.map((row) => ({ ...row, report_table_md: null, trades: null, out_of_sample: null }));
}

// A JSON null in a jsonb field of the record arrives as SQL null.
const INSERT = `
insert into backtest_job_top_variants (job_id, rank, variant_key, indicator_variant_key, variant_index,
  total_return_pct, metrics_json, payload_json, report_table_md, trades_json, out_of_sample_json, attempt)
select $1, rank, variant_key, indicator_variant_key, variant_index,
  total_return_pct, metrics, payload, report_table_md, trades, out_of_sample, $2
from jsonb_to_recordset($3) as row(rank int, variant_key text, indicator_variant_key text, variant_index bigint,
  total_return_pct double precision, metrics jsonb, payload jsonb, report_table_md text, trades jsonb,
  out_of_sample jsonb)`;

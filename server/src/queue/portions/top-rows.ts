// The rows of a job's best variants. A snapshot replaces all of them from a rank on; a result is written portion by
// portion (portions/result-rows.ts). Delete and insert are two statements: CTEs of one share a snapshot, and the insert would run
// into the keys of the rows that the delete has yet to remove.

import type pg from 'pg';
import type { Lease, TopRow } from '../job.ts';

/** Replaces the rows from the first one's rank on; all of them, where there are none. Call it in a transaction that holds the job row. */
export async function replaceTopRows(client: pg.ClientBase, lease: Lease, rows: readonly TopRow[]): Promise<void> {
  const keys = rows.map(({ variant_key }) => variant_key);
  await client.query(DELETE_FROM, [lease.job_id, rows[0]?.rank ?? 1, keys]);
  if (rows.length > 0) await client.query(INSERT_ROWS, [lease.job_id, lease.attempt, JSON.stringify(rows)]);
}

/** As rows of a job that has not succeeded must be: reports, trades and what was held out come with success only. */
export function withoutReports(rows: readonly TopRow[]): readonly TopRow[] {
  return rows.map((row) => {
    const bare: { -readonly [name in keyof TopRow]: TopRow[name] } = {
      ...row,
      report_table_md: null,
      trades: null,
      out_of_sample: null,
    };
    delete bare.trades_total;
    delete bare.monte_carlo;
    return bare;
  });
}

const DELETE_FROM =
  'delete from backtest_job_top_variants where job_id = $1 and (rank >= $2 or variant_key = any ($3))';

// A JSON null in a jsonb field of the record arrives as SQL null. What was drawn from the trades of a row is kept with its
// metrics, which readers take apart again.
export const INSERT_ROWS = `
insert into backtest_job_top_variants (job_id, rank, variant_key, indicator_variant_key, variant_index,
  total_return_pct, metrics_json, payload_json, report_table_md, trades_json, trades_total, out_of_sample_json,
  equity_line_json, trades_hash, attempt)
select $1, rank, variant_key, indicator_variant_key, variant_index,
  total_return_pct, case when monte_carlo is null then metrics else metrics || jsonb_build_object('monte_carlo', monte_carlo) end,
  payload, report_table_md, trades, coalesce(trades_total, jsonb_array_length(trades)),
  out_of_sample, equity_line, trades_hash, $2
from jsonb_to_recordset($3) as row(rank int, variant_key text, indicator_variant_key text, variant_index bigint,
  total_return_pct double precision, metrics jsonb, payload jsonb, report_table_md text, trades jsonb, trades_total int,
  out_of_sample jsonb, monte_carlo jsonb, equity_line jsonb, trades_hash text)`;

// strip: takes the reports and trades of a result that was not finished out of the tables, a portion at a time and under
// the fence: before an attempt begins where another ended in the middle of its result, and before a job ends otherwise than
// with success. The best rows stay, without reports, as a snapshot has them.

import type pg from 'pg';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease } from '../job.ts';

const MOST_ROWS = 200;
const MOST_TRADES = 100;

export interface Strip extends Progress {
  /** Rows beyond this rank go as a whole: a snapshot keeps no more. */
  readonly keep: number;
}

export interface Stripped extends Held {
  /** There is more of it. */
  readonly more: boolean;
}

/** Null: the lease is lost. */
export async function strip(pool: pg.Pool, lease: Lease, { keep, ...progress }: Strip): Promise<Stripped | null> {
  const { job_id } = lease;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    const trades = await client.query(DROP_TRADES, [job_id, MOST_TRADES]);
    const rows = await client.query(DROP_ROWS, [job_id, keep, MOST_ROWS]);
    const reports = await client.query(DROP_REPORTS, [job_id, MOST_ROWS, lease.attempt]);
    const more = trades.rowCount === MOST_TRADES || rows.rowCount === MOST_ROWS || reports.rowCount === MOST_ROWS;
    return { ...held, more };
  });
}

const DROP_TRADES = `
delete from backtest_job_trades
where (job_id, rank, part_no) in (select job_id, rank, part_no from backtest_job_trades where job_id = $1 limit $2)`;

const DROP_ROWS = `
delete from backtest_job_top_variants
where (job_id, rank) in (
  select job_id, rank from backtest_job_top_variants
  where job_id = $1 and rank > $2 and report_table_md is not null limit $3
)`;

const DROP_REPORTS = `
update backtest_job_top_variants
set report_table_md = null, trades_json = null, trades_total = null, out_of_sample_json = null,
  metrics_json = metrics_json - 'monte_carlo', attempt = $3
where (job_id, rank) in (
  select job_id, rank from backtest_job_top_variants where job_id = $1 and report_table_md is not null limit $2
)`;

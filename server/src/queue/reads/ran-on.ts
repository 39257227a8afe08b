// ran-on: the jobs that succeeded on candles which are about to change, the newest first. Which of them have candles in the
// stretches that change is told from their time range and warm-up; of an instrument with very many jobs the newest are looked at.

import { loadRange, type Spec } from '@backtest-jobs/engine';
import type { Db } from '../job.ts';

export interface ChangedCandles {
  readonly market_id: number;
  readonly symbol: string;
  /** Interval of the series that changes, in milliseconds; jobs that read another are not among them. */
  readonly interval_ms: number;
  /** Stretches in which bars change, in epoch milliseconds, each to before its end. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** Null: the jobs of all users. */
  readonly user_id: string | null;
}

export interface RanOn {
  readonly items: readonly { readonly job_id: string; readonly name: string | null }[];
  /** There may be more than are named. */
  readonly more: boolean;
}

const MOST_LOOKED_AT = 2000;
const MOST_NAMED = 100;

export async function ranOn(
  db: Db,
  { market_id, symbol, interval_ms, ranges, user_id }: ChangedCandles,
): Promise<RanOn> {
  if (ranges.length === 0) return { items: [], more: false };
  const values = [String(market_id), symbol, user_id, interval_ms, MOST_LOOKED_AT];
  const { rows } = await db.query<Row>(RAN_ON, values);
  const touched = rows.filter(({ request }) => {
    const read = loadRange(request);
    return ranges.some(({ start, end }) => start < read.end && end > read.start);
  });
  const items = touched.slice(0, MOST_NAMED).map(({ job_id, name }) => ({ job_id, name }));
  return { items, more: rows.length === MOST_LOOKED_AT || touched.length > items.length };
}

interface Row {
  readonly job_id: string;
  readonly name: string | null;
  /** What says which candles it read. */
  readonly request: Spec;
}

// The parts of a request that have a bound, and no result: a ledger is looked into for one number.
const RAN_ON = `
select job_id, j.name, jsonb_build_object(
    'time_range', request_json -> 'time_range', 'warmup_bars', request_json -> 'warmup_bars',
    'runtime', request_json -> 'runtime',
    'template', jsonb_build_object('timeframe', request_json #> '{template,timeframe}')) as request
from backtest_job_requests q
join backtest_jobs j using (job_id)
join backtest_job_results r using (job_id)
where request_json #>> '{template,instrument_id,market_id}' = $1
  and left(request_json #>> '{template,instrument_id,symbol}', 200) = left($2, 200)
  and request_json #>> '{template,instrument_id,symbol}' = $2
  and j.state = 'succeeded' and ($3::uuid is null or j.user_id = $3)
  and r.result_json #> '{ledger,base_interval_ms}' = to_jsonb($4::bigint)
order by job_id desc
limit $5`;

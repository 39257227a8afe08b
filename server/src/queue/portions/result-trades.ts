// result-trades: one portion of the trades of a row that has more than its own portion holds, under the fence.

import type pg from 'pg';
import { crashPoint } from '../../config/crash.ts';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease } from '../job.ts';

export interface ResultTrades extends Progress {
  readonly rank: number;
  /** From 1; the trades before the first part stand in the row. */
  readonly part_no: number;
  /** A JSON array. */
  readonly json: string;
}

/** Null: the lease is lost. */
export async function resultTrades(pool: pg.Pool, lease: Lease, portion: ResultTrades): Promise<Held | null> {
  const { rank, part_no, json, ...progress } = portion;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    await client.query(SAVE, [lease.job_id, lease.attempt, rank, part_no, json]);
    crashPoint('trades');
    return held;
  });
}

const SAVE = `
insert into backtest_job_trades (job_id, attempt, rank, part_no, trades_json)
values ($1, $2, $3, $4, $5)
on conflict (job_id, rank, part_no) do update set attempt = excluded.attempt, trades_json = excluded.trades_json`;

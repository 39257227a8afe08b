// wait: an attempt waits for candles that are unavailable. The open row of the history has why, so that whoever looks at the
// job sees it; begin takes it away, and if the attempt ends before that, it is the cause.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { heartbeat, type Held, type Progress } from './heartbeat.ts';
import type { Lease } from './job.ts';

/** Null: the lease is lost. */
export async function wait(pool: pg.Pool, lease: Lease, progress: Progress, why: string): Promise<Held | null> {
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (held) await client.query(WAIT, [lease.job_id, lease.attempt, why]);
    return held;
  });
}

const WAIT = 'update backtest_job_attempts set cause = $3 where job_id = $1 and attempt = $2 and outcome is null';

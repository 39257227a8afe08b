// restart: the checkpoint is of no use (damaged, or for another request, data or engine), so the job begins again. What
// belongs to the former run goes; the top rows stay visible until the new ones come.
import type pg from 'pg';
import { transaction } from '../db.ts';
import { heartbeat, type Held } from './heartbeat.ts';
import type { Lease } from './job.ts';

/** Null: the lease is lost. */
export async function restart(pool: pg.Pool, lease: Lease, term: { lease_seconds: number }): Promise<Held | null> {
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, { ...term, stage: 'stage_a', processed_units: 0 });
    if (held) await client.query(RESTART, [lease.job_id]);
    return held;
  });
}

const RESTART = `
with surfaces as (delete from backtest_job_surfaces where job_id = $1),
  shortlist as (delete from backtest_job_stage_a_shortlist where job_id = $1)
delete from backtest_job_checkpoints where job_id = $1`;

// begin: an attempt has loaded and knows where it starts, at the resume point or anew. The job row goes to that point,
// and the history keeps it, because speed and remaining time count from there. `anew`: the checkpoint was of no use
// (damaged, or for another request, data or engine) and what belongs to that run goes; the top rows stay visible until
// the new ones come.

import type pg from 'pg';
import { transaction } from '../db.ts';
import { heartbeat, type Held, type Progress } from './heartbeat.ts';
import type { Lease } from './job.ts';

export interface Beginning extends Required<Progress> {
  readonly anew: boolean;
}

/** Null: the lease is lost. */
export async function begin(pool: pg.Pool, lease: Lease, { anew, ...progress }: Beginning): Promise<Held | null> {
  const { job_id, attempt } = lease;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    if (anew) await client.query(DROP, [job_id]);
    await client.query(BEGIN, [job_id, attempt, progress.processed_units]);
    return held;
  });
}

const BEGIN =
  'update backtest_job_attempts set processed_from = $3, cause = null where job_id = $1 and attempt = $2 and outcome is null';

const DROP = `
with best as (update backtest_jobs set best_value = null, best_variant_index = null where job_id = $1),
  surfaces as (delete from backtest_job_surfaces where job_id = $1),
  shortlist as (delete from backtest_job_stage_a_shortlist where job_id = $1),
  shortlist_parts as (delete from backtest_job_shortlist_parts where job_id = $1),
  parts as (delete from backtest_job_checkpoint_parts where job_id = $1),
  luck as (delete from backtest_job_luck where job_id = $1)
delete from backtest_job_checkpoints where job_id = $1`;

// shortlist: what stage_a kept, saved once at its end; again only by an attempt that had to repeat the stage. Of a long one
// the first portion; the others follow one by one (portions/shortlist-part.ts) and replace those of an attempt before.

import type pg from 'pg';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease } from '../job.ts';

export interface Shortlist extends Progress {
  /** Base variants by grid index, best first. */
  readonly indexes: Iterable<number>;
  readonly stage_a_variants_total: number;
  readonly risk_total: number;
  readonly preselect_used: number;
}

/** Null: the lease is lost. */
export async function shortlist(pool: pg.Pool, lease: Lease, list: Shortlist): Promise<Held | null> {
  const { indexes, stage_a_variants_total, risk_total, preselect_used, ...progress } = list;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    const json = JSON.stringify([...indexes]);
    await client.query(SAVE, [lease.job_id, lease.attempt, json, stage_a_variants_total, risk_total, preselect_used]);
    await client.query('delete from backtest_job_shortlist_parts where job_id = $1', [lease.job_id]);
    return held;
  });
}

const SAVE = `
insert into backtest_job_stage_a_shortlist
  (job_id, attempt, stage_a_indexes_json, stage_a_variants_total, risk_total, preselect_used)
values ($1, $2, $3, $4, $5, $6)
on conflict (job_id) do update
set attempt = excluded.attempt, stage_a_indexes_json = excluded.stage_a_indexes_json,
  stage_a_variants_total = excluded.stage_a_variants_total, risk_total = excluded.risk_total,
  preselect_used = excluded.preselect_used, updated_at = clock_timestamp()`;

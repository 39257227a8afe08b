// result-rows: one portion of the rows of a result, under the fence, which renews the lease. Rows carry the attempt, and
// what makes them the result is the finish that counts them: until then API and CLI show them without reports, as they do
// all rows of a job that has not succeeded. An attempt that is killed in between leaves rows that the next one overwrites
// with the same bytes.

import type pg from 'pg';
import { crashPoint } from '../../config/crash.ts';
import { transaction } from '../../db.ts';
import { heartbeat, type Held, type Progress } from '../heartbeat.ts';
import type { Lease } from '../job.ts';
import { INSERT_ROWS } from './top-rows.ts';

export interface ResultRows extends Progress {
  /** Of the portion, in ascending order without a gap. */
  readonly ranks: readonly number[];
  readonly variant_keys: readonly string[];
  /** A JSON array of TopRow; of a row with many trades with the first of them, and with `trades_total`. */
  readonly json: string;
}

/** Null: the lease is lost. */
export async function resultRows(pool: pg.Pool, lease: Lease, portion: ResultRows): Promise<Held | null> {
  const { ranks, variant_keys, json, ...progress } = portion;
  return transaction(pool, async (client) => {
    const held = await heartbeat(client, lease, progress);
    if (!held) return null;
    await client.query(DELETE_SAME, [lease.job_id, ranks[0], ranks.at(-1), variant_keys]);
    await client.query(INSERT_ROWS, [lease.job_id, lease.attempt, json]);
    crashPoint('rows');
    return held;
  });
}

// A row of an earlier snapshot may have one of these keys at another rank.
const DELETE_SAME = `
delete from backtest_job_top_variants
where job_id = $1 and (rank between $2 and $3 or variant_key = any ($4))`;

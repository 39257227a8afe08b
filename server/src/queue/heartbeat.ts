// heartbeat: extends the lease, writes progress, and brings back whether the user wants the job cancelled. Also the
// first statement of every transaction that writes child rows: from it until commit the job row is held, so no claim
// can slip in between the fence and what it guards. It is an update of no key column, so the children's foreign keys,
// which lock the row `for key share`, do not wait for it.

import type { Stage } from '@backtest-jobs/engine/internal';
import { fence, fenced } from './fence.ts';
import { iso, type Db, type Lease } from './job.ts';

export interface Progress {
  readonly lease_seconds: number;
  /** Left out: unchanged, as long as the candles load. */
  readonly stage?: Stage;
  readonly processed_units?: number;
}

interface Beat extends Progress {
  /** Null, or left out: unchanged. */
  readonly best?: BestSoFar | null;
}

/** The best variant scored so far, by the primary metric. */
export interface BestSoFar {
  readonly value: number;
  readonly variant_index: number;
}

export interface Held {
  readonly cancel_requested_at: string | null;
}

/** Null: the lease is lost. */
export async function heartbeat(db: Db, lease: Lease, beat: Beat): Promise<Held | null> {
  const { lease_seconds, stage, processed_units, best } = beat;
  const { rows } = await db.query<Held>(
    HEARTBEAT,
    fenced(lease, lease_seconds, stage, processed_units, ...bestOf(best)),
  );
  return rows[0] ?? null;
}

function bestOf(best: BestSoFar | null | undefined): readonly (number | null)[] {
  return best ? [best.variant_index, best.value] : [null, null];
}

const HEARTBEAT = `
update backtest_jobs
set lease_expires_at = clock_timestamp() + $4::float8 * interval '1 second',
  heartbeat_at = clock_timestamp(),
  updated_at = clock_timestamp(),
  stage = coalesce($5, stage),
  processed_units = coalesce($6, processed_units),
  best_variant_index = coalesce($7, best_variant_index),
  best_value = case when $7::bigint is null then best_value else $8 end,
  progress_updated_at = case
    when stage <> $5 or processed_units <> $6 then clock_timestamp() else progress_updated_at
  end
where ${fence}
returning ${iso('cancel_requested_at')} as cancel_requested_at`;

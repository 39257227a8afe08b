// resume: what a claimed job starts from. Its own statement, after the claim has committed: from then on the fence keeps
// everybody else out, so what is read here is the last word of the attempts before. The shortlist is not part of it: the
// state of the checkpoint holds what a search needs of it. A large state comes in parts, of which this is the first, and one
// that is larger than any part is not read at all: a checkpoint without a state is of no use, and the search starts anew.

import type { Spec } from '@backtest-jobs/engine';
import { specFromRequest, type Stage, type StoredRequest } from '@backtest-jobs/engine/internal';
import { fence, fenced } from './fence.ts';
import type { Checkpoint, CheckpointHashes, Db, Lease } from './job.ts';
import { PORTION_BYTES } from './portions/sizes.ts';

export interface ResumePoint {
  /** The effective spec: request_json, with the name and priority that are kept outside of it. */
  readonly request: Spec;
  readonly checkpoint: SavedCheckpoint | null;
}

export interface SavedCheckpoint extends Required<Checkpoint> {
  /** The attempt that saved it. */
  readonly attempt: number;
}

/** Null: the lease is lost. */
export async function resume(db: Db, lease: Lease): Promise<ResumePoint | null> {
  const { rows } = await db.query<Row>(RESUME, fenced(lease, PORTION_BYTES));
  const [row] = rows;
  if (row === undefined) return null;
  const { request, stage, state, ...saved } = row;
  return {
    request: specFromRequest(request),
    checkpoint: stage === null ? null : { ...saved, stage, state: state ?? new Uint8Array() },
  };
}

interface Row {
  readonly request: StoredRequest;
  readonly stage: Stage | null;
  readonly next_index: number;
  readonly hashes: CheckpointHashes;
  readonly state: Buffer | null;
  readonly attempt: number;
  readonly save_no: number;
  readonly parts: number;
}

const RESUME = `
with held as (select job_id, name, priority from backtest_jobs where ${fence})
select r.request_json || jsonb_build_object('name', held.name, 'priority', held.priority) as request,
  c.stage, c.next_index::float8, c.hashes, c.attempt, c.save_no, c.parts,
  case when octet_length(c.state) <= $4 then c.state end as state
from held
join backtest_job_requests r using (job_id)
left join backtest_job_checkpoints c using (job_id)`;

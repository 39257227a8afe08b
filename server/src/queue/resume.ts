// resume: what a claimed job starts from. Its own statement, after the claim has committed: from then on the fence keeps
// everybody else out, so what is read here is the last word of the attempts before.
import type { Spec } from '@backtest-jobs/engine';
import { fence, fenced } from './fence.ts';
import type { Checkpoint, CheckpointHashes, Db, Lease, Stage } from './job.ts';

export interface ResumePoint {
  /** The effective spec: request_json, with the name and priority that are kept outside of it. */
  readonly request: Spec;
  readonly checkpoint: Checkpoint | null;
  readonly shortlist: readonly number[] | null;
}

/** Null: the lease is lost. */
export async function resume(db: Db, lease: Lease): Promise<ResumePoint | null> {
  const { rows } = await db.query<Row>(RESUME, fenced(lease));
  const [row] = rows;
  if (row === undefined) return null;
  const { request, shortlist, stage, next_index, hashes, state } = row;
  return { request, shortlist, checkpoint: stage === null ? null : { stage, next_index, hashes, state } };
}

interface Row {
  readonly request: Spec;
  readonly shortlist: readonly number[] | null;
  readonly stage: Stage | null;
  readonly next_index: number;
  readonly hashes: CheckpointHashes;
  readonly state: Buffer;
}

const RESUME = `
with held as (select job_id, name, priority from backtest_jobs where ${fence})
select r.request_json || jsonb_build_object('name', held.name, 'priority', held.priority) as request, s.stage_a_indexes_json as shortlist,
  c.stage, c.next_index::float8, c.hashes, c.state
from held
join backtest_job_requests r using (job_id)
left join backtest_job_stage_a_shortlist s using (job_id)
left join backtest_job_checkpoints c using (job_id)`;

// depth: how many jobs there are in each state and how long the oldest queued one has waited, for the metrics page.

import type { Db, JobState } from './job.ts';

/** Depth of the queue right now, by the database. */
export interface QueueDepth {
  readonly jobs: Readonly<Partial<Record<JobState, number>>>;
  /** 0 when nothing is queued. */
  readonly oldestQueuedSeconds: number;
}

export async function depth(db: Db): Promise<QueueDepth> {
  const { rows } = await db.query<QueueDepth>(DEPTH);
  return rows[0] ?? { jobs: {}, oldestQueuedSeconds: 0 };
}

const DEPTH = `
select coalesce(jsonb_object_agg(state, jobs), '{}') as jobs,
  coalesce(max(seconds) filter (where state = 'queued'), 0)::float8 as "oldestQueuedSeconds"
from (
  select state, count(*) as jobs, extract(epoch from clock_timestamp() - min(created_at)) as seconds
  from backtest_jobs
  group by state
) by_state`;

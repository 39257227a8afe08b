// attempts: the history of a job for its owner, a page at a time: a job that waits for candles or is drained often has many.

import { iso, type AttemptOutcome, type Db } from '../job.ts';

export interface Attempt {
  readonly attempt: number;
  readonly claimed_at: string;
  readonly ended_at: string | null;
  /** Null: it is still open. */
  readonly outcome: AttemptOutcome | null;
  /** Why it ended as it did, or what it waits for; null: nothing to tell. */
  readonly cause: string | null;
  /** Units of the job that lay behind it when it began; null: it has not begun to compute. */
  readonly processed_from: number | null;
}

export type Attempts =
  | { readonly outcome: 'found'; readonly items: readonly Attempt[]; readonly next_after: number | null }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'not_found' };

export interface AttemptsQuery {
  readonly job_id: string;
  readonly user_id: string;
  readonly limit: number;
  /** The attempt before the first one of the page. */
  readonly after: number;
}

export async function attempts(db: Db, { job_id, user_id, limit, after }: AttemptsQuery): Promise<Attempts> {
  const values = [job_id, user_id, limit + 1, after];
  const { rows } = await db.query<{ mine: boolean; items: readonly Attempt[] }>(ATTEMPTS, values);
  const [row] = rows;
  if (row === undefined) return { outcome: 'not_found' };
  if (!row.mine) return { outcome: 'forbidden' };
  const items = row.items.slice(0, limit);
  const last = items.at(-1)?.attempt ?? null;
  return { outcome: 'found', items, next_after: row.items.length > limit ? last : null };
}

// The name of a worker has that of its host, and stays inside.
const ATTEMPTS = `
select j.user_id = $2 as mine, items
from backtest_jobs j
cross join lateral (
  select coalesce(json_agg(row order by attempt), '[]') as items
  from (
    select attempt, ${iso('claimed_at')} as claimed_at, ${iso('ended_at')} as ended_at, outcome,
      left(cause, 200) as cause, processed_from
    from backtest_job_attempts a
    where a.job_id = j.job_id and j.user_id = $2 and attempt > $4
    order by attempt
    limit $3
  ) row
) page
where j.job_id = $1`;

// What the API says of a job, for tests that compare the screen with it.

import { orThrow, type Client, type Schemas } from '@backtest-jobs/client';

export function statusOf(client: Client, job_id: string): Promise<Schemas['JobStatus']> {
  return orThrow(client.GET('/backtests/jobs/{job_id}', { params: { path: { job_id } } }));
}

export function requestOf(client: Client, job_id: string): Promise<Schemas['JobRequest']> {
  return orThrow(client.GET('/backtests/jobs/{job_id}/request', { params: { path: { job_id } } }));
}

/** Reads all kept variants by rank. */
export async function topOf(client: Client, job_id: string): Promise<readonly Schemas['TopVariant'][]> {
  const rows: Schemas['TopVariant'][] = [];
  for (let after_rank: number | null = 0; after_rank !== null;) {
    const query = { limit: 100, after_rank };
    const page: Schemas['TopVariants'] = await orThrow(
      client.GET('/backtests/jobs/{job_id}/top', { params: { path: { job_id }, query } }),
    );
    rows.push(...page.items);
    after_rank = page.next_after_rank;
  }
  return rows;
}

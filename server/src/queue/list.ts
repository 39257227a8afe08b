// list: a user's jobs, newest first, a page at a time. By keyset, never by offset: page 1,000 costs what page 1 costs,
// and a job submitted meanwhile shifts nothing. Equal timestamps are ordered by job_id, so none is shown twice or lost. A
// search by name looks at a bounded number of jobs a page: it reads each, and no index of ours has parts of names.

import type pg from 'pg';
import { transaction } from '../db.ts';
import type { Position } from './cursor.ts';
import { iso, jobColumns, type Db, type Job, type JobState } from './job.ts';
import { overviewColumns, overviewJoins, type Overviewed } from './reads/overview.ts';

export const MOST_LISTED = 250;

/** Jobs whose names one page of a search looks at: some 50 ms. */
export const MOST_SEARCHED = 20_000;

export interface ListQuery {
  readonly user_id: string;
  /** The jobs of all users instead. */
  readonly everybody?: boolean | undefined;
  readonly limit: number;
  readonly state?: JobState | null | undefined;
  /** Part of the name, in any case. */
  readonly q?: string | null | undefined;
  /** Where the page before ended; left out: from the newest. */
  readonly cursor?: Position | null | undefined;
}

export type ListedJob = Job & Overviewed;

export interface Page {
  readonly items: readonly ListedJob[];
  /** Null: that was all. */
  readonly next_cursor: Position | null;
}

/**
 * Returns one page. A page of a search may have fewer items than `limit`, or none, and yet a next one: it has the matches
 * among the next `searched` jobs.
 */
export async function list(db: Db, query: ListQuery, searched = MOST_SEARCHED): Promise<Page> {
  const { user_id, everybody = false, limit, state, q, cursor } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LISTED) {
    throw new RangeError(`limit must be a whole number from 1 to ${MOST_LISTED}, not ${limit}`);
  }
  // One more than asked for says whether there is a next page, without counting anything.
  const from = [cursor?.created_at, cursor?.job_id];
  const floor = q
    ? (await db.query<Position>(FLOOR, [user_id, ...from, searched - 1, everybody])).rows.at(0)
    : undefined;
  const bounds = [...from, floor?.created_at, floor?.job_id];
  const { rows } = await db.query<ListedJob>(LIST, [user_id, limit + 1, state, q, ...bounds, everybody]);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : floor;
  return { items, next_cursor: last ? { created_at: last.created_at, job_id: last.job_id } : null };
}

/** Time of each statement of a search, which others wait behind. */
const SEARCH_MS = 3000;

/** Returns one page of a search by name, with a limit of time of its own, whatever limit the connection has. */
export function search(pool: pg.Pool, query: ListQuery, limitMs = SEARCH_MS): Promise<Page> {
  return transaction(pool, async (client) => {
    await client.query(`set local statement_timeout = ${limitMs}`);
    return list(client, query);
  });
}

// The last job that a page of a search looks at; no row: it looks at all that are left.
const FLOOR = `
select ${iso('created_at')} as created_at, job_id
from backtest_jobs j
where ($5::boolean or user_id = $1) and ($2::timestamptz is null or (j.created_at, j.job_id) < ($2, $3::uuid))
order by j.created_at desc, j.job_id desc
offset $4 limit 1`;

// The parameters are known when the statement is planned (it has no name), so a condition on a null one folds away and
// each combination gets its index. strpos, not like: nothing in it is a wildcard that would need escaping.
const LIST = `
select ${jobColumns}, ${overviewColumns}
from backtest_jobs j
${overviewJoins}
where ($9::boolean or user_id = $1)
  and ($3::text is null or state = $3)
  and ($4::text is null or strpos(lower(coalesce(name, '')), lower($4)) > 0)
  and ($5::timestamptz is null or (j.created_at, j.job_id) < ($5, $6::uuid))
  and ($7::timestamptz is null or (j.created_at, j.job_id) >= ($7, $8::uuid))
order by j.created_at desc, j.job_id desc
limit $2`;

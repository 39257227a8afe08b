// room: whether the database can store what a job will write. A claim changes a row that has its place already, so it works
// on a full disk where the first insert of the job does not.

import type pg from 'pg';
import { transaction } from '../db.ts';

const ROWS = 60_000; // some 4 MiB
const MAY_NOT = '42501'; // a role without temporary tables cannot be asked; its jobs will show it

/** Rejects as the database does when a few MiB do not fit, or when nothing may be written. */
export async function room(pool: pg.Pool): Promise<void> {
  try {
    await transaction(pool, (client) => client.query(ROOM, [ROWS]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === MAY_NOT) return;
    throw error;
  }
}

// A temporary table leaves no dead rows in ours, and a plain one would need a job.
const ROOM = `
create temporary table backtest_room on commit drop as
select n, md5(n::text) as filling from generate_series(1, $1::int) n`;

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { queued } from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { decodeCursor, encodeCursor, type Position } from './cursor.ts';
import { list, search, type ListQuery } from './list.ts';

test('a page has the newest jobs of the user, and nobody else sees them', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  await queued(db.pool);
  const jobs = [];
  for (let i = 0; i < 3; i += 1) jobs.unshift((await queued(db.pool, { user_id })).job_id);
  const page = await list(db.pool, { user_id, limit: 3 });
  assert.deepEqual(
    page.items.map((job) => job.job_id),
    jobs,
  );
  assert.equal(page.next_cursor, null);
  assert.deepEqual(await list(db.pool, { user_id: randomUUID(), limit: 50 }), { items: [], next_cursor: null });
});

test('pages over equal timestamps repeat nothing and leave nothing out', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  for (let i = 0; i < 40; i += 1) await queued(db.pool, { user_id });
  // Two instants one microsecond apart, each shared by 20 jobs: a cursor of milliseconds would lose or repeat some.
  await db.pool.query(
    `update backtest_jobs set created_at = '2026-01-01 00:00:00.000001+00'::timestamptz
       + (hashtext(job_id::text) % 2 = 0)::int * interval '1 microsecond'`,
  );
  const { rows } = await db.pool.query('select job_id from backtest_jobs order by created_at desc, job_id desc');
  for (const limit of [1, 3, 7, 39, 40, 250]) {
    assert.deepEqual(
      await everything(db.pool, { user_id, limit }),
      rows.map((row) => row.job_id),
      `limit ${limit}`,
    );
  }
});

test('jobs submitted between two pages do not shift the second', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  const old = await queued(db.pool, { user_id });
  await queued(db.pool, { user_id });
  const first = await list(db.pool, { user_id, limit: 1 });
  await queued(db.pool, { user_id });
  const second = await list(db.pool, { user_id, limit: 1, cursor: first.next_cursor });
  assert.deepEqual(
    second.items.map((job) => job.job_id),
    [old.job_id],
  );
});

test('state and a part of the name narrow the list, and paging goes on inside', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  const names = ['Gold daily', 'gold 100%', 'SILVER_1h', 'back\\slash', null, 'gold daily 2'];
  for (const name of names) await queued(db.pool, { user_id, name });
  const found = async (changes: Partial<ListQuery>) => {
    const ids = await everything(db.pool, { user_id, limit: 1, ...changes });
    const { rows } = await db.pool.query('select name from backtest_jobs where job_id = any($1) order by name', [ids]);
    return rows.map((row) => row.name);
  };
  assert.deepEqual(await found({ q: 'GOLD' }), ['Gold daily', 'gold 100%', 'gold daily 2']);
  assert.deepEqual(await found({ q: '%' }), ['gold 100%'], 'no wildcard');
  assert.deepEqual(await found({ q: '_' }), ['SILVER_1h']);
  assert.deepEqual(await found({ q: '\\' }), ['back\\slash']);
  assert.deepEqual(await found({ q: `'; drop table backtest_jobs; --` }), []);
  const { items } = await list(db.pool, { user_id, limit: 50, q: 'daily 2' });
  await cancel(db.pool, { user_id, job_id: items[0]!.job_id });
  assert.deepEqual(await found({ state: 'cancelled' }), ['gold daily 2']);
  assert.deepEqual(await found({ state: 'queued', q: 'gold' }), ['Gold daily', 'gold 100%']);
  assert.equal((await found({ q: '' })).length, 6);
});

test('a search looks at a bounded number of jobs a page, and its pages have every match once', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  await db.pool.query(
    `insert into backtest_jobs (job_id, user_id, mode, name, request_hash, engine_params_hash,
       backtest_runtime_config_hash, total_units, created_at)
     select gen_random_uuid(), $1, 'template', case when i % 100 = 0 then 'Gold ' || i else 'other' end,
       repeat('a', 64), repeat('a', 64), repeat('a', 64), 1, timestamptz '2026-01-01' + (i / 3) * interval '1 second'
     from generate_series(1, 5000) i`,
    [user_id],
  );
  for (const [searched, limit] of [
    [700, 50],
    [100, 1],
    [5000, 50],
    [9999, 7],
  ] as const) {
    const names: (string | null)[] = [];
    let cursor: Position | null = null;
    do {
      const page = await list(db.pool, { user_id, limit, q: 'gold', cursor }, searched);
      assert.ok(page.items.length <= Math.min(limit, searched));
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor;
    } while (cursor);
    assert.equal(names.length, 50);
    assert.equal(new Set(names).size, 50);
  }
});

test('the limit is 1 to 250', async () => {
  await using db = await testDatabase();
  for (const limit of [0, 251, 1.5, Number.NaN]) {
    await assert.rejects(list(db.pool, { user_id: randomUUID(), limit }), RangeError);
  }
});

/** The job ids of all pages, each cursor sent through its text form. */
async function everything(pool: pg.Pool, query: ListQuery): Promise<string[]> {
  const ids: string[] = [];
  let cursor: Position | null = null;
  do {
    const page = await list(pool, { ...query, cursor });
    assert.ok(page.items.length <= query.limit);
    ids.push(...page.items.map((job) => job.job_id));
    cursor = page.next_cursor && decodeCursor(encodeCursor(page.next_cursor), 'job_id');
  } while (cursor);
  return ids;
}

test('a search ends at its own limit of time, on a connection that has none', async () => {
  await using db = await testDatabase();
  const { user_id } = await queued(db.pool, { name: 'found' });
  assert.deepEqual(
    (await search(db.pool, { user_id, limit: 5, q: 'OUN' })).items.map(({ name }) => name),
    ['found'],
  );
  const blocker = await db.admin.connect();
  await blocker.query('begin');
  await blocker.query('lock table backtest_jobs in access exclusive mode');
  try {
    await assert.rejects(search(db.pool, { user_id, limit: 5, q: 'x' }, 100), { code: '57014' });
  } finally {
    await blocker.query('rollback');
    blocker.release();
  }
  assert.equal((await db.pool.query('show statement_timeout')).rows[0]?.statement_timeout, '0', 'of the search alone');
});

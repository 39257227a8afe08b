import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { queued } from '../../../test/queue.ts';
import { hasRoomForRows } from './stored-rows.ts';

test('a user has room up to the bound, counted over all jobs of that user; a repeated submit needs none', async () => {
  await using db = await testDatabase();
  const [mine, other] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
  for (const user_id of [mine, mine, other]) {
    const { job_id } = await queued(db.pool, { user_id });
    await db.pool.query(
      `insert into backtest_job_top_variants (job_id, rank, variant_key, indicator_variant_key, variant_index,
         total_return_pct, metrics_json, payload_json, attempt)
       select $1, rank, rank, 'x', rank, 0, '{}', '{}', 0 from generate_series(1, 5) rank`,
      [job_id],
    );
  }
  const room = (rows: number, most: number, idempotency_key: string | null = null) =>
    hasRoomForRows(db.pool, { user_id: mine, idempotency_key, rows, most });
  assert.deepEqual(
    [await room(5, 15), await room(6, 15), await room(1, 10), await room(0, 10)],
    [true, false, false, true],
  );
  assert.equal(await room(20, 15), false);
  await db.pool.query(
    `update backtest_jobs set idempotency_key = 'k' where job_id in (select job_id from backtest_jobs where user_id = $1 limit 1)`,
    [mine],
  );
  assert.deepEqual([await room(6, 15, 'k'), await room(6, 15, 'other')], [true, false]);
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { claimed, finish, queued } from '../../../test/queue.ts';
import { watched } from './watched.ts';

test('of more jobs than are told, those that changed last are: what ended or began just now before what waits', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  const ids: string[] = [];
  for (let one = 0; one < 6; one += 1) ids.push((await queued(db.pool, { user_id })).job_id);
  await queued(db.pool); // of somebody else
  const [first, second] = [await claimed(db.pool), await claimed(db.pool)];
  assert.deepEqual([first.job.job_id, second.job.job_id], ids.slice(0, 2));
  await finish(db.pool, first.lease, { state: 'cancelled' });
  const watch = { user_ids: [user_id], job_ids: ids, new_seconds: 0 };
  const told = async (most: number) => (await watched(db.pool, watch, most)).map(({ job_id }) => ids.indexOf(job_id));
  assert.deepEqual(await told(10), [0, 1, 5, 4, 3, 2]);
  assert.deepEqual(await told(3), [0, 1, 5]);
});

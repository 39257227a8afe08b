// Every verb that writes after a claim, against every way to lose the lease: it says so and changes nothing, anywhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { checkpoint, claimed, expire, HASH, running, stored, topRow } from '../../test/queue.ts';
import { begin } from './begin.ts';
import { cancel } from './cancel.ts';
import { finish } from './finish.ts';
import { heartbeat } from './heartbeat.ts';
import type { Lease } from './job.ts';
import { checkpointPart } from './portions/checkpoint-part.ts';
import { resultRows } from './portions/result-rows.ts';
import { resultTrades } from './portions/result-trades.ts';
import { shortlistPart } from './portions/shortlist-part.ts';
import { shortlist } from './portions/shortlist.ts';
import { snapshotRows } from './portions/snapshot-rows.ts';
import { strip } from './portions/strip.ts';
import { surface } from './portions/surface.ts';
import { release } from './release.ts';
import { resume } from './resume.ts';
import { snapshot } from './snapshot.ts';

const term = { lease_seconds: 60 };
const rows = [topRow(1)];
const SUCCESS = { state: 'succeeded', result_json: {}, result_hash: HASH } as const;
const PORTION = { ...term, ranks: [1], variant_keys: ['variant-1'], json: JSON.stringify(rows) };
const list = { indexes: [3, 1], stage_a_variants_total: 9, risk_total: 1, preselect_used: 2 };

const VERBS: Record<string, { lost: unknown; write: (pool: pg.Pool, lease: Lease) => Promise<unknown> }> = {
  begin: {
    lost: null,
    write: (pool, lease) => begin(pool, lease, { ...term, stage: 'stage_b', processed_units: 9, anew: true }),
  },
  heartbeat: { lost: null, write: (pool, lease) => heartbeat(pool, lease, { ...term, processed_units: 9 }) },
  snapshot: { lost: null, write: (pool, lease) => snapshot(pool, lease, { ...term, rows, checkpoint: checkpoint(9) }) },
  surface: {
    lost: null,
    write: (pool, lease) => surface(pool, lease, { ...term, first_index: 0, scores: Float32Array.of(9) }),
  },
  shortlist: { lost: null, write: (pool, lease) => shortlist(pool, lease, { ...term, ...list }) },
  'shortlist part': {
    lost: null,
    write: (pool, lease) => shortlistPart(pool, lease, { ...term, part_no: 1, indexes: [9] }),
  },
  'checkpoint part': {
    lost: null,
    write: (pool, lease) => checkpointPart(pool, lease, { ...term, save_no: 0, part_no: 1, state: Uint8Array.of(9) }),
  },
  'rows of a snapshot': { lost: null, write: (pool, lease) => snapshotRows(pool, lease, { ...term, rows }) },
  'rows of a result': { lost: null, write: (pool, lease) => resultRows(pool, lease, PORTION) },
  'trades of a result': {
    lost: null,
    write: (pool, lease) => resultTrades(pool, lease, { ...term, rank: 1, part_no: 1, json: '[{}]' }),
  },
  strip: { lost: null, write: (pool, lease) => strip(pool, lease, { ...term, keep: 0 }) },
  resume: { lost: null, write: (pool, lease) => resume(pool, lease) },
  release: { lost: false, write: (pool, lease) => release(pool, lease, { outcome: 'released', cause: null }) },
  'finish succeeded': {
    lost: 'lost',
    write: (pool, lease) => finish(pool, lease, { ...SUCCESS, rows: 0 }),
  },
  'finish failed': {
    lost: 'lost',
    write: (pool, lease) => finish(pool, lease, { state: 'failed', error: { code: 'x', message: 'x', details: {} } }),
  },
  'finish cancelled': { lost: 'lost', write: (pool, lease) => finish(pool, lease, { state: 'cancelled' }) },
};

const LOSSES: Record<string, (pool: pg.Pool, lease: Lease) => Promise<Lease>> = {
  'wrong owner': async (_, lease) => ({ ...lease, locked_by: 'worker-2' }),
  'earlier attempt': async (_, lease) => ({ ...lease, attempt: lease.attempt - 1 }),
  'later attempt': async (_, lease) => ({ ...lease, attempt: lease.attempt + 1 }),
  'expired lease': async (pool, lease) => {
    await expire(pool, lease);
    return lease;
  },
  'claimed by another': async (pool, lease) => {
    await expire(pool, lease);
    await claimed(pool, { locked_by: 'worker-2' });
    return lease;
  },
  'claimed by the same name': async (pool, lease) => {
    await expire(pool, lease);
    await claimed(pool);
    return lease;
  },
  released: async (pool, lease) => {
    await release(pool, lease, { outcome: 'released', cause: null });
    return lease;
  },
  'cancelled after it expired': async (pool, lease) => {
    await expire(pool, lease);
    const { rows: jobs } = await pool.query('select job_id, user_id from backtest_jobs');
    assert.equal((await cancel(pool, jobs[0]))?.state, 'cancelled');
    return lease;
  },
  finished: async (pool, lease) => {
    assert.equal(await finish(pool, lease, { ...SUCCESS, rows: 0 }), 'succeeded');
    return lease;
  },
};

for (const [loss, lose] of Object.entries(LOSSES)) {
  test(`${loss}: no verb writes`, async () => {
    await using db = await testDatabase();
    const { lease } = await running(db.pool);
    // Something in every table, so that a write or a delete in any of them would show.
    await surface(db.pool, lease, { ...term, first_index: 0, scores: Float32Array.of(1, 2) });
    await shortlist(db.pool, lease, { ...term, ...list, indexes: [7] });
    await snapshot(db.pool, lease, { ...term, rows: [topRow(2)], checkpoint: checkpoint(2) });
    await shortlistPart(db.pool, lease, { ...term, part_no: 1, indexes: [8] });
    await checkpointPart(db.pool, lease, { ...term, save_no: 0, part_no: 1, state: Uint8Array.of(1) });
    await resultRows(db.pool, lease, {
      ...PORTION,
      ranks: [2],
      variant_keys: ['variant-2'],
      json: JSON.stringify([topRow(2)]),
    });
    await resultTrades(db.pool, lease, { ...term, rank: 2, part_no: 1, json: '[]' });
    const lost = await lose(db.pool, lease);
    const before = await stored(db.pool, lease.job_id);
    for (const [name, { lost: answer, write }] of Object.entries(VERBS)) {
      assert.deepEqual(await write(db.pool, lost), answer, name);
      assert.deepEqual(await stored(db.pool, lease.job_id), before, name);
    }
  });
}

test('a lease that ran out while a transaction was open is over for it too', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const client = await db.pool.connect();
  await client.query('begin');
  await db.admin.query('update backtest_jobs set lease_expires_at = clock_timestamp()'); // later than its now()
  assert.equal(await heartbeat(client, lease, term), null);
  await client.query('rollback');
  client.release();
});

test('with the lease every verb writes, and an end ends it', async () => {
  for (const [name, { lost, write }] of Object.entries(VERBS)) {
    await using db = await testDatabase();
    const { lease } = await running(db.pool);
    assert.notDeepEqual(await write(db.pool, lease), lost, name);
    const again = await write(db.pool, lease);
    if (/finish|release/.test(name)) assert.deepEqual(again, lost, `${name}, twice`);
    else assert.notDeepEqual(again, lost, `${name}, twice`);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import { checkpoint, claimed, expire, finish, running, shownRows, stored, topRow } from '../../test/queue.ts';
import { begin } from './begin.ts';
import { cancel } from './cancel.ts';
import { get } from './get.ts';
import { checkpointPart, readCheckpointPart } from './portions/checkpoint-part.ts';
import { shortlist } from './portions/shortlist.ts';
import { surface } from './portions/surface.ts';
import { withoutReports } from './portions/top-rows.ts';
import { resume } from './resume.ts';
import { snapshot } from './snapshot.ts';

const term = { lease_seconds: 60 };

test('a snapshot replaces rows and resume point together and never stores a report', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  const progress = { ...term, stage: 'stage_a' as const, processed_units: 5 };
  await snapshot(db.pool, lease, { ...progress, rows: [topRow(1), topRow(2), topRow(3)], checkpoint: checkpoint(5) });
  // Ranks and keys swap places, which one statement for delete and insert could not do.
  const rows = [topRow(1, { variant_key: 'variant-2' }), topRow(2, { variant_key: 'variant-1' })];
  const held = await snapshot(db.pool, lease, { ...progress, processed_units: 9, rows, checkpoint: checkpoint(9) });
  assert.deepEqual(held, { cancel_requested_at: null });
  assert.deepEqual(await shownRows(db.pool, job), withoutReports(rows));
  const all = await stored(db.pool, lease.job_id);
  assert.ok(all['backtest_job_top_variants']!.every((row) => row['attempt'] === 1 && row['report_table_md'] === null));
  assert.equal(all['backtest_jobs']![0]!['processed_units'], 9);
  assert.equal((await resume(db.pool, lease))?.checkpoint?.next_index, 9);
});

test('what did not change is left as it is', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await snapshot(db.pool, lease, { ...term, rows: [topRow(1)], checkpoint: checkpoint(1) });
  const before = await stored(db.pool, lease.job_id);
  await snapshot(db.pool, lease, { ...term, rows: null, checkpoint: null });
  const after = await stored(db.pool, lease.job_id);
  assert.deepEqual({ ...after, backtest_jobs: [] }, { ...before, backtest_jobs: [] });
});

test('a snapshot that cannot be written whole is not written at all', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await snapshot(db.pool, lease, { ...term, rows: [topRow(1)], checkpoint: checkpoint(1) });
  const before = await stored(db.pool, lease.job_id);
  const twice = [topRow(1), topRow(2, { variant_key: 'variant-1' })];
  await assert.rejects(snapshot(db.pool, lease, { ...term, rows: twice, checkpoint: checkpoint(2) }), /variant_key/);
  assert.deepEqual(await stored(db.pool, lease.job_id), before);
});

test('a snapshot brings back the cancel request and still saves', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  await cancel(db.pool, job);
  const held = await snapshot(db.pool, lease, { ...term, rows: [topRow(1)], checkpoint: null });
  assert.ok(held?.cancel_requested_at);
  assert.equal((await stored(db.pool, lease.job_id))['backtest_job_top_variants']!.length, 1);
});

test('what the luck test has found is told while it runs and of a cancelled job; a result has its own, a new start none', async () => {
  await using db = await testDatabase();
  const told = async (job: { job_id: string; user_id: string }): Promise<unknown> => {
    const got = await get(db.pool, job);
    return got.outcome === 'found' ? got.job.permuted : assert.fail(got.outcome);
  };
  const tested = async () => {
    const { lease, job } = await running(db.pool);
    assert.equal(await told(job), null);
    for (const done of [3, 12]) {
      await snapshot(db.pool, lease, { ...term, rows: null, checkpoint: checkpoint(done), permuted: { done } });
    }
    await snapshot(db.pool, lease, { ...term, rows: null, checkpoint: null });
    assert.deepEqual(await told(job), { done: 12 });
    return { lease, job };
  };
  const cut = await tested();
  await cancel(db.pool, cut.job);
  assert.equal(await finish(db.pool, cut.lease, { state: 'cancelled' }), 'cancelled');
  assert.deepEqual(await told(cut.job), { done: 12 });

  const whole = await tested();
  await finish(db.pool, whole.lease, {
    state: 'succeeded',
    rows: [],
    result_json: { verdict: { permuted: { done: 99 } } },
  });
  assert.deepEqual(await told(whole.job), { done: 99 });
  assert.deepEqual((await stored(db.pool, whole.job.job_id))['backtest_job_luck'], []);

  const anew = await tested();
  await begin(db.pool, anew.lease, { ...term, stage: 'stage_a', processed_units: 0, anew: true });
  assert.equal(await told(anew.job), null);
});

test('the checkpoint comes back byte by byte', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const state = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256).subarray(1); // a view into a larger buffer
  await snapshot(db.pool, lease, { ...term, rows: null, checkpoint: checkpoint(1, { stage: 'stage_b', state }) });
  const point = (await resume(db.pool, lease))?.checkpoint;
  assert.deepEqual([point?.stage, point?.next_index, point?.hashes['engine_version']], ['stage_b', 1, '1']);
  assert.deepEqual(Buffer.from(point!.state), Buffer.from(state));
});

test('a resume point that is larger than any part is not read: there is one, without a state', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await snapshot(db.pool, lease, { ...term, rows: null, checkpoint: checkpoint(1) });
  const giant = `update backtest_job_checkpoints set state = decode(repeat('00', 3000000), 'hex')`;
  await db.admin.query(giant);
  const point = (await resume(db.pool, lease))?.checkpoint;
  assert.deepEqual([point?.next_index, point?.state.length], [1, 0]);
});

test('the parts of a resume point count with its snapshot, and those of the save before go', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const part = (save_no: number, part_no: number) =>
    checkpointPart(db.pool, lease, { ...term, save_no, part_no, state: Uint8Array.of(save_no, part_no) });
  const save = (save_no: number, parts: number) =>
    snapshot(db.pool, lease, { ...term, rows: null, checkpoint: checkpoint(save_no, { save_no, parts }) });
  for (const part_no of [1, 2]) await part(1, part_no);
  await save(1, 2);
  await part(2, 1); // and the worker is killed here: the save before still counts
  const point = (await resume(db.pool, lease))?.checkpoint;
  assert.deepEqual([point?.save_no, point?.parts, point?.attempt], [1, 2, 1]);
  assert.deepEqual([...(await readCheckpointPart(db.pool, lease, { save_no: 1, part_no: 2 }))!], [1, 2]);
  assert.equal(await readCheckpointPart(db.pool, lease, { save_no: 1, part_no: 3 }), null);
  await save(2, 1);
  assert.equal(await readCheckpointPart(db.pool, lease, { save_no: 1, part_no: 2 }), null);
  assert.deepEqual([...(await readCheckpointPart(db.pool, lease, { save_no: 2, part_no: 1 }))!], [2, 1]);
});

test('the shortlist is saved once and replaced by an attempt that repeats the stage', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  const list = { ...term, stage_a_variants_total: 100, risk_total: 4, preselect_used: 3 };
  await shortlist(db.pool, lease, { ...list, indexes: Float64Array.of(42, 7, 99) });
  const [first] = (await stored(db.pool, lease.job_id))['backtest_job_stage_a_shortlist']!;
  assert.deepEqual(first!['stage_a_indexes_json'], [42, 7, 99]);
  await expire(db.pool, lease);
  const again = await claimed(db.pool);
  assert.deepEqual(
    Object.keys((await resume(db.pool, again.lease))!),
    ['request', 'checkpoint'],
    'it is not read back',
  );
  await shortlist(db.pool, again.lease, { ...list, indexes: [7] });
  const [row] = (await stored(db.pool, lease.job_id))['backtest_job_stage_a_shortlist']!;
  assert.deepEqual(
    [
      row!['stage_a_indexes_json'],
      row!['stage_a_variants_total'],
      row!['risk_total'],
      row!['preselect_used'],
      row!['attempt'],
    ],
    [[7], 100, 4, 3, 2],
  );
});

test('surface chunks are numbered in grid order and kept as little-endian float32', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await surface(db.pool, lease, { ...term, first_index: 0, scores: Float32Array.of(1.5, Number.NaN) });
  await surface(db.pool, lease, { ...term, first_index: 2, scores: Float32Array.of(-2) });
  const { rows } = await db.pool.query(
    `select chunk_no, first_index, encode(scores, 'hex') as scores from backtest_job_surfaces order by chunk_no`,
  );
  assert.deepEqual(rows, [
    { chunk_no: 0, first_index: 0, scores: '0000c03f0000c07f' },
    { chunk_no: 1, first_index: 2, scores: '000000c0' },
  ]);
});

test('an attempt that goes back to the checkpoint replaces what lies beyond, in whatever portions', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  for (let i = 0; i < 5; i += 1) {
    await surface(db.pool, lease, { ...term, first_index: i * 2, scores: Float32Array.of(i * 2, i * 2 + 1) });
  }
  await expire(db.pool, lease);
  const again = await claimed(db.pool);
  await surface(db.pool, again.lease, { ...term, first_index: 2, scores: Float32Array.of(2, 3, 4) });
  await surface(db.pool, again.lease, { ...term, first_index: 5, scores: Float32Array.of(5, 6, 7, 8, 9) });
  await surface(db.pool, again.lease, { ...term, first_index: 5, scores: Float32Array.of(5, 6, 7, 8, 9) }); // an answer was lost
  const { rows } = await db.pool.query(
    `select chunk_no, first_index, octet_length(scores) / 4 as size, attempt from backtest_job_surfaces order by chunk_no`,
  );
  assert.deepEqual(rows, [
    { chunk_no: 0, first_index: 0, size: 2, attempt: 1 },
    { chunk_no: 1, first_index: 2, size: 3, attempt: 2 },
    { chunk_no: 2, first_index: 5, size: 5, attempt: 2 },
  ]);
});

test('an attempt that begins anew drops checkpoint, shortlist and surface, and keeps the rows in sight', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await surface(db.pool, lease, { ...term, first_index: 0, scores: Float32Array.of(1) });
  await shortlist(db.pool, lease, {
    ...term,
    indexes: [1],
    stage_a_variants_total: 1,
    risk_total: 1,
    preselect_used: 1,
  });
  await snapshot(db.pool, lease, {
    ...term,
    stage: 'stage_b',
    processed_units: 9,
    rows: [topRow(1)],
    checkpoint: checkpoint(1),
  });
  assert.ok(await begin(db.pool, lease, { ...term, stage: 'stage_a', processed_units: 0, anew: true }));
  const all = await stored(db.pool, lease.job_id);
  assert.deepEqual(
    Object.entries(all).flatMap(([table, rows]) => (rows.length > 0 ? [table] : [])),
    ['backtest_jobs', 'backtest_job_requests', 'backtest_job_top_variants', 'backtest_job_attempts'],
  );
  assert.deepEqual([all['backtest_jobs']![0]!['stage'], all['backtest_jobs']![0]!['processed_units']], ['stage_a', 0]);
});

test('an attempt that begins at its resume point keeps everything, and the history says where that was', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await snapshot(db.pool, lease, {
    ...term,
    stage: 'stage_b',
    processed_units: 9,
    rows: null,
    checkpoint: checkpoint(1),
  });
  await expire(db.pool, lease);
  const { lease: second } = await claimed(db.pool);
  assert.ok(await begin(db.pool, second, { ...term, stage: 'stage_a', processed_units: 7, anew: false }));
  const all = await stored(db.pool, lease.job_id);
  assert.equal(all['backtest_job_checkpoints']!.length, 1);
  assert.deepEqual([all['backtest_jobs']![0]!['stage'], all['backtest_jobs']![0]!['processed_units']], ['stage_a', 7]);
  assert.deepEqual(
    all['backtest_job_attempts']!.map((row) => row['processed_from']),
    [null, 7],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import {
  attempts,
  checkpoint,
  claimed,
  expire,
  HASH,
  running,
  shownRows,
  stored,
  topRow,
  finish,
  type TestEnding,
  hashOf,
} from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { finish as finishWritten, outcomeOf } from './finish.ts';
import { get } from './get.ts';
import type { Job } from './job.ts';
import { resultRows } from './portions/result-rows.ts';
import { strip } from './portions/strip.ts';
import { surface } from './portions/surface.ts';
import { snapshot } from './snapshot.ts';

const rows = [topRow(1), topRow(2, { trades: null })];
const success: Extract<TestEnding, { state: 'succeeded' }> = {
  state: 'succeeded',
  rows,
  result_json: { ledger: { bars: 5 }, counts: { stage_a: 3 }, verdict: null },
};
const error = { code: 'no_candles', message: 'no candles of 1:X', details: { bars: 0 } };

test('success stores rows with reports and trades, result and hash, and clears lease and checkpoint', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool, { total_units: 77 });
  await snapshot(db.pool, lease, {
    lease_seconds: 60,
    processed_units: 50,
    rows: [topRow(3)],
    checkpoint: checkpoint(50),
  });
  assert.equal(await finish(db.pool, lease, success), 'succeeded');
  const all = await stored(db.pool, job.job_id);
  const [ended] = all['backtest_jobs']!;
  assert.deepEqual(
    ['state', 'stage', 'processed_units', 'locked_by', 'locked_at', 'lease_expires_at', 'heartbeat_at', 'attempt'].map(
      (name) => ended![name],
    ),
    ['succeeded', 'finalizing', 77, null, null, null, null, 1],
  );
  assert.ok(ended!['finished_at'] !== null);
  assert.deepEqual(all['backtest_job_checkpoints'], []);
  assert.deepEqual(await attempts(db.pool, job.job_id), ['1 worker-1 succeeded']);
  assert.deepEqual(await shownRows(db.pool, job), rows);
  const got = await get(db.pool, job);
  assert.ok(got.outcome === 'found');
  assert.deepEqual([got.job.ledger, got.job.verdict, got.job.eta_seconds], [{ bars: 5 }, null, null]);
  assert.equal(got.job.result_hash, hashOf(rows, success.result_json, null));
});

test('the result hash covers rows, result and surface, and not how often the work was interrupted', async () => {
  await using db = await testDatabase();
  const term = { lease_seconds: 60 };
  async function hashAfter(ending: TestEnding, scores: number[], portions: number[]): Promise<string | null> {
    let { lease, job } = await running(db.pool);
    for (let i = 0; i < portions.length; i += 1) {
      const chunk = scores.slice(portions[i], portions[i + 1] ?? scores.length);
      await surface(db.pool, lease, { ...term, first_index: portions[i]!, scores: Float32Array.from(chunk) });
      await expire(db.pool, lease);
      ({ lease, job } = await claimed(db.pool, { max_crashes: 100 }));
    }
    await finish(db.pool, lease, ending);
    const got = await get(db.pool, job);
    return got.outcome === 'found' ? got.job.result_hash : null;
  }
  const quiet = await hashAfter(success, [1, 2, 3, 4], [0]);
  assert.equal(await hashAfter(success, [1, 2, 3, 4], [0, 1, 3]), quiet);
  const others = [
    await hashAfter(success, [1, 2, 3, 5], [0]),
    await hashAfter(success, [], []),
    await hashAfter({ ...success, rows: [topRow(1)] }, [1, 2, 3, 4], [0]),
    await hashAfter({ ...success, result_json: {} }, [1, 2, 3, 4], [0]),
  ];
  assert.equal(new Set([quiet, ...others]).size, 5);
});

test('failure stores the error and keeps the best rows so far', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  await snapshot(db.pool, lease, {
    lease_seconds: 60,
    processed_units: 50,
    rows: [topRow(1)],
    checkpoint: checkpoint(50),
  });
  assert.equal(await finish(db.pool, lease, { state: 'failed', error }), 'failed');
  const got = await get(db.pool, job);
  assert.ok(got.outcome === 'found');
  assert.deepEqual(
    [got.job.state, got.job.stage, got.job.last_error, got.job.last_error_json],
    ['failed', 'stage_a', error.message, error],
  );
  assert.equal(got.job.processed_units, 50, 'numbers are kept');
  assert.deepEqual(await attempts(db.pool, job.job_id), ['1 worker-1 failed no_candles']);
  assert.equal((await stored(db.pool, job.job_id))['backtest_job_top_variants']!.length, 1);
});

test('what was drawn from the trades of a row comes with success only, like its report', async () => {
  await using db = await testDatabase();
  for (const ending of ['finish', 'strip'] as const) {
    const { lease, job } = await running(db.pool);
    const { monte_carlo, ...row } = { ...topRow(1), monte_carlo: { draws: 1000 } };
    const portion = { lease_seconds: 60, ranks: [1], variant_keys: [row.variant_key] };
    await resultRows(db.pool, lease, { ...portion, json: JSON.stringify([{ ...row, monte_carlo }]) });
    const metrics = async (): Promise<unknown> =>
      (await stored(db.pool, job.job_id))['backtest_job_top_variants']![0]!['metrics_json'];
    assert.deepEqual(await metrics(), { ...row.metrics, monte_carlo });
    if (ending === 'strip') await strip(db.pool, lease, { lease_seconds: 60, keep: 10 });
    else await finish(db.pool, lease, { state: 'failed', error });
    assert.deepEqual(await metrics(), row.metrics);
  }
});

test('a result whose rows are not all there is none: nothing is written, and the job goes on', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  await snapshot(db.pool, lease, { lease_seconds: 60, rows: [topRow(1)], checkpoint: checkpoint(1) });
  const before = await stored(db.pool, job.job_id);
  const ending = { state: 'succeeded', rows: 2, result_json: {}, result_hash: HASH } as const;
  await assert.rejects(finishWritten(db.pool, lease, ending), /the result has 2 rows, and 1 were written/);
  assert.deepEqual(await stored(db.pool, job.job_id), before);
});

test('an error with NUL, half characters or endless details is stored, and its message survives', async () => {
  const nasty = [
    { code: 'x', message: 'no\0good', details: { text: 'a\0b' }, stored: 'no\uFFFDgood' },
    { code: 'x', message: `half \ud83d`, details: [`\udE00`], stored: 'half \uFFFD' },
    { code: 'x', message: `${'y'.repeat(499)}\u{1F600} and more`, details: {}, stored: 'y'.repeat(499) },
    {
      code: 'x',
      message: 'long',
      details: { problems: Array.from({ length: 20_000 }, () => 'problem') },
      stored: 'long',
    },
  ];
  for (const { stored: message, ...given } of nasty) {
    await using db = await testDatabase();
    const { lease, job } = await running(db.pool);
    assert.equal(await finish(db.pool, lease, { state: 'failed', error: given }), 'failed');
    const got = await get(db.pool, job);
    assert.ok(got.outcome === 'found');
    assert.deepEqual([got.job.last_error, got.job.last_error_json?.message], [message, message]);
  }
});

test('cancel wins over every finish: rows stay, without reports, errors or result', async () => {
  for (const ending of [success, { state: 'failed', error }, { state: 'cancelled' }] satisfies TestEnding[]) {
    await using db = await testDatabase();
    const { lease, job } = await running(db.pool);
    await snapshot(db.pool, lease, { lease_seconds: 60, processed_units: 50, rows, checkpoint: checkpoint(50) });
    await cancel(db.pool, job);
    assert.equal(await finish(db.pool, lease, ending), 'cancelled');
    const got = await get(db.pool, job);
    assert.ok(got.outcome === 'found');
    assert.deepEqual(
      [got.job.state, got.job.stage, got.job.last_error, got.job.processed_units],
      ['cancelled', 'stage_a', null, 50],
    );
    const all = await stored(db.pool, job.job_id);
    assert.equal(all['backtest_job_top_variants']!.length, 2);
    assert.ok(
      all['backtest_job_top_variants']!.every((row) => row['report_table_md'] === null && row['trades_json'] === null),
    );
    assert.deepEqual(all['backtest_job_results'], []);
    assert.deepEqual(all['backtest_job_checkpoints'], []);
    assert.deepEqual(await attempts(db.pool, job.job_id), ['1 worker-1 cancelled']);
  }
});

test('finish and cancel at once: who was told first is right', async () => {
  await using db = await testDatabase();
  for (let round = 0; round < 30; round += 1) {
    const { lease, job } = await running(db.pool);
    const [asked, ended]: [Job | null, string] = await Promise.all([
      cancel(db.pool, job),
      finish(db.pool, lease, success),
    ]);
    assert.equal(ended, asked?.state === 'succeeded' ? 'succeeded' : 'cancelled');
    const got = await get(db.pool, job);
    assert.equal(got.outcome === 'found' && got.job.state, ended);
  }
});

test('an end that cannot be written whole is not written at all', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await snapshot(db.pool, lease, { lease_seconds: 60, rows: [topRow(1)], checkpoint: checkpoint(1) });
  const before = await stored(db.pool, lease.job_id);
  await assert.rejects(finish(db.pool, lease, { ...success, rows: [topRow(1), topRow(1)] }), /duplicate key/);
  assert.deepEqual(await stored(db.pool, lease.job_id), before);
  assert.equal(await finish(db.pool, lease, success), 'succeeded');
});

test('outcomeOf tells whether a commit without an answer was ours', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  assert.equal(await outcomeOf(db.pool, lease), null);
  await finish(db.pool, lease, success);
  assert.equal(await finish(db.pool, lease, success), 'lost');
  assert.equal(await outcomeOf(db.pool, lease), 'succeeded');
  assert.equal(await outcomeOf(db.pool, { ...lease, locked_by: 'worker-2' }), null);

  const { lease: second } = await running(db.pool);
  await expire(db.pool, second);
  const taken = await claimed(db.pool, { locked_by: 'worker-2' });
  await finish(db.pool, taken.lease, success);
  assert.equal(await outcomeOf(db.pool, second), 'lost', 'the success was of another attempt');
});

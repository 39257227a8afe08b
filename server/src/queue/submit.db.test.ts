import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { claimed, queued, stored, submission } from '../../test/queue.ts';
import { cancel } from './cancel.ts';
import { NOTIFY_CHANNEL, parseNotice } from './notify.ts';
import { submit } from './submit.ts';

test('a submitted job is queued with its request and without a trace of a run', async () => {
  await using db = await testDatabase();
  const wish = submission({ name: 'first', priority: 5, request_json: { a: [0.1, 'off'] }, total_units: 7 });
  const answer = await submit(db.pool, wish);
  assert.ok(answer.outcome === 'created');
  const { job } = answer;
  assert.deepEqual(
    { state: job.state, stage: job.stage, name: job.name, priority: job.priority, attempt: job.attempt },
    { state: 'queued', stage: 'stage_a', name: 'first', priority: 5, attempt: 0 },
  );
  assert.deepEqual([job.processed_units, job.total_units, job.started_at, job.locked_by], [0, 7, null, null]);
  assert.match(job.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const rows = await stored(db.pool, wish.job_id);
  assert.deepEqual(rows['backtest_job_requests'], [
    {
      job_id: wish.job_id,
      request_json: wish.request_json,
      spec_payload_json: null,
      overview_json: wish.overview_json,
    },
  ]);
});

test('submit tells the listeners, and only when it made a job', async () => {
  await using db = await testDatabase();
  await using listener = await listening(db.dsn);
  const wish = await queued(db.pool, { idempotency_key: 'k' });
  await submit(db.pool, { ...wish, job_id: randomUUID() });
  await submit(db.pool, submission({ max_active_jobs: 0 }));
  const last = await queued(db.pool);
  assert.deepEqual(await listener.until(last.job_id), [wish.job_id, last.job_id]);
});

test('the same key and body give the job that is there, another body a conflict', async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool, { idempotency_key: 'k' });
  // The request made of the same body changes with the defaults of the configuration.
  const again = { ...wish, job_id: randomUUID(), request_hash: 'c'.repeat(64) };
  const repeat = await submit(db.pool, again);
  assert.equal(repeat.outcome, 'existing');
  assert.equal(repeat.outcome === 'existing' && repeat.job.job_id, wish.job_id);
  const other = await submit(db.pool, { ...again, body_hash: 'b'.repeat(64) });
  assert.deepEqual(other, { outcome: 'conflict', job_id: wish.job_id });
  const stranger = await submit(db.pool, { ...again, user_id: randomUUID() });
  assert.equal(stranger.outcome, 'created', 'keys are per user');
});

test('a repeat is answered although the quota is full, and although its job has ended', async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool, { idempotency_key: 'k', max_active_jobs: 1 });
  const refused = await submit(db.pool, submission({ user_id: wish.user_id, max_active_jobs: 1 }));
  assert.deepEqual(refused, { outcome: 'quota_exceeded', active: 1, limit: 1 });
  const again = { ...wish, job_id: randomUUID() };
  assert.equal((await submit(db.pool, again)).outcome, 'existing');
  await cancel(db.pool, wish);
  assert.equal((await submit(db.pool, again)).outcome, 'existing');
});

test('the quota counts queued and running jobs of the user, and nothing else', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  const quota = { user_id, max_active_jobs: 2 };
  await queued(db.pool);
  const first = await queued(db.pool, { ...quota, priority: 1 });
  assert.equal((await claimed(db.pool)).job.job_id, first.job_id);
  const second = await queued(db.pool, quota);
  assert.equal((await submit(db.pool, submission(quota))).outcome, 'quota_exceeded');
  await cancel(db.pool, second);
  assert.equal((await submit(db.pool, submission(quota))).outcome, 'created');
});

test('racing submits never exceed the quota', async () => {
  await using db = await testDatabase();
  for (let round = 0; round < 30; round += 1) {
    const user_id = randomUUID();
    const racing = Array.from({ length: 16 }, () => submit(db.pool, submission({ user_id, max_active_jobs: 3 })));
    const outcomes = (await Promise.all(racing)).map(({ outcome }) => outcome);
    assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 3, `round ${round}`);
    const { rows } = await db.pool.query('select count(*) as n from backtest_jobs where user_id = $1', [user_id]);
    assert.equal(rows[0].n, 3);
  }
});

test('racing submits with one key make one job', async () => {
  await using db = await testDatabase();
  for (let round = 0; round < 10; round += 1) {
    const wish = submission({ idempotency_key: 'k' });
    const racing = Array.from({ length: 16 }, () => submit(db.pool, { ...wish, job_id: randomUUID() }));
    const outcomes = (await Promise.all(racing)).map(({ outcome }) => outcome);
    assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 1);
    assert.equal(outcomes.filter((outcome) => outcome === 'existing').length, 15);
  }
});

test('a failed submit leaves nothing behind', async () => {
  await using db = await testDatabase();
  const wish = submission({ request_json: [] });
  await assert.rejects(submit(db.pool, wish), /check constraint/);
  const rows = await stored(db.pool, wish.job_id);
  assert.ok(Object.values(rows).every((table) => table.length === 0));
});

/** Collects the notices of submit. */
async function listening(dsn: string) {
  const client = new pg.Client({ connectionString: dsn });
  client.on('error', () => {});
  const heard: string[] = [];
  let wake: (() => void) | undefined;
  client.on('notification', ({ payload }) => {
    const notice = parseNotice(payload);
    if (notice?.verb === 'submit') heard.push(notice.job_id);
    wake?.();
  });
  await client.connect();
  await client.query(`listen ${NOTIFY_CHANNEL}`);
  return {
    async until(job_id: string): Promise<string[]> {
      while (!heard.includes(job_id)) await new Promise<void>((resolve) => (wake = resolve));
      return heard;
    },
    async [Symbol.asyncDispose]() {
      await client.end();
    },
  };
}

test('finished jobs never exceed their bound: jobs that have not ended count too, and submits at once wait for each other', async () => {
  await using db = await testDatabase();
  const user_id = randomUUID();
  const ask = () => submit(db.pool, submission({ user_id, max_finished_jobs: 5, max_active_jobs: 4 }));
  for (let job = 0; job < 2; job += 1) {
    const made = await ask();
    assert.ok(made.outcome === 'created');
    await cancel(db.pool, { job_id: made.job.job_id, user_id });
  }
  const outcomes = (await Promise.all(Array.from({ length: 16 }, ask))).map(({ outcome }) => outcome);
  assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 3);
  assert.equal(outcomes.filter((outcome) => outcome === 'keeps_too_many').length, 13);
  assert.deepEqual(await ask(), { outcome: 'keeps_too_many', active: 3, kept: 2, limit: 5 });
});

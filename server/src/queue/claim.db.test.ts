import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import { attempts, checkpoint, claimed, expire, queued, running, stored, WORKER } from '../../test/queue.ts';
import { transaction } from '../db.ts';
import { cancel } from './cancel.ts';
import { claim, type Claim } from './claim.ts';
import { MAX_EXCUSED } from './excuses.ts';
import { finish } from './finish.ts';
import { heartbeat } from './heartbeat.ts';
import type { Lease } from './job.ts';
import { openObserver } from './observer.ts';
import { release } from './release.ts';
import { snapshot } from './snapshot.ts';

test('a claim takes the job with its request, and there is nothing left to claim', async () => {
  await using db = await testDatabase();
  const wish = await queued(db.pool);
  const { lease, job, request, checkpoint: point, reclaimed } = await claimed(db.pool);
  assert.deepEqual(lease, { job_id: wish.job_id, locked_by: 'worker-1', attempt: 1 });
  assert.deepEqual([job.state, job.attempt, job.crash_count, job.locked_by], ['running', 1, 0, 'worker-1']);
  assert.ok(job.started_at !== null);
  assert.deepEqual([request, point, reclaimed], [{ top_k: 10, name: null, priority: 0 }, null, false]);
  assert.equal(await claim(db.pool, WORKER), null);
  assert.deepEqual(await attempts(db.pool, wish.job_id), ['1 worker-1 open']);
  const { rows } = await db.pool.query(
    `select lease_expires_at - locked_at between interval '59.9 s' and interval '60.1 s' as right_lease from backtest_jobs`,
  );
  assert.deepEqual(rows, [{ right_lease: true }]);
});

test('queued jobs go by priority, then by age; an expired one goes before them all', async () => {
  await using db = await testDatabase();
  const abandoned = await running(db.pool);
  const old = await queued(db.pool);
  const young = await queued(db.pool);
  const urgent = await queued(db.pool, { priority: 1 });
  await expire(db.pool, abandoned.lease);
  const order = [];
  for (let i = 0; i < 4; i += 1) order.push((await claimed(db.pool)).lease.job_id);
  assert.deepEqual(order, [abandoned.lease.job_id, urgent.job_id, old.job_id, young.job_id]);
});

test('of expired jobs the one that waits longest goes first', async () => {
  await using db = await testDatabase();
  const jobs = [await running(db.pool), await running(db.pool), await running(db.pool)];
  for (const job of jobs.toReversed()) await expire(db.pool, job.lease);
  const order = [];
  for (let i = 0; i < 3; i += 1) order.push((await claimed(db.pool)).lease.job_id);
  assert.deepEqual(
    order,
    jobs.toReversed().map((job) => job.lease.job_id),
  );
});

test('an expired lease is reclaimed with attempt + 1, from the checkpoint, and started_at stays', async () => {
  await using db = await testDatabase();
  const first = await running(db.pool);
  const point = checkpoint(300);
  await snapshot(db.pool, first.lease, {
    lease_seconds: 60,
    stage: 'stage_a',
    processed_units: 300,
    rows: null,
    checkpoint: point,
  });
  assert.equal(await claim(db.pool, WORKER), null, 'the lease holds');
  await expire(db.pool, first.lease);
  const second = await claimed(db.pool, { locked_by: 'worker-2' });
  assert.deepEqual(second.lease, { job_id: first.lease.job_id, locked_by: 'worker-2', attempt: 2 });
  assert.equal(second.reclaimed, true);
  assert.equal(second.job.started_at, first.job.started_at);
  assert.deepEqual(
    { ...second.checkpoint, state: [...second.checkpoint!.state] },
    { ...point, state: [...point.state], attempt: 1, parts: 0, save_no: 0 },
  );
  assert.equal(second.job.crash_count, 0, 'it saved a checkpoint');
  assert.deepEqual(await attempts(db.pool, first.lease.job_id), ['1 worker-1 lost', '2 worker-2 open']);
  assert.equal(await heartbeat(db.pool, first.lease, { lease_seconds: 60 }), null, 'the former owner is fenced off');
});

test('two claimers at once: one gets the job', async () => {
  await using db = await testDatabase();
  for (let round = 0; round < 20; round += 1) {
    const { job_id } = await queued(db.pool);
    const fresh = await Promise.all([claim(db.pool, WORKER), claim(db.pool, { ...WORKER, locked_by: 'worker-2' })]);
    assert.equal(fresh.filter((won) => won !== null).length, 1);
    await expire(db.pool, { job_id });
    const again = await Promise.all([claim(db.pool, WORKER), claim(db.pool, { ...WORKER, locked_by: 'worker-2' })]);
    assert.equal(again.filter((won) => won !== null).length, 1);
    assert.equal((await attempts(db.pool, job_id)).length, 2);
  }
});

test('8 claimers and 50 jobs, queued or expired: each is claimed once, none is left', async () => {
  await using db = await testDatabase();
  for (let i = 0; i < 50; i += 1) await queued(db.pool);
  for (const attempt of [1, 2]) {
    const won = await swarm(db.pool, 8);
    assert.equal(won.length, 50);
    assert.equal(new Set(won).size, 50);
    const { rows } = await db.pool.query('select attempt, count(*) as n from backtest_jobs group by attempt');
    assert.deepEqual(rows, [{ attempt, n: 50 }]);
    await db.pool.query(
      `update backtest_jobs set lease_expires_at = clock_timestamp() - random() * interval '1 minute'`,
    );
  }
});

test('a job that somebody writes to is passed over, not waited for', { timeout: 30_000 }, async () => {
  await using db = await testDatabase();
  const abandoned = await running(db.pool);
  await expire(db.pool, abandoned.lease);
  const next = await queued(db.pool);
  await transaction(db.pool, async (client) => {
    await client.query('select from backtest_jobs where job_id = $1 for no key update', [abandoned.lease.job_id]);
    assert.equal((await claimed(db.pool)).lease.job_id, next.job_id);
    assert.equal(await claim(db.pool, WORKER), null);
  });
  assert.equal((await claimed(db.pool)).lease.job_id, abandoned.lease.job_id);
});

test('an abandoned job with a cancel request is ended as cancelled, attempt + 1', async () => {
  await using db = await testDatabase();
  const first = await running(db.pool);
  await cancel(db.pool, first.job);
  await expire(db.pool, first.lease);
  const ended = await claim(db.pool, { ...WORKER, locked_by: 'worker-2' });
  assert.deepEqual([ended?.outcome, ended?.job.state, ended?.job.attempt], ['cancelled', 'cancelled', 2]);
  assert.deepEqual(await attempts(db.pool, first.lease.job_id), ['1 worker-1 lost', '2 worker-2 cancelled']);
  assert.equal(await claim(db.pool, WORKER), null);
});

test('lost attempts without a checkpoint are crashes; the one that reaches max_crashes fails the job', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  for (const crash_count of [1, 2]) {
    await expire(db.pool, lease);
    assert.equal((await claimed(db.pool)).job.crash_count, crash_count);
  }
  await expire(db.pool, lease);
  const ended = await claim(db.pool, WORKER);
  assert.deepEqual([ended?.outcome, ended?.job.attempt, ended?.job.crash_count], ['failed', 4, 3]);
  const error = ended!.job.last_error_json!;
  assert.equal(error.code, 'worker_lost');
  assert.equal(error.message, ended!.job.last_error);
  assert.deepEqual(error.details, {
    crash_count: 3,
    max_crashes: 3,
    attempts: [1, 2, 3].map((attempt) => ({ attempt, locked_by: 'worker-1', outcome: 'lost', cause: null })),
  });
  assert.equal(await claim(db.pool, WORKER), null);
  assert.deepEqual((await attempts(db.pool, lease.job_id)).at(-1), '4 worker-1 failed');
});

test('a crash that was reported names its cause in the error', async () => {
  await using db = await testDatabase();
  let { lease } = await running(db.pool);
  await release(db.pool, lease, { outcome: 'crashed', cause: 'child_crashed' });
  ({ lease } = await claimed(db.pool, { locked_by: 'worker-3', max_crashes: 2 }));
  await release(db.pool, lease, { outcome: 'crashed', cause: 'out_of_memory' });
  const ended = await claim(db.pool, { ...WORKER, max_crashes: 2 });
  assert.equal(ended?.outcome, 'failed');
  assert.equal(ended?.job.last_error_json?.code, 'out_of_memory');
  assert.match(ended?.job.last_error ?? '', /2 attempts .* out_of_memory/);
});

test('progress pays: attempts that saved a checkpoint never count, lost or crashed, however many', async () => {
  await using db = await testDatabase();
  let { lease } = await running(db.pool);
  for (let i = 1; i <= 10; i += 1) {
    await snapshot(db.pool, lease, { lease_seconds: 60, rows: null, checkpoint: checkpoint(i) });
    if (i % 2 === 0) await expire(db.pool, lease);
    else await release(db.pool, lease, { outcome: 'crashed', cause: 'stalled' });
    const next = await claimed(db.pool, { locked_by: `worker-${i + 1}` });
    assert.deepEqual([next.job.crash_count, next.job.attempt], [0, i + 1]);
    lease = next.lease;
  }
  await expire(db.pool, lease);
  const { job } = await claimed(db.pool);
  assert.equal(job.crash_count, 1, 'the checkpoint of another attempt is not its own');
});

test('giving a job back never counts', async () => {
  await using db = await testDatabase();
  let { lease } = await running(db.pool);
  for (let i = 0; i < 5; i += 1) {
    assert.equal(await release(db.pool, lease, { outcome: 'released', cause: null }), true);
    const next = await claimed(db.pool);
    assert.equal(next.job.crash_count, 0);
    lease = next.lease;
  }
});

test('a release that commits while the claim is under way is not taken for a crash', { timeout: 30_000 }, async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await expire(db.pool, lease);
  let claiming: Promise<Claim | null> | undefined;
  await transaction(db.admin, async (client) => {
    await client.query(`update backtest_job_attempts set outcome = 'released', ended_at = clock_timestamp()`);
    claiming = claim(db.pool, WORKER); // its snapshot still has the attempt open
    await waitingForALock(client);
  });
  assert.equal((await claiming)?.job.crash_count, 0);
  assert.deepEqual(await attempts(db.pool, lease.job_id), ['1 worker-1 released', '2 worker-1 open']);
});

test('cancel and claim at once: the job is cancelled, or runs and knows that it shall not', async () => {
  await using db = await testDatabase();
  for (let round = 0; round < 30; round += 1) {
    const wish = await queued(db.pool);
    const [answer, won] = await Promise.all([cancel(db.pool, wish), claim(db.pool, WORKER)]);
    const [job] = (await stored(db.pool, wish.job_id))['backtest_jobs']!;
    assert.ok(job!['cancel_requested_at'] !== null);
    assert.equal(job!['state'], won === null ? 'cancelled' : 'running');
    assert.equal(answer?.state, job!['state']);
  }
});

const SICK = ['worker_no_child', 'worker_no_files', 'worker_disk_full', 'database_disk_full', 'clock_step'];

test('an attempt that ended by trouble of its worker or the database does not count, and is in the history', async () => {
  await using db = await testDatabase();
  const { lease, job } = await running(db.pool);
  let held = lease;
  for (const [i, cause] of SICK.entries()) {
    await release(db.pool, held, { outcome: 'released', cause });
    const next = await claimed(db.pool, { locked_by: `worker-${i + 2}`, max_crashes: 1 });
    assert.equal(next.job.crash_count, 0, cause);
    held = next.lease;
  }
  const history = SICK.map((cause, i) => `${i + 1} worker-${i + 1} released ${cause}`);
  assert.deepEqual((await attempts(db.pool, job.job_id)).slice(0, -1), history);
});

test('a job whose attempts end by trouble for ever is failed after a hundred, with the cause; a checkpoint begins the count again', async () => {
  await using db = await testDatabase();
  const { lease } = await running(db.pool);
  await excuseTimes(db.pool, lease, MAX_EXCUSED - 2);
  let next = await giveBack(db.pool, { ...lease, attempt: MAX_EXCUSED - 1 });
  assert.equal(next?.outcome, 'claimed');
  await snapshot(db.pool, next.lease, { lease_seconds: 60, rows: null, checkpoint: checkpoint(1) });
  next = await giveBack(db.pool, next.lease);
  assert.equal(next?.outcome, 'claimed', 'it has saved a checkpoint');
  await excuseTimes(db.pool, next.lease, MAX_EXCUSED - 1);
  const end = await giveBack(db.pool, { ...next.lease, attempt: next.lease.attempt + MAX_EXCUSED - 1 });
  assert.deepEqual([end?.outcome, end?.job.crash_count], ['failed', 0]);
  assert.equal(end?.job.last_error_json?.code, 'worker_no_files');
  assert.match(end?.job.last_error ?? '', /^100 attempts were ended by trouble of workers or database/);
});

test('a claim avoids a job that crashed at this very worker a moment ago, under whatever name; another takes it at once', async () => {
  await using db = await testDatabase();
  const names = ['box-1-42-0000000a', 'box-1-42-0000000b', 'box-1-421-0000000c'] as const;
  for (const [outcome, cause, avoids] of [
    ['crashed', 'child_crashed', true],
    ['crashed', 'stalled', true],
    ['released', 'worker_no_access', true],
    ['released', 'database_disk_full', false],
    ['released', null, false],
    ['released', 'claim_unanswered', false],
  ] as const) {
    const worker = { locked_by: names[0], lease_seconds: 60, max_crashes: 100 };
    const { lease, job } = await running(db.pool, {}, worker);
    await release(db.pool, lease, { outcome, cause });
    const again = await claim(db.pool, { ...worker, locked_by: names[1] });
    assert.equal(again === null, avoids, `${outcome} ${cause}`);
    if (avoids) {
      const behind = await queued(db.pool);
      const other = await claimed(db.pool, worker);
      assert.equal(other.job.job_id, behind.job_id, 'it takes what is behind');
      await cancel(db.pool, other.job);
      await finish(db.pool, other.lease, { state: 'cancelled' });
      const elsewhere = await claimed(db.pool, { ...worker, locked_by: names[2] });
      assert.equal(elsewhere.job.job_id, job.job_id);
    }
    await db.pool.query('delete from backtest_jobs');
  }
});

test('a worker that is alone runs the job that crashed there after a lease', async () => {
  await using db = await testDatabase();
  const worker = { locked_by: 'box-7-0000000a', lease_seconds: 60, max_crashes: 100 };
  const { lease } = await running(db.pool, {}, worker);
  await release(db.pool, lease, { outcome: 'crashed', cause: 'child_crashed' });
  assert.equal(await claim(db.pool, worker), null);
  await db.pool.query(`update backtest_job_attempts set ended_at = ended_at - interval '61 seconds'`);
  assert.equal((await claim(db.pool, worker))?.outcome, 'claimed');
  await db.pool.query('update backtest_jobs set lease_expires_at = clock_timestamp()');
  await db.pool.query(
    `update backtest_job_attempts set outcome = 'crashed', ended_at = clock_timestamp() + interval '1 hour'`,
  );
  assert.equal((await claim(db.pool, worker))?.outcome, 'claimed', 'and when the clock has gone back');
});

test('a lease lost while the database was in trouble does not count, one lost at another time does', async () => {
  await using db = await testDatabase();
  const lost = async (heartbeat: string, from: string, until: string): Promise<string> => {
    const { job } = await running(db.pool);
    await db.admin.query(
      `update backtest_jobs set heartbeat_at = ${heartbeat}, lease_expires_at = clock_timestamp() - interval '100 ms'`,
    );
    const disturbances = [{ cause: 'clock_step' as const, from, until }];
    const next = await claim(db.pool, { ...WORKER, observer: { ...BLIND, disturbances: () => disturbances } });
    const [first] = await attempts(db.pool, job.job_id);
    await db.pool.query('delete from backtest_jobs');
    return `${next?.job.crash_count} ${first}`;
  };
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
  const recent = `clock_timestamp() - interval '500 ms'`;
  assert.equal(await lost(recent, at(-600), at(-500)), '1 1 worker-1 lost');
  assert.equal(await lost(recent, at(60), at(120)), '1 1 worker-1 lost');
  assert.equal(await lost(recent, at(-600), at(600)), '0 1 worker-1 lost clock_step');
  assert.equal(await lost(recent, at(-0.4), at(-0.3)), '0 1 worker-1 lost clock_step');
  assert.equal(await lost(recent, at(-0.3), at(60)), '0 1 worker-1 lost clock_step');
  const before = `pg_postmaster_start_time() - interval '10 ms'`;
  assert.equal(await lost(before, at(60), at(120)), '0 1 worker-1 lost database_restarted');
});

test('a step of the clock between the look and the claim is seen by the claim itself', async () => {
  await using db = await testDatabase();
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  for (const [read, latest, excused] of [
    [-1000, -800, true], // the lease was alive when we looked, and the clock is further than it can be
    [-1000, 60_000, false],
    [-50, 60_000, false],
    [-20, -10, false], // it was over when we looked
  ] as const) {
    await running(db.pool);
    await db.admin.query(`update backtest_jobs set lease_expires_at = clock_timestamp() - interval '100 ms'`);
    const clock = { read: at(read), latest: at(latest) };
    const next = await claim(db.pool, { ...WORKER, observer: { ...BLIND, clock: () => clock } });
    assert.equal(next?.job.crash_count, excused ? 0 : 1, `${read} ${latest}`);
    await db.pool.query('delete from backtest_jobs');
  }
});

const BLIND = { silent: () => [], disturbances: () => [], clock: () => null };

test('a lease that the database has in the future is taken over when it is silent, and not when it has moved since', async () => {
  await using db = await testDatabase();
  const { job } = await running(db.pool);
  const future = `update backtest_jobs set lease_expires_at = clock_timestamp() + $1::float8 * interval '1 hour'`;
  await db.admin.query(future, [1]);
  let time = 0;
  const observer = openObserver(60, () => time);
  await observer.look(db.pool);
  time = 59_000;
  await observer.look(db.pool);
  assert.deepEqual(observer.silent(), [], 'not yet: its lease is as long as the database says, at least sixty seconds');
  time = 3_700_000;
  await observer.look(db.pool);
  assert.deepEqual(
    observer.silent().map(({ job_id }) => job_id),
    [job.job_id],
  );
  await db.admin.query(future, [2]);
  assert.equal(
    await claim(db.pool, { ...WORKER, locked_by: 'worker-2', observer }),
    null,
    'it was renewed after the look',
  );
  await observer.look(db.pool);
  assert.deepEqual(observer.silent(), []);
  time = 20_000_000;
  await observer.look(db.pool);
  const next = await claimed(db.pool, { locked_by: 'worker-2', observer });
  assert.deepEqual([next.job.attempt, next.reclaimed], [2, true]);
  assert.equal(await claim(db.pool, { ...WORKER, observer }), null, 'the lease that was silent is not this one');
});

/** Attempts that workers gave back because they had trouble, as so many claims would have left them. */
async function excuseTimes(pool: pg.Pool, { job_id, attempt }: Lease, times: number): Promise<void> {
  await pool.query(
    `insert into backtest_job_attempts (job_id, attempt, locked_by, ended_at, outcome, cause)
     select $1, n, 'worker-9', clock_timestamp(), 'released', 'worker_no_files' from generate_series($2::int, $3::int) n
     on conflict (job_id, attempt) do update set outcome = 'released', cause = 'worker_no_files', ended_at = clock_timestamp()`,
    [job_id, attempt, attempt + times - 1],
  );
  await pool.query(`insert into backtest_job_attempts (job_id, attempt, locked_by) values ($1, $2, 'worker-1')`, [
    job_id,
    attempt + times,
  ]);
  await pool.query('update backtest_jobs set attempt = $2 where job_id = $1', [job_id, attempt + times]);
}

async function giveBack(pool: pg.Pool, lease: Lease): Promise<Claim | null> {
  const { rows } = await pool.query<Lease>('select job_id, locked_by, attempt from backtest_jobs where job_id = $1', [
    lease.job_id,
  ]);
  assert.equal(rows[0]?.attempt, lease.attempt);
  await release(pool, rows[0], { outcome: 'released', cause: 'worker_no_files' });
  return claim(pool, { ...WORKER, locked_by: rows[0].locked_by === 'worker-1' ? 'worker-2' : 'worker-1' });
}

async function swarm(pool: pg.Pool, claimers: number): Promise<string[]> {
  const won: string[] = [];
  const claimer = async (_: unknown, i: number): Promise<void> => {
    for (;;) {
      const next = await claim(pool, { ...WORKER, locked_by: `worker-${i}`, max_crashes: 100 });
      if (next === null) return; // with skip locked a claimer may see nothing while others still hold what is left
      won.push(next.job.job_id);
    }
  };
  await Promise.all(Array.from({ length: claimers }, claimer));
  await claimer(null, 0);
  return won;
}

async function waitingForALock(client: pg.ClientBase): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rowCount === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

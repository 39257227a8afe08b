import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from './job.ts';
import { openObserver } from './observer.ts';

/** A database whose clock and leases a test sets, an answer of which takes 20 ms. */
function fake() {
  const world = { elapsed: 1000, clock: 1e12, leases: {} as Record<string, string>, error: null as Error | null };
  const db = {
    async query() {
      world.elapsed += 20;
      world.clock += 20;
      if (world.error !== null) throw world.error;
      const clock_ms = world.clock;
      const rows = Object.entries(world.leases).map(([job_id, lease]) => {
        return { clock_ms, job_id, user_id: 'u', attempt: 1, lease, length_ms: 3000, cancel_requested: false };
      });
      return { rows: rows.length > 0 ? rows : [{ clock_ms, job_id: null }] };
    },
  } as unknown as Db;
  const pass = (ms: number): void => {
    world.elapsed += ms;
    world.clock += ms;
  };
  return { world, db, pass, observer: openObserver(3, () => world.elapsed) };
}

test('a clock that goes with ours disturbs nothing, however long nobody looks and however long an answer takes', async () => {
  const { world, db, pass, observer } = fake();
  for (const ms of [0, 200, 86_400_000, 5]) {
    pass(ms);
    await observer.look(db);
  }
  world.elapsed += 250; // less than a tenth of a lease
  await observer.look(db);
  assert.deepEqual(observer.disturbances(), []);
});

test('a step ahead is a disturbance from the last reading before it to the first after it; a step back is none', async () => {
  const { world, db, pass, observer } = fake();
  await observer.look(db);
  const before = new Date(world.clock).toISOString();
  pass(500);
  world.clock += 3_600_000;
  await observer.look(db);
  const after = new Date(world.clock).toISOString();
  assert.deepEqual(observer.disturbances(), [{ cause: 'clock_step', from: before, until: after }]);
  world.clock -= 3_600_000;
  await observer.look(db);
  assert.equal(observer.disturbances().length, 1);
});

test('the latest that the clock can show grows with elapsed time', async () => {
  const { db, pass, observer } = fake();
  assert.equal(observer.clock(), null);
  await observer.look(db);
  const bound = (): number => Date.parse(observer.clock()!.latest) - Date.parse(observer.clock()!.read);
  assert.equal(bound(), 20 + 1050);
  pass(5000);
  assert.equal(bound(), 5020 + 1050);
});

test('steps are seen one by one, and the last sixteen are kept', async () => {
  const { world, db, observer } = fake();
  await observer.look(db);
  for (let step = 0; step < 20; step += 1) {
    world.clock += 2000;
    await observer.look(db);
  }
  assert.equal(observer.disturbances().length, 16);
});

test('trouble is a disturbance from the reading before it to the one after it, also when it was there at the start', async () => {
  const { world, db, pass, observer } = fake();
  world.error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  await assert.rejects(observer.look(db));
  pass(10_000);
  await assert.rejects(observer.look(db));
  world.error = null;
  await observer.look(db);
  const [atStart] = observer.disturbances();
  assert.equal(Date.parse(atStart!.until) - Date.parse(atStart!.from), 10_040, 'since the first time it was asked');
  observer.trouble('database_disk_full');
  observer.trouble('database_trouble');
  pass(1000);
  await observer.look(db);
  assert.deepEqual(observer.disturbances()[1], {
    cause: 'database_disk_full',
    from: atStart!.until,
    until: new Date(world.clock).toISOString(),
  });
  world.error = Object.assign(new Error('bug'), { code: '42601' });
  await assert.rejects(observer.look(db));
  world.error = null;
  await observer.look(db);
  assert.equal(observer.disturbances().length, 2, 'a statement that is wrong says nothing about the leases');
});

test('a lease is silent when it has not moved for its length between two looks, however its clock goes', async () => {
  const { world, db, pass, observer } = fake();
  world.leases = { dead: 'x', alive: '0', short: 'y' };
  for (let beat = 1; beat <= 12; beat += 1) {
    await observer.look(db);
    assert.deepEqual(
      observer.silent().map(({ job_id }) => job_id),
      beat > 3 ? ['dead', 'short'] : [],
      `beat ${beat}`,
    );
    pass(1000);
    world.clock -= 1_000_000;
    world.leases = { dead: 'x', alive: String(beat), short: 'y' };
  }
  world.leases = { alive: '99' };
  await observer.look(db);
  assert.deepEqual(observer.silent(), [], 'what has ended is forgotten');
});

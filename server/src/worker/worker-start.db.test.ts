// How a worker begins: what it checks, in which order, and with which words it refuses.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { testDatabase } from '../../test/database.ts';
import { startWorker, WORKER } from '../../test/fleet.ts';
import { queued } from '../../test/queue.ts';
import { readMigrations } from '../migrate.ts';

const NOBODY = 'postgres://nobody@127.0.0.1:1/none';

async function configOf(t: TestContext, yaml: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-start-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'backtest.yaml');
  await writeFile(file, yaml);
  return [...WORKER.slice(0, -1), file];
}

test('a configuration that is wrong comes before the switch, and everything wrong is told at once', async (t) => {
  const command = await configOf(t, 'version: 1\nbacktest: { jobs: { enabled: false, lease_second: 3 } }\n');
  const worker = startWorker({ STRATEGY_PG_DSN: NOBODY, CANDLE_SOURCE: 'nowhere' }, command);
  assert.equal(await worker.ended, 1);
  assert.match(worker.log(), /lease_second is not a known key, did you mean lease_seconds\?/);
  assert.match(worker.log(), /CANDLE_SOURCE/);
});

test('the switch comes before database and candles', async (t) => {
  const command = await configOf(t, 'version: 1\nbacktest: { jobs: { enabled: false } }\n');
  const worker = startWorker({ STRATEGY_PG_DSN: NOBODY, CANDLE_SOURCE: 'parquet:/nonexistent' }, command);
  assert.equal(await worker.ended, 0, worker.log());
  assert.match(worker.log(), /component=backtest-job-runner status=disabled event=disabled/);
});

test('a schema that is older or newer is refused before any claim, with both versions', async () => {
  await using db = await testDatabase();
  const needed = readMigrations().length;
  for (const [sql, version] of [
    [`insert into backtest_migrations (version, name, sha256) values (9999, 'later', repeat('0', 64))`, 9999],
    ['delete from backtest_migrations where version >= 2', 1],
  ] as const) {
    await db.admin.query(sql);
    const worker = startWorker({ STRATEGY_PG_DSN: db.dsn });
    assert.equal(await worker.ended, 1, worker.log());
    assert.match(worker.log(), new RegExp(`\\b${version}\\b.*\\b${needed}\\b`));
    assert.doesNotMatch(worker.log(), /event=started/);
  }
});

test('a metrics port that was asked for and is busy ends it, named', async (t) => {
  await using db = await testDatabase();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const address = other.address();
  assert.ok(typeof address === 'object' && address !== null);
  const worker = startWorker({ STRATEGY_PG_DSN: db.dsn }, [...WORKER, '--metrics-port', String(address.port)]);
  assert.equal(await worker.ended, 1, worker.log());
  assert.match(worker.log(), new RegExp(`metrics port ${address.port} is busy`));
});

test('a claim that waits for a lock gives up within a quarter of the lease, and the next one gets the job', async (t) => {
  await using db = await testDatabase();
  const worker = startWorker({ STRATEGY_PG_DSN: db.dsn });
  t.after(() => worker.kill('SIGKILL'));
  await worker.said('event=started');
  const holder = await db.admin.connect();
  await holder.query('begin');
  await holder.query('lock table backtest_jobs in access exclusive mode');
  await worker.said('event=claim_failed');
  assert.match(worker.log(), /event=claim_failed .*lock timeout/);
  await holder.query('rollback');
  holder.release();
  const { job_id } = await queued(db.pool);
  const claimed = `select from backtest_job_attempts where job_id = $1`;
  while ((await db.pool.query(claimed, [job_id])).rowCount === 0);
});

/** A server that refuses every connection as a pooler does, in the words of PgBouncer. */
async function openPooler(t: TestContext, parameter: string): Promise<string> {
  const fields = ['SFATAL', 'VFATAL', 'C08P01', `Munsupported startup parameter: ${parameter}`];
  const body = Buffer.from(`${fields.join('\0')}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end(Buffer.concat([head, body])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `postgres://backtest:secret@127.0.0.1:${address.port}/jobs`;
}

for (const [program, parameter] of [
  ['worker', 'statement_timeout'],
  ['api', 'lock_timeout'],
] as const) {
  test(
    `a pooler that refuses our settings ends ${program} at once with what to set`,
    { timeout: 25_000 },
    async (t) => {
      const dsn = await openPooler(t, parameter);
      const command = [...WORKER.slice(0, 2), program, ...WORKER.slice(3)];
      const process = startWorker({ STRATEGY_PG_DSN: dsn, CANDLE_SOURCE: 'parquet:/nonexistent' }, command);
      assert.equal(await process.ended, 1, process.log());
      assert.match(
        process.log(),
        new RegExp(`refuses the connection setting ${parameter}: set ignore_startup_parameters = `),
      );
      assert.doesNotMatch(process.log(), /not ready|secret/);
    },
  );
}

test(
  'a database that is not there is one line, then one every five seconds with the time left',
  { timeout: 60_000 },
  async (t) => {
    const worker = startWorker({ STRATEGY_PG_DSN: NOBODY });
    t.after(() => worker.kill('SIGKILL'));
    await worker.said('tries for another 25 s');
    const lines = worker
      .log()
      .split('\n')
      .filter((line) => line.includes('the database is not ready'));
    assert.equal(lines.length, 2, worker.log());
    assert.match(lines[0]!, /ECONNREFUSED.*tries for another 30 s, then exits/);
  },
);

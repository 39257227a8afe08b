// A real PgBouncer in transaction mode between a worker and PostgreSQL: one clear error while it refuses our connection
// settings, and jobs that succeed once it has the settings that the error names.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, openFleet, walk } from '../fleet.ts';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
const PROGRAM = FOLDERS.map((folder) => join(folder, 'pgbouncer')).find((file) => existsSync(file));
const skip = PROGRAM === undefined ? 'there is no pgbouncer: apt-get install pgbouncer' : false;

const SPEC = {
  time_range: { start: '2020-01-05T00:00:00Z', end: '2020-01-30T00:00:00Z' },
  warmup_bars: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 9, step: 1 } } },
    ],
  },
};

/** Starts a pooler before a database, with more lines in its section; returns the DSN through it. */
async function openPooler(dsn: string, more = ''): Promise<{ readonly dsn: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-pooler-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const { hostname, port: behind, pathname, username, password } = new URL(dsn);
  const name = pathname.slice(1);
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `${name} = host=${hostname} port=${behind} dbname=${name} user=${username} password=${decodeURIComponent(password)}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = transaction',
      more,
      '',
    ].join('\n'),
  );
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const pooler = spawn(PROGRAM ?? '', [...asNobody, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' });
  const ended = once(pooler, 'exit');
  await eventually('the pooler listens', () => listens(port));
  return {
    dsn: `postgres://${username}@127.0.0.1:${port}/${name}`,
    async [Symbol.asyncDispose]() {
      pooler.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

async function listens(port: number): Promise<boolean> {
  await delay(50);
  const socket = connect(port, '127.0.0.1');
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return connected;
}

test('a pooler that refuses our settings: one error that names them, and with them it works', { skip }, async () => {
  await using fleet = await openFleet(walk(800, '1h'), '1h');
  const { dsn } = fleet.database;
  let named = '';
  for (const more of ['', 'ignore_startup_parameters = extra_float_digits']) {
    await using pooler = await openPooler(dsn, more);
    const worker = fleet.worker({ STRATEGY_PG_DSN: pooler.dsn });
    assert.equal(await worker.ended, 1, worker.log());
    const lines = worker.log().split('\n');
    const errors = lines.filter((line) => line.startsWith('backtest: '));
    assert.equal(errors.length, 1, worker.log());
    assert.doesNotMatch(worker.log(), /not ready/);
    [, named = ''] =
      /: set (ignore_startup_parameters = [\w, ]+) in the configuration of PgBouncer/.exec(errors[0] ?? '') ?? [];
    assert.match(named, /statement_timeout/);
  }
  await using pooler = await openPooler(dsn, named);
  const worker = fleet.worker({ STRATEGY_PG_DSN: pooler.dsn });
  const job = await fleet.submit(SPEC);
  const { state } = await fleet.until(
    job,
    'the end through the pooler',
    (row) => !['queued', 'running'].includes(row.state),
  );
  assert.equal(state, 'succeeded', worker.log());
  worker.kill('SIGTERM');
  assert.equal(await worker.ended, 0, worker.log());
});

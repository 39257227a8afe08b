import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { main } from './cli.ts';

const ENTRY = fileURLToPath(new URL('../backtest.mjs', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** In this process: for what prints help or fails. */
async function ask(...argv: string[]): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const code = await main(argv, { out: (text) => (stdout += text), err: (text) => (stderr += text) });
  return { code, stdout, stderr };
}

/** As a process of its own, with nothing but these variables. */
function spawned(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  { node = process.execPath, entry = ENTRY } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(node, [entry, ...argv], { env: { PATH: process.env['PATH'], ...env } }, (error, stdout, stderr) => {
      const failed = typeof error?.code === 'number' ? error.code : 1;
      resolve({ code: error === null ? 0 : failed, stdout, stderr });
    });
  });
}

const COMMANDS = [
  'demo',
  'up',
  'run',
  'estimate',
  'submit',
  'jobs',
  'watch',
  'top',
  'cancel',
  'delete',
  'strategies save',
  'strategies list',
  'strategies delete',
  'candles import',
  'candles list',
  'candles check',
  'user add',
  'user list',
  'user disable',
  'user enable',
  'user password',
  'login',
  'logout',
  'token create',
  'token list',
  'token revoke',
  'psql',
  'down',
  'migrate',
  'api',
  'worker',
];

test('keeps what Node compiled, for the next start', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-compiled-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { code } = await spawned(['--help'], { NODE_COMPILE_CACHE: folder });
  assert.equal(code, 0);
  assert.ok(globSync('*/*', { cwd: folder }).length > 50);
});

test('the overview lists every command', async () => {
  const { code, stdout } = await ask('--help');
  assert.equal(code, 0);
  for (const name of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  assert.equal((await ask()).code, 2);
});

test('every command has help with an example', async () => {
  for (const name of COMMANDS) {
    const { code, stdout, stderr } = await ask(...name.split(' '), '--help');
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^backtest ${name} `));
    assert.match(stdout, new RegExp(`Examples\n  npm run -s backtest -- ${name}`));
    for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
    assert.equal((await ask('help', ...name.split(' '))).stdout, stdout);
  }
});

test('the first word of a family has help, too', async () => {
  const { code, stdout } = await ask('candles', '--help');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^ {2}candles import .*\n {2}candles list .*\n {2}candles check .*\n {2}candles export .*\n {2}candles rename .*\n {2}candles delete .*\n\n/m,
  );
  assert.doesNotMatch(stdout, /^ {2}worker/m);
});

test('every command takes --json', async () => {
  for (const name of COMMANDS) assert.match((await ask(...name.split(' '), '--help')).stdout, /^ {2}--json /m, name);
});

test('an unknown command names the nearest', async () => {
  const cases: [string[], RegExp][] = [
    [['wach'], /^backtest: unknown command "wach", did you mean watch\?\n$/],
    [['candles'], /candles needs one of: candles import, candles list, candles check/],
    [['candles', 'improt'], /candles needs one of/],
    [['frobnicate'], /unknown command "frobnicate", npm run -s backtest -- --help lists them/],
    [['constructor'], /unknown command/],
    [['watch'], /watch needs JOB/],
    [['help', 'wach'], /did you mean watch\?/],
  ];
  for (const [argv, message] of cases) {
    const { code, stdout, stderr } = await ask(...argv);
    assert.equal(code, 2, argv.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, message);
  }
});

test('an API that may not start says so before it asks for its database', async () => {
  const STRATEGY_PG_DSN = 'postgres://nobody@127.0.0.1:9/nowhere';
  const exposed = await spawned(['api', '--host', '0.0.0.0'], { STRATEGY_PG_DSN, ROEHUB_ENV: 'dev' });
  assert.match(exposed.stderr, /host 0\.0\.0\.0.*allowed_hosts/);
  assert.equal(exposed.code, 1);
});

test('a metrics port on loopback is never open to every name', async () => {
  const STRATEGY_PG_DSN = 'postgres://nobody@127.0.0.1:9/nowhere';
  const env = { STRATEGY_PG_DSN, ROEHUB_ENV: 'test' };
  const { code, stderr } = await spawned(['worker', '--metrics-hosts', '*'], env);
  assert.equal(code, 2);
  assert.match(stderr, /--metrics-hosts \* is for a --metrics-host beyond loopback/);
});

test('what is wrong is told without the control characters in it', async () => {
  const { code, stderr } = await ask('run', '\u001b[2J.yaml');
  assert.equal(code, 2);
  assert.match(stderr, /^backtest: cannot read the spec \ufffd\[2J\.yaml: [^\p{Cc}]*\n$/u);
});

test('settings that are missing are told all at once, exit code 1', async () => {
  const { code, stdout, stderr } = await spawned(['worker'], { CH_PORT: 'x' });
  assert.equal(code, 1);
  assert.equal(stdout, '');
  for (const name of ['STRATEGY_PG_DSN', 'ROEHUB_ENV', 'CH_PORT'])
    assert.match(stderr, new RegExp(`^backtest: ${name} `, 'm'));
  const migrate = await spawned(['migrate'], {});
  assert.equal(migrate.code, 1);
  assert.match(migrate.stderr, /POSTGRES_DSN is not set/);
});

test('a failure of the API is exit code 1', async () => {
  const { code, stderr } = await ask('jobs', '--api', 'http://127.0.0.1:2');
  assert.equal(code, 1);
  assert.match(stderr, /^backtest: no answer from http:\/\/127\.0\.0\.1:2: .*\n$/);
});

/** A Node on the PATH that cannot run TypeScript, if this machine has one. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return candidates.find((node) => {
    try {
      return Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]) < 24;
    } catch {
      return false;
    }
  });
}

test('started by an older Node, the one from npm takes over; without it we say so', async (t) => {
  const node = olderNode();
  if (node === undefined) return t.skip('no Node older than 24 on the PATH');
  const help = await spawned(['--help'], {}, { node });
  assert.equal(help.code, 0, help.stderr);
  assert.match(help.stdout, /^backtest finds/);
  assert.equal((await spawned(['frobnicate'], {}, { node })).code, 2);

  const alone = mkdtempSync(join(tmpdir(), 'backtest-entry-'));
  t.after(() => rmSync(alone, { recursive: true }));
  cpSync(ENTRY, join(alone, 'backtest.mjs'));
  const without = await spawned(['--help'], {}, { node, entry: join(alone, 'backtest.mjs') });
  assert.equal(without.code, 1);
  assert.match(without.stderr, /^backtest needs Node 24\.12 or newer and this is v\d+/);
});

test(
  'demo and up refuse production, and a home that cannot be made, before anything starts',
  { timeout: 60_000 },
  async () => {
    const home = join(tmpdir(), 'backtest-never-made');
    for (const name of ['demo', 'up']) {
      const prod = await spawned([name], { ROEHUB_ENV: 'prod', BACKTEST_HOME: home });
      assert.deepEqual([prod.code, existsSync(home)], [1, false]);
      assert.match(prod.stderr, /ROEHUB_ENV=prod: .* one user of this machine/);
      const nowhere = await spawned([name], { BACKTEST_HOME: '/dev/null/home' });
      assert.equal(nowhere.code, 1);
      assert.match(nowhere.stderr, /BACKTEST_HOME: \/dev\/null\/home\/logs cannot be made/);
    }
  },
);

test('down and psql say that nothing runs', async () => {
  const home = join(tmpdir(), 'backtest-never-made');
  assert.match((await spawned(['down'], { BACKTEST_HOME: home })).stdout, /^no PostgreSQL runs on /);
  assert.match((await spawned(['psql'], { BACKTEST_HOME: home })).stderr, /no PostgreSQL runs on .* up$/m);
  const given = await spawned(['psql', '--dsn'], { STRATEGY_PG_DSN: 'postgres://u:p@h/d' });
  assert.equal(given.stdout, 'postgres://u:p@h/d\n');
});

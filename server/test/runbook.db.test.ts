// The runbook is true: every statement and every command in it is executed as it stands, and the names it lists are
// exactly those of the code, in both directions.

import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { addAccount } from '../src/accounts/add.ts';
import { hashPassword } from '../src/accounts/password.ts';
import { startApi } from '../src/api.ts';
import { main } from '../src/cli.ts';
import { openClient } from '../src/cli/client.ts';
import { configPath, parseConfig } from '../src/config/config.ts';
import { homeOf, PROJECT, type Env } from '../src/config/paths.ts';
import { readSettings } from '../src/config/settings.ts';
import { EVENTS, openLog } from '../src/log.ts';
import { openMetrics } from '../src/metrics.ts';
import { requireSchema } from '../src/migrate.ts';
import { cancel } from '../src/queue/cancel.ts';
import { shortlist } from '../src/queue/portions/shortlist.ts';
import { snapshot } from '../src/queue/snapshot.ts';
import { importSample } from '../src/stack/sample.ts';
import { REPORTS, SOURCE, testConfig } from './api.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { startWorker, type TestWorker } from './fleet.ts';
import { checkpoint, expire, queued, running, topRow, finish } from './queue.ts';

const read = (file: string): Promise<string> => readFile(join(PROJECT, file), 'utf8');
const RUNBOOK = await read('docs/runbooks/backtest-job-runner.md');
const USER = '00000000-0000-7000-8000-00000000000a';
const LOCAL = '00000000-0000-7000-8000-000000000001'; // as whom an API without accounts signs everybody in

/** What stands between ``` and ```, with the line of prose above it. Fences are read in pairs: the end of one begins none. */
function blocks(document: string, language: string): { intro: string; text: string }[] {
  const pattern = /([^\n]+)\n+^```(\w*)\n(.*?)^```$/gms;
  return [...document.matchAll(pattern)]
    .filter(([, , named]) => named === language)
    .map(([, intro = '', , text = '']) => ({ intro, text }));
}

function section(title: string): string {
  const [, text] = RUNBOOK.split(`\n## ${title}\n`);
  assert.ok(text, `the runbook has no section ${title}`);
  return text.split('\n## ', 1)[0] ?? '';
}

/** The names in backticks in the first column of a section's table. */
function firstColumn(title: string): string[] {
  return [...section(title).matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => codeIn(cell));
}

const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('every statement', () => {
  let db: TestDatabase;
  let names: ReadonlyMap<unknown, string>;
  before(async () => {
    db = await testDatabase();
    names = await oneJobOfEachKind(db);
  });
  after(() => db[Symbol.asyncDispose]());

  /** The prose above a statement, and whose rows it must list: in this order, but for those in a set. */
  const LISTS: Readonly<Record<string, readonly string[] | ReadonlySet<string>>> = {
    'What runs now, the most overdue first:': ['abandoned', 'working', 'cancelling'],
    'How much waits:': new Set(['queued 1', 'running 3']),
    'Jobs that wait for that:': ['abandoned'],
    'Who had which job, and how each attempt ended:': ['abandoned', 'cancelling', 'failed', 'succeeded', 'working'],
    'How far its resume point is:': ['abandoned', 'working'],
    'The shortlists of stage_a:': ['working'],
    'The best variants, so far or at the end:': ['succeeded', 'succeeded', 'working'],
    'Requests that a worker has not answered yet:': ['cancelling'],
    'What failed lately and why:': ['failed'],
    'What the next hour deletes, were thirty days kept:': ['old'],
  };

  test('has its expectation here', () => {
    assert.deepEqual(
      blocks(RUNBOOK, 'sql').map(({ intro }) => intro),
      Object.keys(LISTS),
    );
  });

  for (const { intro, text } of blocks(RUNBOOK, 'sql')) {
    test(`runs as the runtime role and lists what it should: ${intro}`, async () => {
      const { rows } = await db.pool.query<Record<string, unknown>>(text);
      const found = rows.map((row) =>
        'job_id' in row ? names.get(row['job_id']) : `${String(row['state'])} ${String(row['count'])}`,
      );
      const expected = LISTS[intro];
      assert.deepEqual(expected instanceof Set ? new Set(found) : found, expected);
    });
  }

  test('the best variants of a job come in the order of their ranks', async () => {
    const statement = blocks(RUNBOOK, 'sql').find(({ intro }) => intro === 'The best variants, so far or at the end:');
    const { rows } = await db.pool.query<{ job_id: string; rank: number }>(statement?.text ?? '');
    const listed = rows.map(({ job_id, rank }) => `${names.get(job_id)} ${rank}`);
    assert.deepEqual(listed, ['succeeded 1', 'succeeded 2', 'working 1']);
  });

  test('curl of the runbook gets its answer as it stands, in production with accounts', async (t) => {
    if (spawnSync('curl', ['--version']).status !== 0) {
      t.skip('curl is not installed');
      return;
    }
    const password = 'correct horse';
    const password_hash = await hashPassword(password);
    const added = await addAccount(db.pool, { name: 'ops', role: 'admin', password_hash });
    assert.equal(added.outcome, 'added');
    await db.pool.query('update backtest_accounts set user_id = $1', [USER]); // whose jobs are there
    const parts = { pool: db.pool, config: testConfig(), source: SOURCE, reports: REPORTS };
    await using api = await startApi(parts, { environment: 'prod' });
    const folder = await mkdtemp(join(tmpdir(), 'backtest-curl-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'sign-in.json'), JSON.stringify({ name: 'ops', password }), { mode: 0o600 });
    const [working] = [...names].find(([, name]) => name === 'working') ?? [];
    const blanks = new Map([['JOB_ID', String(working)]]);
    const pages: string[][] = [];
    const lines = RUNBOOK.match(/^curl .*$/gm) ?? [];
    assert.equal(lines.length, 5);
    for (const line of lines) {
      const command = line
        .replace(/JOB_ID|NEXT_CURSOR/, (blank) => blanks.get(blank) ?? blank)
        .replace('http://127.0.0.1:8000', api.url);
      const { stdout } = await run('bash', ['-c', command], { cwd: folder });
      const body = JSON.parse(stdout) as { items?: { job_id: string }[]; next_cursor?: string; error?: object };
      assert.equal(body.error, undefined, `${line}: ${stdout}`);
      if (body.items) pages.push(body.items.map(({ job_id }) => job_id));
      blanks.set('NEXT_CURSOR', body.next_cursor ?? '');
    }
    const newest = [...names.keys()].reverse().slice(0, 4);
    assert.deepEqual(pages.flat(), newest);
    const without = await fetch(`${api.url}/backtests/jobs?limit=2`);
    assert.equal(without.status, 401);
  });
});

const run = promisify(execFile);

/** Their names by job_id, in the order in which they were submitted. */
async function oneJobOfEachKind({ pool }: TestDatabase): Promise<Map<unknown, string>> {
  const names = new Map<unknown, string>();
  const start = async (name: string) => {
    const { lease } = await running(pool, { user_id: USER, name });
    names.set(lease.job_id, name);
    return lease;
  };
  const term = { lease_seconds: 60 };

  const working = await start('working');
  const list = { indexes: [7, 3], stage_a_variants_total: 9, risk_total: 4, preselect_used: 2 };
  await shortlist(pool, working, { ...term, ...list });
  await snapshot(pool, working, { ...term, processed_units: 500, rows: [topRow(1)], checkpoint: checkpoint(500) });

  const rows = [topRow(1), topRow(2)];
  await finish(pool, await start('succeeded'), { state: 'succeeded', rows, result_json: { verdict: null } });

  const error = { code: 'no_candles', message: 'there are no candles of 1:X', details: {} };
  await finish(pool, await start('failed'), { state: 'failed', error });

  const cancelling = await start('cancelling');
  await cancel(pool, { ...cancelling, user_id: USER });

  const abandoned = await start('abandoned');
  await snapshot(pool, abandoned, { ...term, rows: null, checkpoint: checkpoint(1) });

  const { job_id: cancelled } = await queued(pool, { user_id: USER, name: 'cancelled' });
  names.set(cancelled, 'cancelled');
  await cancel(pool, { job_id: cancelled, user_id: USER });

  const { job_id: old } = await queued(pool, { user_id: USER, name: 'old' });
  names.set(old, 'old');
  await cancel(pool, { job_id: old, user_id: USER });
  await pool.query(`update backtest_jobs set finished_at = now() - interval '31 days' where job_id = $1`, [old]);

  const { job_id: waiting } = await queued(pool, { user_id: USER, name: 'queued' });
  names.set(waiting, 'queued');
  await expire(pool, abandoned);
  return names;
}

test('it has the sections an operator looks for, and ARCHITECTURE.md those it refers to', async () => {
  assert.deepEqual(
    [...RUNBOOK.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title.toLowerCase()),
    [
      'scope',
      'environment',
      'start',
      'accounts',
      'toggle',
      'health',
      'stuck jobs',
      'cancel',
      'lease lost',
      'list cursor smoke',
    ].concat(['common failures', 'scaling out', 'backup and upgrade']),
  );
  const architecture = await read('ARCHITECTURE.md');
  const referred = [...section('Scope').matchAll(/\*([\w ]+)\*/g)].map(([, title = '']) => title);
  assert.equal(referred.length, 3);
  for (const title of referred) assert.match(architecture, new RegExp(`^## ${title}$`, 'im'));
});

test('the metrics are exactly those of the worker, with their labels, kinds and reasons', async () => {
  const { registry } = openMetrics(async () => ({ jobs: {}, oldestQueuedSeconds: 0 }));
  const exported = new Map<string, string>();
  let reasons: string[] = [];
  for (const { name, type, values } of await registry.getMetricsAsJSON()) {
    if (!name.startsWith('backtest_')) continue;
    const labels = [...new Set(values.flatMap((value) => Object.keys(value.labels)))].filter((label) => label !== 'le');
    exported.set(labels.length === 0 ? name : `${name}{${labels.join()}}`, String(type));
    if (labels.includes('reason')) reasons = values.map(({ labels: { reason } }) => String(reason));
  }
  const table = section('Health').matchAll(/^\| `(\w+(?:\{\w+\})?)` \| (\w+)(.*?) \|$/gm);
  const listed = new Map([...table].map(([, name = '', kind = '', more = '']) => [name, { kind, more }]));
  assert.deepEqual(
    Object.fromEntries([...listed].map(([name, { kind }]) => [name, kind])),
    Object.fromEntries(exported),
  );
  const row = listed.get('backtest_job_runner_lease_lost_total{reason}');
  assert.deepEqual(codeIn(row?.more ?? ''), reasons);
  for (const reason of reasons)
    assert.ok(section('Lease lost').includes(`\`${reason}\`: `), `${reason} is not explained`);
});

test('the log events are exactly those of the log', () => {
  const [, list = ''] = /Events:\s(.*?)\.\s/s.exec(section('Health')) ?? [];
  assert.deepEqual(codeIn(list), EVENTS);
  for (const [, event] of RUNBOOK.matchAll(/\bevent=(\w+)/g)) assert.ok((EVENTS as readonly unknown[]).includes(event));
});

test('the environment variables are exactly those that are read', async () => {
  const asked = new Set<string>();
  const spy: Env = new Proxy<Record<string, string>>(
    {},
    { get: (_, name) => (typeof name === 'string' && asked.add(name), undefined) },
  );
  for (const purpose of ['worker', 'api', 'migrate', 'local', 'stack'] as const) {
    try {
      readSettings(spy, purpose);
    } catch {
      // of a variable that is missing
    }
  }
  homeOf(spy);
  configPath({ env: spy });
  openClient(undefined, spy);
  asked.add('BACKTEST_TEST_PG_DSN');
  const byNpm = new Set(['INIT_CWD', 'npm_package_json']);
  assert.deepEqual(firstColumn('Environment').toSorted(), [...asked].filter((name) => !byNpm.has(name)).toSorted());

  // And nobody reads another one behind the back of those above.
  for (const file of globSync('server/src/**/*.ts', { cwd: PROJECT })) {
    if (file.endsWith('.test.ts')) continue;
    for (const [, name = ''] of (await read(file)).matchAll(/\benv(?:\.|\[')([A-Z][A-Z_]+)\b/g)) {
      // Read with ROEHUB_ENV=test only, which crash.db.test.ts shows, so no operator has to know them.
      const forTests = file === 'server/src/config/crash.ts' && ['CRASH_AT', 'STALL_MS'].includes(name);
      assert.ok(name === 'PATH' || forTests || asked.has(name), `${file} reads ${name}`);
    }
  }
});

test('every key of backtest.yaml that is named exists', () => {
  const config: unknown = parseConfig('version: 1');
  const keys = [...RUNBOOK.matchAll(/`(backtest(?:\.\w+)+)(?:: \w+)?`/g)].map(([, key = '']) => key);
  assert.ok(keys.length >= 3);
  for (const key of keys) {
    let value = config;
    for (const name of key.split('.')) {
      assert.ok(typeof value === 'object' && value !== null && name in value, `${key} is no key`);
      value = (value as Record<string, unknown>)[name];
    }
  }
});

/** Commands of the runbook, from blocks and from prose, each once; those for curl have their own test. */
const COMMANDS = [
  ...new Set(
    [
      ...blocks(RUNBOOK, '').flatMap(({ text }) => text.split('\n')),
      ...codeIn(RUNBOOK.replaceAll(/^```.*?^```$/gms, '')),
    ].filter((code) => /^(npm|grep) /.test(code)),
  ),
];

describe('every command of the runbook is executed as it stands', { concurrency: false }, () => {
  let db: TestDatabase;
  let home: string;
  let env: Record<string, string>;
  before(async () => {
    db = await testDatabase();
    home = await mkdtemp(join(tmpdir(), 'backtest-runbook-'));
    env = {
      STRATEGY_PG_DSN: db.dsn,
      POSTGRES_DSN: db.adminDsn,
      BACKTEST_HOME: home,
      CANDLE_SOURCE: `parquet:${join(home, 'candles')}`,
    };
  });
  after(async () => {
    await db[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  /** Only a busy port and a placeholder are replaced. */
  const begun = (command: string, more: Record<string, string> = {}): TestWorker =>
    startWorker({ ...env, ...more }, command.split(' '));
  const done = async (command: string, more: Record<string, string> = {}): Promise<string> => {
    const process = begun(command, more);
    assert.equal(await process.ended, 0, process.log());
    return process.log();
  };
  /** With an API beside it, and a job of its user. */
  const toApi = async (command: string): Promise<string> => {
    const parts = { pool: db.pool, config: testConfig(), source: SOURCE, reports: REPORTS };
    await using api = await startApi(parts, { environment: 'test' });
    const job = await queued(db.pool, { user_id: LOCAL });
    if (command.includes('delete')) await cancel(db.pool, job);
    await done(command.replace('JOB_ID', job.job_id), { BACKTEST_API: api.url });
    const { rows } = await db.pool.query<{ state: string }>('select state from backtest_jobs where job_id = $1', [
      job.job_id,
    ]);
    return rows[0]?.state ?? 'gone';
  };

  /** What a command prints that reads this line from stdin; rejects with its errors. */
  const said = async (command: string, line: string, more: Record<string, string> = {}): Promise<string> => {
    const [name = '', ...args] = command.split(' ');
    const options = { cwd: PROJECT, env: { PATH: process.env['PATH'], ...env, ...more } };
    const child = spawn(name, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(`${line}\n`);
    const ended = new Promise((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (code !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout.trim();
  };
  /** With an API that wants everybody to sign in; the login of one command is there for the next. */
  const atDoor = async (work: (env: Record<string, string>) => Promise<void>): Promise<void> => {
    const parts = { pool: db.pool, config: testConfig(), source: SOURCE, reports: REPORTS };
    door ??= await freePort();
    await using api = await startApi(parts, { environment: 'prod', port: door });
    await work({ BACKTEST_API: api.url });
  };
  let door: number | undefined;

  const RUNS: Readonly<Record<string, (command: string) => Promise<void>>> = {
    async 'npm run worker -- --config configs/dev/backtest.yaml --metrics-port 9204'(command) {
      const port = await freePort();
      const worker = begun(command.replace('9204', String(port)));
      await worker.said('event=started');
      for (const [, path = ''] of section('Health').matchAll(/`(\/\w+)`/g)) {
        assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200, path);
      }
      worker.kill('SIGTERM');
      await worker.ended;
      await worker.said('event=shutting_down');
    },
    async 'npm run -s backtest -- migrate'(command) {
      await using empty = await testDatabase({ empty: true });
      assert.match(await done(command, { POSTGRES_DSN: empty.adminDsn, STRATEGY_PG_DSN: empty.dsn }), /0001_jobs/);
      await requireSchema(empty.pool);
      assert.match(await done(command, { POSTGRES_DSN: empty.adminDsn, STRATEGY_PG_DSN: empty.dsn }), /nothing to do/);
    },
    async 'npm run -s backtest -- user add ops --admin --adopt-local'(command) {
      await queued(db.pool, { user_id: LOCAL });
      assert.match(await said(command, 'correct horse'), /added ops, an administrator, with \d+ jobs/);
      assert.match(await done('npm run -s backtest -- user list'), /ops +admin/);
    },
    async 'npm run -s backtest -- user add bob --code'(command) {
      assert.match(await done(command), /^added bob, a user\n([a-z2-9]{5}-){3}/m);
    },
    async 'npm run -s backtest -- user password bob --code'(command) {
      assert.match(await done(command), /^([a-z2-9]{5}-){3}/m);
    },
    async 'npm run -s backtest -- user list'(command) {
      assert.match(await done(command), /bob +user .* active/);
    },
    async 'npm run -s backtest -- user disable bob'(command) {
      await done(command);
      assert.match(await done('npm run -s backtest -- user list'), /bob +user .* disabled/);
    },
    async 'npm run -s backtest -- user enable bob'(command) {
      await done(command);
      assert.match(await done('npm run -s backtest -- user list'), /bob +user .* active/);
    },
    async 'npm run -s backtest -- api'(command) {
      const api = begun(command, { ROEHUB_ENV: 'prod' });
      await api.said('event=started');
      const [, url = ''] = /url=(http:[^\s"]+)/.exec(api.log()) ?? [];
      assert.equal((await fetch(`${url}/backtests/jobs`)).status, 401);
      api.kill('SIGTERM');
      await api.ended;
    },
    async 'npm run -s backtest -- login --name ops'(command) {
      await atDoor(async (env) => {
        await assert.rejects(said('npm run -s backtest -- jobs', '', env), /sign in first/);
        assert.match(await said(command, 'correct horse', env), /signed in at .* as ops, an administrator/);
        assert.match(await said('npm run -s backtest -- jobs', '', env), /no jobs|queued/);
      });
    },
    async 'npm run -s backtest -- token create --name nightly'(command) {
      await atDoor(async (env) => {
        const token = await said(command, '', env);
        assert.match(token, /^btj_[\w-]{43}$/);
        const other = { ...env, BACKTEST_HOME: join(home, 'other'), BACKTEST_TOKEN: token };
        assert.match(await said('npm run -s backtest -- jobs', '', other), /no jobs|queued/);
      });
    },
    async 'npm run -s backtest -- token list'(command) {
      await atDoor(async (env) => assert.match(await said(command, '', env), /btj_\S{6} +jobs .* nightly/));
    },
    async 'npm run -s backtest -- token revoke TOKEN_ID'(command) {
      await atDoor(async (env) => {
        const { items } = JSON.parse(await said('npm run -s backtest -- token list --json', '', env)) as {
          items: { token_id: string }[];
        };
        await said(command.replace('TOKEN_ID', items[0]?.token_id ?? ''), '', env);
        assert.match(await said('npm run -s backtest -- token list', '', env), /no tokens/);
      });
    },
    async 'npm run -s backtest -- logout'(command) {
      await atDoor(async (env) => {
        assert.match(await said(command, '', env), /signed out/);
        await assert.rejects(said('npm run -s backtest -- token list', '', env), /sign in first/);
        assert.match(await said(command, '', env), /nobody is signed in/);
      });
    },
    async 'npm run -s backtest -- cancel JOB_ID'(command) {
      assert.equal(await toApi(command), 'cancelled');
    },
    async 'npm run -s backtest -- cancel --all --yes'(command) {
      assert.equal(await toApi(command), 'cancelled');
    },
    async 'npm run -s backtest -- spec JOB_ID'(command) {
      assert.equal(await toApi(command), 'queued');
    },
    async 'npm run -s backtest -- delete JOB_ID'(command) {
      assert.equal(await toApi(command), 'gone');
    },
    async 'npm run -s backtest -- candles check'(command) {
      await importSample(join(home, 'candles'));
      assert.match(await done(command), /\^GSPC/);
    },
    async 'npm start'(command) {
      const stack = begun(command);
      await stack.said('Ready: ');
      stack.kill('SIGTERM');
      await stack.ended;
      await stack.said('running jobs are given back');
    },
    async 'grep event=lease_lost'(command) {
      const file = join(home, 'worker.log');
      const lines: string[] = [];
      const log = openLog('backtest-job-runner', { terminal: false, write: (line) => lines.push(line) });
      log.event('claimed', { job_id: 'j1' });
      log.event('lease_lost', { job_id: 'j1', reason: 'trust' });
      await writeFile(file, lines.join(''));
      assert.equal(await done(`${command} ${file}`), lines[1]);
    },
  };

  test('and has its run here', () => assert.deepEqual(COMMANDS.toSorted(), Object.keys(RUNS).toSorted()));
  for (const command of COMMANDS) test(command, { timeout: 300_000 }, () => RUNS[command]?.(command));
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describe('every command of the documents exists', () => {
  for (const document of ['docs/runbooks/backtest-job-runner.md', 'README.md', 'CONTRIBUTING.md']) {
    test(document, async () => {
      const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
      const commands = commandsOf(await read(document));
      assert.ok(commands.length >= 2, `${commands.length} commands`);
      for (const { line, script, words } of commands) {
        if (script === 'install') continue;
        const starts = scripts[script];
        assert.ok(starts, `${line}: there is no script ${script}`);
        const [, own] = /server\/backtest\.mjs ?(.*)$/.exec(starts) ?? [];
        if (own !== undefined) await assertCommand(line, [...own.split(' '), ...words].filter(Boolean));
      }
    });
  }
});

/** npm run [-s] SCRIPT [-- WORDS], npm test, npm start, in code blocks and between backticks. */
function commandsOf(document: string): { line: string; script: string; words: string[] }[] {
  const code = [...blocks(document, '').map(({ text }) => text), ...codeIn(document.replaceAll(/^```.*?^```$/gms, ''))];
  const pattern = /npm (?:run (?:-s )?([\w:]+)|(install|test|start))(?: -- ([^#&\n]*))?/g;
  return [...code.join('\n').matchAll(pattern)].map(([line, run, short, rest = '']) => {
    return { line, script: run ?? short ?? '', words: rest.trim().split(/\s+/) };
  });
}

/** The command and each of its options are known to its help. */
async function assertCommand(line: string, words: readonly string[]): Promise<void> {
  if (words[0] === '--help') return;
  const name = words.slice(0, ['candles', 'strategies', 'user', 'token'].includes(words[0] ?? '') ? 2 : 1);
  let help = '';
  const terminal = { out: (text: string) => void (help += text), err: (text: string) => void (help += text) };
  assert.equal(await main(['help', ...name], terminal), 0, `${line}: ${help}`);
  for (const option of words.filter((word) => word.startsWith('--'))) {
    assert.match(help, new RegExp(`^ {2}${option}\\b`, 'm'), `${line}: there is no option ${option}`);
  }
}

// Nobody gets at what is another's: a stranger asks every route of the OpenAPI document with the ids of a victim, by cookie and
// by token, and no reply has a byte of the victim's. A route that comes later must say here how it is asked.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { addAccount } from '../src/accounts/add.ts';
import { hashPassword } from '../src/accounts/password.ts';
import { buildApi } from '../src/api.ts';
import { openVariantReports, type VariantReports } from '../src/reports/reporter.ts';
import { SOURCE, specBody, testConfig } from './api.ts';
import { testDatabase, type TestDatabase } from './database.ts';

type Headers = Record<string, string>;

interface Person {
  readonly name: string;
  readonly user_id: string;
  readonly cookie: Headers;
  readonly token: Headers;
  readonly session_id: string;
  readonly token_id: string;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: object;
  readonly security: readonly object[];
}

let db: TestDatabase;
let app: FastifyInstance;
let hash: string;
/** Of the server, for what needs a connection. */
let origin: string;
/** Where files of candles wait. */
let store: string;
let reports: VariantReports;
/** Texts of the victim that nobody else may see. */
let marks: readonly string[];
let ids: Readonly<Record<string, string>>;
let victim: Person;
const SECRET = 'zebra-of-the-victim';

before(async () => {
  db = await testDatabase();
  hash = await hashPassword('correct horse');
  const place = { environment: 'prod', host: '127.0.0.1' };
  store = await mkdtemp(join(tmpdir(), 'isolation-'));
  reports = openVariantReports({ kind: 'parquet', folder: store });
  app = await buildApi({ pool: db.pool, config: testConfig(), source: SOURCE, reports, place });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
  victim = await person('victim');
  const { user_id, session_id, token_id } = victim;
  const submitted = await ask('POST', '/backtests/jobs', victim.cookie, specBody({ name: SECRET }));
  const { job_id } = submitted.json<{ job_id: string }>();
  assert.ok(job_id, submitted.body);
  await db.pool.query(
    `insert into backtest_job_top_variants (job_id, rank, variant_key, indicator_variant_key, variant_index,
       total_return_pct, metrics_json, payload_json, attempt)
     values ($1, 1, 'a', 'a', 0, 1, '{}', $2, 0)`,
    [job_id, JSON.stringify({ secret: SECRET })],
  );
  const { name, template } = { name: SECRET, template: specBody().template };
  const saved = await ask('POST', '/strategies', victim.cookie, { name, template });
  const { strategy_id } = saved.json<{ strategy_id: string }>();
  assert.ok(strategy_id, saved.body);
  const staged = await send('/market-data/imports', victim.cookie);
  const { import_id } = JSON.parse(staged.body) as { import_id: string };
  assert.ok(import_id, staged.body);
  ids = { job_id, strategy_id, session_id, token_id, user_id, import_id };
  const { rows: hashes } = await db.pool.query<{ request_hash: string }>('select request_hash from backtest_jobs');
  marks = [SECRET, 'victim', ...hashes.map((row) => row.request_hash)];
});
after(async () => {
  await app.close();
  await reports[Symbol.asyncDispose]();
  await rm(store, { recursive: true });
  await db[Symbol.asyncDispose]();
});

/** From an address of its own each time, so that no failed sign-in slows down the next. */
function ask(method: string, url: string, headers: Headers, payload?: object) {
  const remoteAddress = `10.8.0.${(asks += 1) % 250}`;
  return app.inject({ method: method as 'GET', url, headers, remoteAddress, ...(payload && { payload }) });
}

/** Sends a small file of candles as a form does; the victim's has a name that gives it away. */
async function send(path: string, headers: Headers): Promise<{ statusCode: number; body: string }> {
  const rows = Array.from({ length: 48 }, (_, hour) => `${Date.UTC(2024, 0, 1, hour) / 1000},1,2,1,2,5`);
  const form = new FormData();
  form.append('market_id', '1');
  form.append('symbol', 'BTCUSDT');
  const name = headers === victim.cookie ? SECRET : 'mine';
  form.append('file', new Blob([['time,open,high,low,close,volume', ...rows].join('\n')]), `${name}.csv`);
  const reply = await fetch(`${origin}${path}`, { method: 'POST', headers, body: form });
  return { statusCode: reply.status, body: await reply.text() };
}

/** Hears the events of somebody for as long as two looks at the database take. */
async function listen(url: string, headers: Headers): Promise<{ statusCode: number; body: string }> {
  const reply = await app.inject({ method: 'GET', url, headers, payloadAsStream: true });
  const stream = reply.stream();
  let body = '';
  stream.on('data', (bytes: Buffer) => (body += bytes.toString()));
  await delay(1500);
  stream.destroy();
  return { statusCode: reply.statusCode, body };
}

let asks = 0;

/** An account, signed in, with a token of every scope. */
async function person(name: string): Promise<Person> {
  const added = await addAccount(db.pool, { name, role: 'user', password_hash: hash });
  assert.ok(added.outcome === 'added');
  const signed = await ask('POST', '/auth/sign-in', {}, { name, password: 'correct horse' });
  const [cookie = ''] = String(signed.headers['set-cookie']).split(';');
  const { session_id } = signed.json<{ session_id: string }>();
  const scopes = ['read', 'jobs', 'candles'];
  const made = await ask('POST', '/auth/tokens', { cookie }, { name: `token of ${name}`, scopes });
  const { token, token_id } = made.json<{ token: string; token_id: string }>();
  const { user_id } = added.account;
  return { name, user_id, session_id, token_id, cookie: { cookie }, token: { authorization: `Bearer ${token}` } };
}

let saved = 0;
/** Bodies that name what is the victim's, or, where there is nothing to name, that the route takes. */
const BODIES: Readonly<Record<string, () => object>> = {
  submitJob: () => specBody({ strategy_id: ids['strategy_id'], template: undefined }),
  estimateJob: () => specBody({ strategy_id: ids['strategy_id'], template: undefined }),
  runNow: () => specBody({ strategy_id: ids['strategy_id'], template: undefined }),
  commitImport: () => ({}),
  reportVariant: () => ({ job_id: ids['job_id'], rank: 1 }),
  saveStrategy: () => ({ name: `own ${(saved += 1)}`, template: specBody().template }),
  signIn: () => ({ name: 'victim', password: 'wrong horse' }),
  useCode: () => ({ name: 'victim', code: 'aaaaa-aaaaa-aaaaa-aaaaa', new_password: 'taken horse' }),
  changePassword: () => ({ old_password: 'wrong horse', new_password: 'taken horse' }),
  createToken: () => ({ name: 'mine', scopes: ['read'] }),
  addAccount: () => ({ name: 'accomplice', role: 'admin' }),
};
/** Beside what the walk asks: queries and bodies that name somebody else's. */
const MORE: readonly (readonly [method: string, url: (of: typeof ids) => string, body?: (of: typeof ids) => object])[] =
  [
    ['GET', ({ user_id }) => `/backtests/jobs?owner=${user_id}`],
    ['GET', () => '/backtests/jobs?owner=all'],
    ['GET', () => `/backtests/jobs?q=${SECRET.slice(0, 5)}`],
    ['POST', () => '/backtests/variant-report', ({ job_id }) => ({ job_id, variant_index: 0 })],
    [
      'POST',
      () => '/backtests/variant-report',
      ({ strategy_id }) => ({ spec: specBody({ strategy_id, template: undefined }), variant_index: 0 }),
    ],
  ];
/** Routes without an id that answer a stranger with what is the stranger's own, or everybody's. */
const OWN = new Set(
  (
    'listJobs watchJobs listStrategies listSessions listTokens whoAmI saveStrategy createToken ' +
    'listIndicators getRuntimeDefaults listInstruments getCoverage healthz readyz stageImport listImports getCandles'
  ).split(' '),
);

/** Routes that are asked in another way. */
const ASKED: Readonly<
  Record<string, (url: string, headers: Headers) => Promise<{ statusCode: number; body: string }>>
> = {
  watchJobs: listen,
  stageImport: send,
  getSurfaceCell: (url, headers) => ask('GET', `${url}?x=close&i=0`, headers),
  getCandles: (url, headers) => ask('GET', `${url}?market_id=1&symbol=BTCUSDT&timeframe=1h`, headers),
};

/** Asks every route with the victim's ids; returns what went wrong. */
async function walk(stranger: Person, headers: Headers): Promise<string[]> {
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, Operation>> }>();
  const wrong: string[] = [];
  let asked = 0;
  const look = async (route: string, own: boolean, request: Promise<{ statusCode: number; body: string }>) => {
    const { statusCode, body } = await request;
    asked += 1;
    const allowed = own ? [200, 201, 403, 422] : [401, 403, 404]; // 422: there are no candles to ask for
    if (!allowed.includes(statusCode)) wrong.push(`${route}: ${statusCode} ${body.slice(0, 200)}`);
    for (const mark of [...marks, ...(own ? Object.values(ids) : [])])
      if (body.includes(mark)) wrong.push(`${route}: says ${mark}`);
  };
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId } = operation;
      if (operationId === 'signOut') continue; // it ends the session of this walk
      const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        assert.ok(ids[name], `${path}: say here what ${name} is`);
        return ids[name];
      });
      const body = BODIES[operationId];
      assert.ok(
        body || !operation.requestBody || operationId === 'stageImport',
        `${operationId}: say what its body is`,
      );
      for (const prefix of operation.security.length === 0 ? [''] : ['', '/api'])
        await look(
          `${method} ${prefix}${url}`,
          OWN.has(operationId),
          (ASKED[operationId] ?? ((to, by) => ask(method.toUpperCase(), to, by, body?.())))(prefix + url, headers),
        );
    }
  }
  for (const [method, url, body] of MORE) {
    const request = ask(method, url(ids), headers, body?.(ids));
    await look(`${method} ${url(ids)}`, url(ids).includes('?q='), request);
  }
  assert.ok(asked > 50, `${asked} requests`);
  assert.notEqual(stranger.user_id, ids['user_id']);
  return wrong;
}

/** Everything of the victim as the tables have it. */
async function kept(): Promise<unknown> {
  const tables = ['jobs', 'strategies', 'accounts', 'sessions', 'api_tokens', 'one_time_codes'];
  const rows = [];
  for (const table of tables) {
    const all = await db.pool.query(`select * from backtest_${table} where user_id = $1 order by 1`, [ids['user_id']]);
    rows.push(all.rows);
  }
  return rows;
}

for (const by of ['cookie', 'token'] as const) {
  test(`a stranger signed in by ${by} gets at nothing of another's, whatever route is asked`, async () => {
    const stranger = await person(`stranger-${by}`);
    const before = await kept();
    assert.deepEqual(await walk(stranger, stranger[by]), []);
    assert.deepEqual(await kept(), before);
  });
}

test('what the walk looks for is there: the victim gets it', async () => {
  for (const url of ['/backtests/jobs', `/backtests/jobs/${ids['job_id']}/top`, `/strategies/${ids['strategy_id']}`])
    assert.match((await ask('GET', url, victim.token)).body, new RegExp(SECRET), url);
  for (const url of [`/backtests/jobs/${ids['job_id']}/request`, `/backtests/jobs/${ids['job_id']}/export`])
    assert.equal((await ask('GET', url, victim.token)).statusCode, 200, url);
  assert.match((await listen('/backtests/events', victim.cookie)).body, new RegExp(SECRET));
});

test('a job is made from a job of the same user only, and no token without its scope reads more', async () => {
  const stranger = await person('stranger-child');
  const url = `/backtests/jobs?parent_job_id=${ids['job_id']}`;
  const refused = await ask('POST', url, stranger.cookie, specBody());
  assert.equal(refused.statusCode, 422, refused.body);
  assert.match(refused.body, /"path":"parent_job_id".*leave parent_job_id out/);
  assert.ok(!refused.body.includes(SECRET));
  const made = await ask('POST', '/auth/tokens', victim.cookie, { name: 'candles only', scopes: ['candles'] });
  const headers = { authorization: `Bearer ${made.json<{ token: string }>().token}` };
  for (const what of [
    'request',
    'attempts',
    'spec',
    'top',
    'events',
    'surface',
    'surface/cell?x=close&i=0',
    'surface/summary',
    'surface/bands',
    'export',
    'report',
  ])
    assert.equal((await ask('GET', `/backtests/jobs/${ids['job_id']}/${what}`, headers)).statusCode, 403, what);
  assert.equal((await ask('GET', '/backtests/events', headers)).statusCode, 403);
});

test('a submit that would store more rows than a user may have is refused, with the numbers and the setting', async () => {
  const config = testConfig({ max_stored_rows_per_user: 5 });
  const user = () => ({ user_id: victim.user_id, name: 'victim' });
  const small = await buildApi({ pool: db.pool, config, source: SOURCE, reports, user });
  const reply = await small.inject({ method: 'POST', url: '/backtests/jobs', payload: specBody() });
  await small.close();
  assert.equal(reply.statusCode, 429, reply.body);
  assert.match(reply.body, /5 rows .*max_stored_rows_per_user.* another 5.*delete/);
});

test('nobody goes before the jobs of others but an administrator, and no token does', async () => {
  const submit = async (headers: Headers, priority: number) =>
    ask('POST', '/backtests/jobs', headers, specBody({ priority }));
  for (const headers of [victim.cookie, victim.token]) {
    const refused = await submit(headers, 1);
    assert.equal(refused.statusCode, 422, refused.body);
    assert.match(refused.body, /"path":"priority".*must be 0 or less.*not 1/);
  }
  const chief = await person('chief');
  await db.pool.query(`update backtest_accounts set role = 'admin' where name = 'chief'`);
  assert.equal((await submit(chief.token, 1)).statusCode, 422);
  assert.equal((await submit(chief.cookie, 1)).statusCode, 201);
  assert.equal((await submit(victim.cookie, -1)).statusCode, 201);
});

test('an administrator sees and cancels the jobs of all, and deletes none of them', async () => {
  const admin = await person('admin');
  await db.pool.query(`update backtest_accounts set role = 'admin' where name = 'admin'`);
  const all = (await ask('GET', '/backtests/jobs?owner=all', admin.cookie)).json<{ items: { user_id: string }[] }>();
  const theirs = (await ask('GET', `/backtests/jobs?owner=${victim.user_id}`, admin.cookie)).json<{
    items: object[];
  }>();
  assert.deepEqual(
    theirs.items,
    all.items.filter((one) => one.user_id === victim.user_id),
  );
  assert.ok(theirs.items.length >= 1);
  const url = `/backtests/jobs/${ids['job_id']}`;
  assert.equal((await ask('GET', url, admin.cookie)).statusCode, 200);
  for (const what of ['top', 'request', 'attempts', 'spec', 'surface', 'surface/summary', 'surface/bands', 'export'])
    assert.equal((await ask('GET', `${url}/${what}`, admin.cookie)).statusCode, 200, what);
  assert.match((await listen(`${url}/events`, admin.cookie)).body, new RegExp(SECRET));
  assert.equal((await ask('DELETE', url, admin.cookie)).statusCode, 403);
  const cancelled = await ask('POST', `${url}/cancel`, admin.cookie);
  assert.equal(cancelled.json<{ state: string }>().state, 'cancelled', cancelled.body);
  // A token never carries the role of its owner.
  assert.equal((await ask('GET', url, admin.token)).statusCode, 403);
  assert.equal((await ask('GET', '/backtests/jobs?owner=all', admin.token)).statusCode, 403);
});

// The examples of the document are what the API answers: every route is asked here, on a real job, and its reply has the keys of the
// example. UPDATE_GOLDEN=1 writes the examples anew, with lists cut to two items.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eventually } from '../../../test/fleet.ts';
import { openRealApi, PASSWORD, type RealApi } from '../../../test/real-api.ts';
import type { ErrorCode } from '../errors.ts';
import { ValidationResult } from '../job/validation.ts';
import { Ledger, Payload, TradeItem } from '../job/variant-parts.ts';
import { EXAMPLES, EXAMPLES_FILE, type Examples } from './examples.ts';

let api: RealApi;
let cookie = '';
const seen: { operations: Record<string, { request?: unknown; reply?: unknown }>; errors: Record<string, unknown> } = {
  operations: {},
  errors: {},
};

before(async () => {
  api = await openRealApi('admin');
  api.work();
});

after(() => api[Symbol.asyncDispose]());

type Method = 'GET' | 'POST' | 'DELETE';

async function send(method: Method, path: string, body?: unknown): Promise<Response> {
  const form = body instanceof FormData;
  return fetch(api.url + path, {
    method,
    headers: { cookie, ...(body !== undefined && !form && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
  });
}

/** What the questions below read of an answer. */
type Answer = Readonly<
  Record<'job_id' | 'strategy_id' | 'import_id' | 'token_id' | 'user_id' | 'code', string> & {
    ledger: unknown;
    validation: unknown;
    items: readonly { payload: unknown; trades: readonly unknown[]; current: boolean; session_id: string }[];
  }
>;

/** Asks a route and keeps question and answer as its example. */
async function ask(operationId: string, method: Method, path: string, body?: unknown): Promise<Answer> {
  const reply = await send(method, path, body);
  const text = await reply.text();
  assert.ok(reply.ok, `${operationId} ${reply.status} ${text}`);
  const json = reply.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text;
  const request = body instanceof FormData ? Object.fromEntries([...body].map(([k, v]) => [k, formValue(v)])) : body;
  seen.operations[operationId] = { ...(body !== undefined && { request }), reply: short(json) };
  const set = reply.headers.get('set-cookie');
  if (set !== null) [cookie = ''] = set.split(';');
  return json;
}

const formValue = (value: File | string): string => (typeof value === 'string' ? value : '(the bytes of the file)');

async function refuse(code: ErrorCode, method: Method, path: string, body?: unknown): Promise<void> {
  const reply = await send(method, path, body);
  const { error } = (await reply.json()) as { error: { code: string } };
  assert.equal(error.code, code);
  seen.errors[code] = { error };
}

const LISTED = 2;
const SECRET = /^(?:token|code)$/;

/** Cuts lists and long texts, and leaves secrets out: an example is read by people. */
function short(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.slice(0, LISTED).map((one) => short(one));
  if (typeof value === 'string') return SECRET.test(key) && value.length > 15 ? `${value.slice(0, 8)}...` : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, short(one, name)]));
}

const SPEC = {
  name: 'S&P 500 above its average, with stops',
  time_range: { start: '2001-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' },
  template: {
    instrument_id: { market_id: 5, symbol: '^GSPC' },
    timeframe: '1d',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 10, stop_incl: 100, step: 10 } } },
    ],
    risk_grid: { sl: { mode: 'explicit', values: ['off', 5] }, tp_pct: 25 },
  },
  top_k: 20,
  top_trades_n: 1,
  validation: { mode: 'holdout', fraction: 0.3 },
  luck: 19,
};

async function askAboutJobs(): Promise<void> {
  const { job_id } = await ask('submitJob', 'POST', '/backtests/jobs', SPEC);
  await ask('estimateJob', 'POST', '/backtests/jobs/estimate', SPEC);
  const job = `/backtests/jobs/${job_id}`;
  await eventually('the end', async () => {
    const { state } = (await (await send('GET', job)).json()) as { state: string };
    assert.notEqual(state, 'failed');
    return state === 'succeeded';
  });
  const status = await ask('getJob', 'GET', job);
  Ledger.strict().parse(status.ledger);
  ValidationResult.parse(status.validation);
  await ask('listJobs', 'GET', '/backtests/jobs?limit=1');
  await ask('getJobRequest', 'GET', `${job}/request`);
  await ask('getSpec', 'GET', `${job}/spec`);
  await ask('listJobAttempts', 'GET', `${job}/attempts`);
  const { items } = await ask('getTopVariants', 'GET', `${job}/top?limit=2`);
  Payload.strict().parse(items[0]?.payload);
  for (const trade of items[0]?.trades ?? []) TradeItem.strict().parse(trade);
  await ask('getSurfaceSummary', 'GET', `${job}/surface/summary?above=0,10`);
  await ask('getSurfaceCell', 'GET', `${job}/surface/cell?x=ma.sma.window&i=0&j=0`);
  await ask('getSurfaceBands', 'GET', `${job}/surface/bands?min=0`);
  await ask('reportVariant', 'POST', '/backtests/variant-report', { job_id, rank: 1, points: 4 });
  const { luck: _, validation: __, ...small } = SPEC;
  await ask('runNow', 'POST', '/backtests', small);
  const file = (await (await send('GET', `${job}/export`)).text()).split('\n').slice(0, 3).join('\n');
  seen.operations['exportJob'] = { reply: `${file}\n` };
  for (const [name, path] of [
    ['watchJobs', '/backtests/events'],
    ['watchJob', `${job}/events`],
  ] as const)
    seen.operations[name] = { reply: await firstEvents(path) };
  const other = await (await send('POST', '/backtests/jobs', { ...SPEC, name: 'another one' })).json();
  const another = `/backtests/jobs/${(other as { job_id: string }).job_id}`;
  await refuse('conflict', 'DELETE', another);
  await ask('cancelJob', 'POST', `${another}/cancel`);
  await eventually('cancelled', async () => {
    const { state } = (await (await send('GET', another)).json()) as { state: string };
    return state !== 'queued' && state !== 'running';
  });
  await ask('deleteJob', 'DELETE', another);
}

/** Reads a stream until its first event has come. */
async function firstEvents(path: string): Promise<string> {
  const leave = new AbortController();
  const reply = await fetch(api.url + path, { headers: { cookie }, signal: leave.signal });
  let text = '';
  for await (const bytes of reply.body ?? []) {
    text += new TextDecoder().decode(bytes);
    if (text.includes('event: ')) break;
  }
  leave.abort();
  return text;
}

async function askAboutTheRest(): Promise<void> {
  const { strategy_id } = await ask('saveStrategy', 'POST', '/strategies', {
    name: 'average',
    template: SPEC.template,
  });
  await ask('listStrategies', 'GET', '/strategies');
  await ask('getStrategy', 'GET', `/strategies/${strategy_id}`);
  await ask('deleteStrategy', 'DELETE', `/strategies/${strategy_id}`);
  await ask('getRuntimeDefaults', 'GET', '/backtests/runtime-defaults');
  await ask('listIndicators', 'GET', '/indicators');
  await ask('listInstruments', 'GET', '/market-data/instruments');
  await ask('getCoverage', 'GET', '/market-data/coverage?market_id=5&symbol=^GSPC');
  const query = 'market_id=5&symbol=^GSPC&timeframe=1d&start=2000-01-01T00:00:00Z&limit=2';
  await ask('getCandles', 'GET', `/market-data/candles?${query}`);
  const form = new FormData();
  form.set('market_id', '1');
  form.set('symbol', 'BTCUSDT');
  form.set('interval', '1h');
  const rows = ['time,open,high,low,close,volume', '2024-01-01T00:00:00Z,1,2,1,2,5', '2024-01-01T01:00:00Z,2,3,2,3,5'];
  form.set('file', new File([rows.join('\n')], 'BTCUSDT-1h.csv'));
  const { import_id } = await ask('stageImport', 'POST', '/market-data/imports', form);
  await ask('listImports', 'GET', '/market-data/imports');
  await ask('getImport', 'GET', `/market-data/imports/${import_id}`);
  await ask('commitImport', 'POST', `/market-data/imports/${import_id}/commit`, { replace: false });
  await ask('deleteImport', 'DELETE', `/market-data/imports/${import_id}`);
  await ask('healthz', 'GET', '/healthz');
  await ask('readyz', 'GET', '/readyz');
}

async function askAboutAccounts(): Promise<void> {
  await ask('whoAmI', 'GET', '/auth/me');
  const { token_id } = await ask('createToken', 'POST', '/auth/tokens', { name: 'nightly', scopes: ['read', 'jobs'] });
  await ask('listTokens', 'GET', '/auth/tokens');
  await ask('revokeToken', 'DELETE', `/auth/tokens/${token_id}`);
  const { user_id, code } = await ask('addAccount', 'POST', '/auth/accounts', { name: 'bob', role: 'user' });
  await ask('useCode', 'POST', '/auth/code', { name: 'bob', code, new_password: 'twelve letters and more' });
  (seen.operations['useCode'] as { request: { code: string } }).request.code = '(the code)';
  await ask('listAccounts', 'GET', '/auth/accounts');
  await ask('issueCode', 'POST', `/auth/accounts/${user_id}/code`);
  await ask('disableAccount', 'POST', `/auth/accounts/${user_id}/disable`);
  await ask('enableAccount', 'POST', `/auth/accounts/${user_id}/enable`);
  const { items } = await ask('listSessions', 'GET', '/auth/sessions');
  const session_id = items.find(({ current }) => !current)?.session_id;
  await ask('endSession', 'DELETE', `/auth/sessions/${session_id}`);
  const change = { old_password: PASSWORD, new_password: 'another correct horse' };
  await ask('changePassword', 'POST', '/auth/password', change);
  await ask('signOut', 'POST', '/auth/sign-out');
}

async function provoke(): Promise<void> {
  await refuse('not_found', 'GET', '/backtests/jobs/01890a5d-ac96-774b-bcce-b302099a8057');
  await refuse('validation_error', 'POST', '/backtests/jobs', { ...SPEC, top_k: 0 });
  await refuse('payload_too_large', 'POST', '/backtests/jobs', { name: 'x'.repeat(2 ** 20) });
  await refuse('unsupported_media_type', 'POST', '/market-data/imports', {});
  await refuse('bad_request', 'GET', '/auth/me%');
}

/** Lists the keys of a value, with those of what it holds; of a list, those of its first item. */
function keysOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${path}[]`] : keysOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, one]) => keysOf(one, `${path}.${key}`));
}

test('every route answers what its example says', async () => {
  await refuse('unauthorized', 'GET', '/auth/me');
  await ask('signIn', 'POST', '/auth/sign-in', { name: 'ann', password: PASSWORD });
  await ask('signIn', 'POST', '/auth/sign-in', { name: 'ann', password: PASSWORD });
  await askAboutJobs();
  await askAboutTheRest();
  await provoke();
  await askAboutAccounts();
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const { quota_exceeded, forbidden, unexpected_error, service_unavailable } = EXAMPLES.errors;
    const errors = { ...seen.errors, quota_exceeded, forbidden, unexpected_error, service_unavailable };
    const examples = { operations: seen.operations, errors } as Examples;
    writeFileSync(EXAMPLES_FILE, `${JSON.stringify(examples, null, 2)}\n`);
    return;
  }
  for (const [name, { reply }] of Object.entries(seen.operations))
    assert.deepEqual(keysOf(reply), keysOf(EXAMPLES.operations[name]?.reply), name);
  for (const [code, body] of Object.entries(seen.errors))
    assert.deepEqual(keysOf(body), keysOf(EXAMPLES.errors[code as ErrorCode]), code);
});

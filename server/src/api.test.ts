// The server as such: what every reply carries, how every error looks, who is answered at all. The database these
// tests talk to is not there, which is one of the cases.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../test/api.ts';
import { buildApi, startApi } from './api.ts';
import { ErrorReply, ERRORS } from './api/errors.ts';
import { IndicatorRow } from './api/indicators.ts';
import { PAGES } from './api/pages.ts';
import { RuntimeDefaults } from './api/runtime-defaults.ts';
import { parseConfig } from './config/config.ts';
import { openPool } from './db.ts';

const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere', { connectTimeoutMs: 2000 });
const parts = { pool, config: testConfig(), source: SOURCE, reports: REPORTS };
const JSON_HEADERS = { 'content-type': 'application/json' };
const JOB = '018f4c5e-1111-7222-8333-444455556666';
let app: FastifyInstance;

before(async () => {
  app = await buildApi(parts);
});

after(async () => {
  await app.close();
  await pool.end();
});

async function fails(request: string | InjectOptions, code: keyof typeof ERRORS, on = app) {
  const reply = await on.inject(request);
  const { error } = assertShape(ErrorReply, reply.json());
  assert.equal(error.code, code, reply.body);
  assert.equal(reply.statusCode, ERRORS[code].status);
  assert.match(String(reply.headers['content-type']), /^application\/json/);
  return error;
}

test('a route that does not exist', async () => {
  const error = await fails('/backtests/nothing?x=1', 'not_found');
  assert.equal(error.message, 'there is no GET /backtests/nothing');
  await fails('/api/nothing', 'not_found');
});

test('an address with other methods: 405 with Allow, whatever comes with it, under /api too', async () => {
  const refused = async (method: string, path: string, allow: string, on = path) => {
    const request = { method: method as 'PUT', url: on, headers: { 'content-type': 'text/x' }, payload: 'x' };
    const error = await fails(request, 'method_not_allowed');
    assert.equal(error.message, `${path} takes ${allow}, not ${method}`);
    assert.equal((await app.inject(request)).headers['allow'], allow);
  };
  for (const prefix of ['', '/api']) {
    await refused('PUT', `${prefix}/backtests/jobs`, 'GET, HEAD, POST', `${prefix}/backtests/jobs?limit=1`);
    await refused('PATCH', `${prefix}/backtests/jobs/${JOB}`, 'DELETE, GET, HEAD');
    await refused('OPTIONS', `${prefix}/backtests/jobs/seven/cancel`, 'POST');
    await refused('DELETE', `${prefix}/healthz`, 'GET, HEAD');
    // A name, which must not be taken for an id.
    await refused('DELETE', `${prefix}/backtests/jobs/estimate`, 'POST');
    await fails({ method: 'PUT', url: `${prefix}/backtests/jobs/${JOB}/nothing` }, 'not_found');
  }
  await refused('POST', '/theme.js', 'GET, HEAD');
  await refused('POST', '/jobs/new', 'GET, HEAD');
  await refused('POST', '/openapi.json', 'GET, HEAD');
  assert.equal((await app.inject({ method: 'HEAD', url: '/indicators' })).statusCode, 200);
});

test('the description of the API is there with a slash behind its address too', async () => {
  for (const url of ['/docs/api', '/docs/api/'])
    for (const method of ['GET', 'HEAD'] as const)
      assert.equal((await app.inject({ method, url })).statusCode, 200, `${method} ${url}`);
  assert.equal((await app.inject({ method: 'POST', url: '/docs/api/' })).statusCode, 405);
});

test('an address that is not proper', async () => {
  await fails('/backtests/jobs/%zz', 'bad_request');
});

test('a body that is not JSON: the place where it breaks', async () => {
  const post = { method: 'POST', url: '/backtests/jobs', headers: JSON_HEADERS } as const;
  const error = await fails({ ...post, payload: '{"time_range": {' }, 'validation_error');
  assert.match(error.message, /not JSON: .*position 16/);
  assert.equal(error.details.errors?.[0]?.code, 'malformed_json');
  await fails({ ...post, payload: '{"__proto__": {}}' }, 'validation_error');
});

test('a key that stands twice, a body that nests too deeply: refused with the path, whatever the route', async () => {
  const twice = JSON.stringify(specBody({}, { execution: { fee_pct: 0.1, slippage_pct: 0 } })).replace(
    '"slippage_pct":0',
    '"slippage_pct":0,"fee_pct":0',
  );
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const routes = {
    '/backtests/jobs': '',
    '/backtests/jobs/estimate': '',
    '/backtests/variant-report': 'spec',
    '/strategies': '',
  };
  for (const [url, below] of Object.entries(routes)) {
    const wrapped = (text: string): string => (below === '' ? text : `{"variant_index": 0, "${below}": ${text}}`);
    const post = (payload: string, type = 'application/json') =>
      fails({ method: 'POST', url, headers: { 'content-type': type }, payload }, 'validation_error');
    const path = below === '' ? 'template.execution.fee_pct' : `${below}.template.execution.fee_pct`;
    for (const type of ['application/json', 'application/yaml']) {
      const { details } = await post(wrapped(twice), type);
      assert.deepEqual(
        details.errors?.map((one) => [one.path, one.code]),
        [[path, 'duplicate_key']],
        type,
      );
    }
    const { details } = await post(wrapped(`{"payload": ${deep}}`));
    assert.equal(details.errors?.[0]?.code, 'too_deep');
  }
});

test('a spec as YAML is judged as its JSON is', async () => {
  const url = '/backtests/jobs/estimate';
  const yaml = (payload: string) =>
    ({ method: 'POST', url, headers: { 'content-type': 'application/yaml' }, payload }) as const;
  const error = await fails(yaml('time_range: {}\ntemplate: &a\n  b: *a\n'), 'validation_error');
  assert.ok(error.message.length > 0);
  const anchors = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let at = 1; at < 12; at += 1)
    anchors.push(
      `b${at}: &b${at} [${Array(9)
        .fill(at === 1 ? '*a' : `*b${at - 1}`)
        .join(', ')}]`,
    );
  const bombs = [anchors.join('\n'), '['.repeat(50_000), 'a: [1, 2', '{a: 1}: [*nobody]', `${'- '.repeat(2000)}x`];
  for (const bomb of bombs) await fails(yaml(bomb), 'validation_error');
  const reply = await app.inject(yaml(JSON.stringify(specBody({ top_k: 0 }))));
  assert.deepEqual(reply.json(), (await app.inject({ method: 'POST', url, payload: specBody({ top_k: 0 }) })).json());
});

test('reads that take long are for pages of our own, and for programs', async () => {
  const costly = [
    '/backtests/jobs?q=x',
    `/backtests/jobs/${JOB}/top`,
    '/market-data/coverage?market_id=5&symbol=SP500',
  ];
  const get = (url: string, site?: string) =>
    app
      .inject({ url, headers: site === undefined ? {} : { 'sec-fetch-site': site } })
      .then((reply) => reply.statusCode);
  for (const url of [...costly, ...costly.map((one) => `/api${one}`)]) {
    for (const site of ['cross-site', 'same-site']) assert.equal(await get(url, site), 403, `${url} ${site}`);
    for (const site of ['same-origin', 'none', undefined]) assert.notEqual(await get(url, site), 403, `${url} ${site}`);
  }
  assert.equal(await get('/healthz', 'cross-site'), 200);
  assert.equal(await get('/', 'cross-site'), 200);
});

test('no body, or one of another type', async () => {
  const post = { method: 'POST', url: '/backtests/jobs' } as const;
  await fails({ ...post, headers: JSON_HEADERS, payload: '' }, 'validation_error');
  await fails(post, 'validation_error');
  await fails({ ...post, headers: { 'content-type': 'text/plain' }, payload: 'hello' }, 'unsupported_media_type');
});

test('a body above 1 MB', async () => {
  const payload = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
  const error = await fails(
    { method: 'POST', url: '/backtests/jobs', headers: JSON_HEADERS, payload },
    'payload_too_large',
  );
  assert.match(error.message, /1 MB/);
});

test('query and path: every fault with its parameter', async () => {
  const error = await fails('/backtests/jobs?limit=0&state=sleeping&cursor=x&sort=name', 'validation_error');
  assert.deepEqual(
    error.details.errors?.map(({ path }) => path),
    ['cursor', 'limit', 'sort', 'state'],
  );
  for (const limit of ['251', '-1', '1.5', 'ten', ''])
    await fails(`/backtests/jobs?limit=${limit}`, 'validation_error');
  for (const limit of ['0', '301']) await fails(`/backtests/jobs/${JOB}/top?limit=${limit}`, 'validation_error');
  const { details } = await fails('/backtests/jobs/seven', 'validation_error');
  assert.equal(details.errors?.[0]?.path, 'job_id');
});

test('each fault names its input, the rule and what was sent, in our words and under one code', async () => {
  const told = async (url: string, method: 'GET' | 'POST' | 'DELETE' = 'GET') => {
    const { details } = await fails({ url, method }, 'validation_error');
    return details.errors?.map(({ path, code, message }) => `${path} ${code}: ${message}`);
  };
  const limit = (text: string) => [`limit invalid_value: must be a whole number from 1 to 250, not ${text}`];
  for (const text of ['0', '251', '-1', '-1.5', 'abc', '', 'Infinity'])
    assert.deepEqual(await told(`/backtests/jobs?limit=${text}`), limit(JSON.stringify(text)));
  assert.deepEqual(await told('/backtests/jobs?limit=1&limit=x'), limit('["1","x"]'));
  const long = 'x'.repeat(501);
  assert.deepEqual(await told(`/backtests/jobs?state=sleeping&q=${long}&cursor=${long}`), [
    `cursor invalid_value: must have at most 500 characters, not "${long.slice(0, 59)}… (503 characters)`,
    `q invalid_value: must have at most 200 characters, not "${long.slice(0, 59)}… (503 characters)`,
    'state invalid_value: must be one of queued, running, succeeded, failed, cancelled, not "sleeping"',
  ]);
  assert.deepEqual(await told('/backtests/jobs?cursor=x'), [
    'cursor invalid_value: is not a cursor of this list; leave it out to start at the newest',
  ]);
  assert.deepEqual(await told('/backtests/jobs?q=a%00b'), [
    'q invalid_value: must be text without NUL, not "a\\u0000b"',
  ]);
  const id = 'job_id invalid_value: must be the id of a job, a UUID like 01890a5d-ac96-774b-bcce-b302099a8057, not "7"';
  assert.deepEqual(await told('/backtests/jobs/7'), [id]);
  assert.deepEqual(await told('/backtests/jobs/7/cancel', 'POST'), [id]);
  assert.deepEqual(await told('/backtests/jobs/7', 'DELETE'), [id]);
  assert.deepEqual(await told('/backtests/jobs/7/top?limit=301'), [id]);
  assert.deepEqual(await told(`/backtests/jobs/${JOB}/top?limit=301`), [
    'limit invalid_value: must be a whole number from 1 to 300, not "301"',
  ]);
});

test('a database that is away: 503, not 500, and nothing of its insides', async () => {
  const error = await fails(`/backtests/jobs/${JOB}`, 'service_unavailable');
  assert.doesNotMatch(JSON.stringify(error), /ECONNREFUSED|nobody|127\.0\.0\.1/);
  await fails('/backtests/jobs', 'service_unavailable');
  const body = { method: 'POST', url: '/backtests/jobs', headers: JSON_HEADERS, payload: specBody() } as const;
  await fails(body, 'service_unavailable');
  await fails('/readyz', 'service_unavailable');
  assert.deepEqual((await app.inject('/healthz')).json(), { status: 'ok' });
});

test('an error nobody foresaw says nothing of its insides', async () => {
  const broken = await buildApi({ ...parts, user: () => Promise.reject(new TypeError('secret of the house')) });
  const error = await fails('/backtests/jobs', 'unexpected_error', broken);
  assert.doesNotMatch(JSON.stringify(error), /secret|TypeError/);
  await broken.close();
});

test('nobody signed in', async () => {
  const strict = await buildApi({ ...parts, user: () => null });
  await fails('/backtests/jobs', 'unauthorized', strict);
  await fails({ method: 'POST', url: '/backtests/jobs', headers: JSON_HEADERS, payload: {} }, 'unauthorized', strict);
  assert.equal((await strict.inject('/healthz')).statusCode, 200);
  await strict.close();
});

test('jobs switched off: their routes are not there, the rest is', async () => {
  const off = await buildApi({ ...parts, config: testConfig({ enabled: false }) });
  await fails('/backtests/jobs', 'not_found', off);
  await fails({ method: 'POST', url: '/backtests/jobs', headers: JSON_HEADERS, payload: specBody() }, 'not_found', off);
  const defaults = assertShape(RuntimeDefaults, (await off.inject('/backtests/runtime-defaults')).json());
  assert.equal(defaults.jobs_enabled, false);
  await off.close();
});

test('/api is an alias', async () => {
  for (const url of ['/indicators', '/backtests/runtime-defaults', '/healthz']) {
    const [plain, alias] = await Promise.all([app.inject(url), app.inject(`/api${url}`)]);
    assert.equal(alias.statusCode, 200);
    assert.equal(alias.body, plain.body);
  }
});

test('indicators and runtime defaults are as described', async () => {
  const { items } = (await app.inject('/indicators')).json<{ items: unknown[] }>();
  const rows = items.map((item) => assertShape(IndicatorRow, item));
  const sma = rows.find(({ indicator_id }) => indicator_id === 'ma.sma');
  assert.equal(sma?.params[0]?.name, 'window');
  const defaults = assertShape(RuntimeDefaults, (await app.inject('/backtests/runtime-defaults')).json());
  assert.equal(defaults.limits.max_active_jobs_per_user, 3);
  assert.equal(defaults.defaults.fee_pct_by_market['1'], 0.075);
  assert.equal(defaults.markets['5']?.day, null);
});

test('a strict policy that works on plain http', async () => {
  for (const url of ['/', '/docs/api', '/docs/api/', '/indicators', '/nothing']) {
    const { headers } = await app.inject(url);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    for (const part of ["script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'", "connect-src 'self'"])
      assert.ok(policy.split(';').includes(part), `${part}: ${policy}`);
    assert.match(policy, /;style-src 'self' 'nonce-[\w+/]{22}=='/);
    assert.doesNotMatch(policy, /unsafe-(?:inline|hashes)|'unsafe-eval'|upgrade-insecure|https?:|\*/);
    assert.equal(headers['strict-transport-security'], undefined);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-powered-by'], undefined);
  }
});

test('the page is the screen that npm install built, and what it loads is there', async () => {
  const page = await app.inject('/');
  assert.equal(page.statusCode, 200);
  assert.match(String(page.headers['content-type']), /^text\/html/);
  assert.match(page.body, /id="screen"/, 'the screen is not built: npm run web');
  assert.doesNotMatch(page.body, /<style|<script>|<script (?![^>]*src=)|style=/);
  const files = [...page.body.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, url]) => String(url));
  assert.ok(files.includes('/theme.js') && files.some((file) => /^\/assets\/.*\.js$/.test(file)));
  for (const file of files) {
    const { statusCode, headers } = await app.inject(file);
    assert.equal(statusCode, 200, file);
    const forever = file.startsWith('/assets/');
    assert.equal(headers['cache-control'], forever ? 'public, max-age=31536000, immutable' : 'no-cache', file);
  }
});

test('a browser that asks for an address that is none gets the screen, which says so; a program gets the error', async () => {
  const browser = { accept: 'text/html,application/xhtml+xml' };
  const page = await app.inject({ url: '/nothing/here', headers: browser });
  assert.equal(page.statusCode, 404);
  assert.match(page.body, /id="screen"/);
  await fails('/nothing/here', 'not_found');
  await fails({ url: '/api/nothing', headers: browser }, 'not_found');
  await fails({ url: '/nothing', method: 'POST', headers: browser }, 'not_found');
});

test('the screen has its addresses, and none of them is one of the API', async () => {
  const page = await app.inject('/');
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  const routes = Object.keys(paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
  assert.ok(routes.length > 10 && PAGES.length > 5);
  for (const url of PAGES) {
    const { body, headers } = await app.inject(url.replaceAll(/:\w+/g, JOB));
    const [, nonce] = /nonce="([\w+/=]{24})"/.exec(body) ?? [];
    assert.ok(String(headers['content-security-policy']).includes(`'nonce-${nonce}'`), url);
    assert.ok(!page.body.includes(String(nonce)) && headers['cache-control'] === 'no-store');
    assert.equal(body.length, page.body.length);
    for (const route of [...routes, '/api', '/openapi.json', '/docs/api'])
      assert.ok(!overlap(url, route), `${url} ${route}`);
  }
  assert.ok(overlap('/jobs/:job_id', '/jobs/new') && overlap('/saved', '/saved') && overlap('/:any', '/indicators'));
  assert.ok(!overlap('/jobs', '/jobs/new') && !overlap('/jobs/:job_id', '/backtests/jobs'));
});

/** Whether an address can be both. */
function overlap(a: string, b: string): boolean {
  const [left, right] = [a.split('/'), b.split('/')];
  const same = (part: string, at: number) => part === right[at] || part.startsWith(':') || right[at]?.startsWith(':');
  return left.length === right.length && left.every(same);
}

test('only loopback names are answered: a foreign name may have been rebound to this machine', async () => {
  for (const host of ['evil.example', 'evil.example:8000', '127.0.0.1.evil.example', '192.168.1.5']) {
    await fails({ url: '/indicators', headers: { host } }, 'forbidden');
    await fails({ url: '/nothing', headers: { host } }, 'forbidden');
  }
  for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000']) {
    assert.equal((await app.inject({ url: '/indicators', headers: { host } })).statusCode, 200, host);
  }
});

const post = (headers: Record<string, string>) =>
  ({
    method: 'POST',
    url: '/backtests/jobs',
    headers: { host: '127.0.0.1:8000', ...JSON_HEADERS, ...headers },
  }) as const;

test('changes are refused when another site sent them', async () => {
  const refused = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:9999' },
    { origin: 'https://127.0.0.1:8000' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1:8000', 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of refused) await fails({ ...post(headers), payload: {} }, 'forbidden');
  const accepted = [{}, { origin: 'http://127.0.0.1:8000' }, { 'sec-fetch-site': 'same-origin' }];
  for (const headers of accepted) await fails({ ...post(headers), payload: {} }, 'validation_error');
  const read = { url: '/indicators', headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } };
  const { statusCode, headers } = await app.inject(read);
  assert.equal(statusCode, 401); // whoever is here by place is nobody to the page of another origin, which could not read either
  assert.equal(headers['access-control-allow-origin'], undefined);
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
});

test('pages of a configured origin may ask and read with a token; no other page, and none by cookie or by place', async () => {
  const config = parseConfig('version: 1\nbacktest: { api: { cors_origins: [https://research.example] } }');
  const open = await buildApi({ ...parts, config });
  const origin = 'https://research.example';
  const preflight = { method: 'OPTIONS', url: '/backtests/jobs' } as const;
  const asked = await open.inject({ ...preflight, headers: { origin } });
  assert.equal(asked.statusCode, 204);
  assert.equal(asked.headers['access-control-allow-origin'], origin);
  assert.equal(asked.headers['access-control-allow-credentials'], undefined);
  const may = String(asked.headers['access-control-allow-headers']).split(', ');
  for (const name of ['authorization', 'content-type', 'idempotency-key', 'last-event-id'])
    assert.ok(may.includes(name), name);
  for (const other of ['https://research.example.evil.example', 'http://research.example', 'null']) {
    const refused = await open.inject({ ...preflight, headers: { origin: other } });
    assert.equal(refused.headers['access-control-allow-origin'], undefined, other);
    await fails({ ...post({ origin: other }), payload: {} }, 'forbidden', open);
  }
  const reply = await open.inject({ url: '/healthz', headers: { origin } });
  assert.deepEqual([reply.headers['access-control-allow-origin'], reply.headers['vary']], [origin, 'origin']);
  const page = { origin, 'sec-fetch-site': 'cross-site' };
  await fails({ url: '/indicators', headers: page }, 'unauthorized', open);
  await fails({ ...post(page), payload: {} }, 'unauthorized', open);
  await open.close();
});

test('it starts in production, where everybody has to sign in, and beyond this machine with its names only', async () => {
  await assert.rejects(startApi(parts, { environment: 'dev', host: '0.0.0.0' }), /host 0\.0\.0\.0.*allowed_hosts/);
  await using api = await startApi(parts, { environment: 'prod' });
  for (const url of ['/backtests/jobs', '/indicators', '/market-data/instruments', '/auth/me'])
    assert.equal((await fetch(api.url + url)).status, 401, url);
});

test('a busy port: the default moves on, a given one fails', async () => {
  await using first = await startApi(parts, { environment: 'test' });
  await using second = await startApi(parts, { environment: 'test' });
  assert.ok(first.port >= 8000 && second.port > first.port && second.port < 32_768);
  assert.equal(second.url, `http://127.0.0.1:${second.port}`);
  await assert.rejects(startApi(parts, { environment: 'test', port: first.port }), {
    message: `port ${first.port} is busy on 127.0.0.1: stop what listens there or give another --port`,
  });
  const reply = await fetch(`${second.url}/healthz`);
  assert.deepEqual(await reply.json(), { status: 'ok' });
});

test('a server that closes does not wait for connections on which nothing was asked', async () => {
  const api = await startApi(parts, { environment: 'test' });
  const unasked = connect(api.port, '127.0.0.1');
  unasked.on('error', () => {});
  await once(unasked, 'connect');
  await fetch(`${api.url}/healthz`); // answered, so the other one has been accepted
  const startedAt = performance.now();
  await api[Symbol.asyncDispose]();
  assert.ok(performance.now() - startedAt < 10_000);
});

test('over a real socket: a body that never ends is cut, garbage is answered in our shape', async () => {
  await using api = await startApi(parts, { environment: 'test' });
  const big = await fetch(`${api.url}/backtests/jobs`, {
    method: 'POST',
    headers: JSON_HEADERS,
    body: new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536).fill(32)) }),
    duplex: 'half',
  }).catch(() => null);
  // The server closes the connection while the client still writes; the client may or may not see the reply.
  if (big) assert.equal(big.status, 413);
  const socket = connect(api.port, '127.0.0.1');
  socket.end('NONSENSE\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  assert.match(text, /^HTTP\/1\.1 400 /);
  const { error } = assertShape(ErrorReply, JSON.parse(text.slice(text.indexOf('\r\n\r\n'))));
  assert.equal(error.code, 'bad_request');
});

// Signing in over HTTP: cookies, tokens, passwords, administrators, as a browser and a program use them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import type { Role } from '../../accounts/account.ts';
import { addAccount } from '../../accounts/add.ts';
import { hashPassword } from '../../accounts/password.ts';
import { buildApi } from '../../api.ts';
import { parseConfig } from '../../config/config.ts';
import { ErrorReply, ERRORS } from '../errors.ts';
import { SignedIn } from './sign-in.ts';

let db: TestDatabase;
let app: FastifyInstance;
let hash: string;
const PASSWORD = 'correct horse';
const JSON_HEADERS = { 'content-type': 'application/json' };
const PROD = { environment: 'prod', host: '127.0.0.1' };
const parts = { config: testConfig(), source: SOURCE, reports: REPORTS };

before(async () => {
  db = await testDatabase();
  hash = await hashPassword(PASSWORD);
  app = await buildApi({ ...parts, pool: db.pool, place: PROD });
});
after(async () => {
  await app.close();
  await db[Symbol.asyncDispose]();
});

let names = 0;
async function person(role: Role = 'user'): Promise<{ name: string; user_id: string }> {
  const name = `person${(names += 1)}`;
  const outcome = await addAccount(db.pool, { name, role, password_hash: hash });
  assert.ok(outcome.outcome === 'added');
  return { name, user_id: outcome.account.user_id };
}

/** From an address of its own, so that no failure slows down another test. */
const signIn = (name: string, password = PASSWORD, more: InjectOptions = {}, on = app) =>
  on.inject({ method: 'POST', url: '/auth/sign-in', payload: { name, password }, remoteAddress: address(), ...more });

let addresses = 0;
const address = () => `10.8.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`;

/** Signs a new person in; returns who it is and the header of the session. */
async function signedIn(role: Role = 'user') {
  const who = await person(role);
  const reply = await signIn(who.name);
  assert.equal(reply.statusCode, 200, reply.body);
  const { session_id } = assertShape(SignedIn, reply.json());
  const [cookie = ''] = String(reply.headers['set-cookie']).split(';');
  return { ...who, session_id, headers: { cookie } };
}

async function fails(request: InjectOptions, code: keyof typeof ERRORS, on = app) {
  const reply = await on.inject(request);
  const { error } = assertShape(ErrorReply, reply.json());
  assert.equal(error.code, code, reply.body);
  assert.equal(reply.statusCode, ERRORS[code].status);
  return error;
}

async function newToken(headers: Record<string, string>, ...scopes: string[]) {
  const payload = { name: 'ci', scopes };
  const reply = await app.inject({ method: 'POST', url: '/auth/tokens', headers, payload });
  assert.equal(reply.statusCode, 201, reply.body);
  const { token, token_id } = reply.json<{ token: string; token_id: string }>();
  return { token_id, headers: { authorization: `Bearer ${token}` } };
}

test('signing in: a cookie that scripts and plain http never see, another one each time, private to its owner', async () => {
  const { name, user_id } = await person();
  const replies = [await signIn(name.toUpperCase()), await signIn(name)];
  const cookies = replies.map(({ headers }) => String(headers['set-cookie']));
  for (const cookie of cookies)
    assert.match(
      cookie,
      /^__Host-backtest_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  assert.notEqual(cookies[0], cookies[1]);
  const [cookie = ''] = (cookies[0] ?? '').split(';');
  const me = await app.inject({ url: '/auth/me', headers: { cookie: `other=1; ${cookie}` } });
  assert.equal(assertShape(SignedIn, me.json()).user_id, user_id);
  assert.equal(me.headers['cache-control'], 'no-store');
  assert.equal(replies[0]?.headers['cache-control'], 'no-store');
  // Nor is a session that the client made up taken over: the old one is another one's, whatever came with the sign-in.
  const fixed = await signIn(name, PASSWORD, { headers: { cookie: `__Host-backtest_session=${'x'.repeat(43)}` } });
  assert.doesNotMatch(String(fixed.headers['set-cookie']), /xxxx/);
});

test('without accounts a machine has its one user, in dev and on loopback only', async () => {
  const open = await buildApi({ ...parts, pool: db.pool });
  const me = await open.inject('/auth/me');
  assert.deepEqual(me.json(), {
    user_id: '00000000-0000-7000-8000-000000000001',
    name: 'local',
    role: 'admin',
    session_id: null,
  });
  const remote = { url: '/auth/me', remoteAddress: '10.0.0.5' };
  await fails(remote, 'unauthorized', open);
  for (const name of ['x-forwarded-for', 'forwarded'])
    await fails({ url: '/auth/me', headers: { [name]: '192.0.2.7' } }, 'unauthorized', open);
  await fails({ method: 'POST', url: '/auth/tokens', payload: { name: 'x', scopes: ['read'] } }, 'conflict', open);
  // A token that is not good is an error here too, not somebody else's rights.
  await fails({ url: '/auth/me', headers: { authorization: 'Bearer btj_nothing' } }, 'unauthorized', open);
  const { name } = await person();
  const reply = await signIn(name, PASSWORD, {}, open);
  const [cookie = ''] = String(reply.headers['set-cookie']).split(';');
  assert.match(cookie, /^backtest_session=/);
  assert.equal((await open.inject({ url: '/auth/me', headers: { cookie } })).json().name, name);
  await open.close();
  for (const strict of [
    { config: testConfig(), place: PROD },
    { config: parseConfig('version: 1\nbacktest: { accounts: { local_user: false } }'), place: undefined },
    {
      config: parseConfig('version: 1\nbacktest: { api: { allowed_hosts: [bt.example] } }'),
      place: { environment: 'dev', host: '0.0.0.0' },
    },
  ]) {
    const { place, config } = strict;
    const closed = await buildApi({ ...parts, config, pool: db.pool, ...(place && { place }) });
    await fails({ url: '/auth/me' }, 'unauthorized', closed);
    await closed.close();
  }
});

test('a wrong password, an unknown name, an account that is disabled or has no password: one answer', async () => {
  const disabled = await person();
  await db.pool.query('update backtest_accounts set disabled_at = now() where user_id = $1', [disabled.user_id]);
  const without = await addAccount(db.pool, { name: 'without', role: 'user', password_hash: null });
  assert.equal(without.outcome, 'added');
  const { name } = await person();
  const bodies = [
    await signIn(name, 'wrong horse'),
    await signIn('nobody'),
    await signIn(disabled.name),
    await signIn('without'),
  ].map((reply) => [reply.statusCode, reply.body, reply.headers['set-cookie']]);
  for (const body of bodies) assert.deepEqual(body, bodies[0]);
  assert.equal(bodies[0]?.[0], 401);
});

test('failures slow down, the owner gets in all the same; more than four at once get 503', async () => {
  const own = await buildApi({ ...parts, pool: db.pool, place: PROD });
  const { name } = await person();
  const timed = async (address: string, password = 'wrong horse') => {
    const from = performance.now();
    const { statusCode } = await signIn(name, password, { remoteAddress: address }, own);
    return { statusCode, ms: performance.now() - from };
  };
  for (let n = 0; n < 4; n += 1) assert.equal((await timed(`10.1.0.${n}`)).statusCode, 401);
  const owner = await timed('10.1.1.1', PASSWORD);
  assert.ok(owner.statusCode === 200 && owner.ms >= 500, JSON.stringify(owner));
  const many = await Promise.all(Array.from({ length: 12 }, (_, n) => timed(`10.1.2.${n}`, PASSWORD)));
  const statuses = new Set(many.map(({ statusCode }) => statusCode));
  assert.deepEqual(statuses, new Set([200, 503]));
  await own.close();
});

test('what is wrong with a body: all of it, without what was sent', async () => {
  const post = (url: string, payload: object, headers = {}) =>
    fails({ method: 'POST', url, payload, headers }, 'validation_error');
  const paths = (error: Awaited<ReturnType<typeof post>>) =>
    error.details.errors?.map(({ path, code }) => `${path} ${code}`);
  assert.deepEqual(paths(await post('/auth/sign-in', {})), ['name required', 'password required']);
  const wrong = await post('/auth/sign-in', { name: 'Ann Smith', password: 5, remember: true });
  assert.deepEqual(paths(wrong), ['name invalid_value', 'password invalid_value', 'remember unknown_field']);
  const { headers } = await signedIn();
  const change = await post('/auth/password', { old_password: PASSWORD, new_password: 'hunter2' }, headers);
  assert.deepEqual(paths(change), ['new_password invalid_value']);
  assert.doesNotMatch(JSON.stringify(change), /hunter2/);
  const token = await post('/auth/tokens', { name: '', scopes: ['read', 'admin'], expires_in_days: 1000 }, headers);
  assert.deepEqual(paths(token), ['expires_in_days invalid_value', 'name invalid_value', 'scopes.1 invalid_value']);
  await fails({ method: 'POST', url: '/auth/sign-in', headers: JSON_HEADERS }, 'validation_error');
  await fails(
    { method: 'POST', url: '/auth/sign-in', headers: { 'content-type': 'application/yaml' }, payload: 'name: x' },
    'unsupported_media_type',
  );
});

test('sessions are listed, ended from another one, and ended by signing out', async () => {
  const here = await signedIn();
  const again = await signIn(here.name);
  const [cookie = ''] = String(again.headers['set-cookie']).split(';');
  const there = { cookie };
  const list = async () => (await app.inject({ url: '/auth/sessions', headers: here.headers })).json().items;
  const items = await list();
  assert.deepEqual(
    items.map((one: { current: boolean }) => one.current),
    [false, true],
  );
  const stranger = await signedIn();
  const url = `/auth/sessions/${items[0].session_id}`;
  await fails({ method: 'DELETE', url, headers: stranger.headers }, 'not_found');
  assert.equal((await app.inject({ method: 'DELETE', url, headers: here.headers })).statusCode, 200);
  await fails({ url: '/auth/me', headers: there }, 'unauthorized');
  const out = await app.inject({ method: 'POST', url: '/auth/sign-out', headers: here.headers });
  assert.deepEqual(out.json(), { session_id: here.session_id });
  assert.match(String(out.headers['set-cookie']), /^__Host-backtest_session=; Max-Age=0; /);
  await fails({ url: '/auth/me', headers: here.headers }, 'unauthorized');
});

test('a password is changed with the old one, and all other sessions end', async () => {
  const { name, headers } = await signedIn();
  const other = await signIn(name);
  const [cookie = ''] = String(other.headers['set-cookie']).split(';');
  const change = (old_password: string) =>
    ({
      method: 'POST',
      url: '/auth/password',
      headers,
      payload: { old_password, new_password: 'another horse' },
    }) as const;
  await fails(change('wrong horse'), 'forbidden');
  assert.equal((await app.inject(change(PASSWORD))).statusCode, 200);
  assert.equal((await app.inject({ url: '/auth/me', headers })).statusCode, 200);
  await fails({ url: '/auth/me', headers: { cookie } }, 'unauthorized');
  assert.equal((await signIn(name)).statusCode, 401);
  assert.equal((await signIn(name, 'another horse')).statusCode, 200);
});

test('tokens: each scope opens its routes, none manages accounts, sessions or tokens, and none carries admin', async () => {
  const { headers } = await signedIn('admin');
  const read = await newToken(headers, 'read');
  const jobs = await newToken(headers, 'jobs');
  const candles = await newToken(headers, 'candles');
  const get = async (auth: { headers: Record<string, string> }, url: string) =>
    (await app.inject({ url, headers: auth.headers })).statusCode;
  for (const auth of [read, jobs]) assert.equal(await get(auth, '/backtests/jobs'), 200);
  assert.equal(await get(candles, '/backtests/jobs'), 403);
  const post = (auth: { headers: Record<string, string> }, url: string, payload: object) =>
    app.inject({ method: 'POST', url, headers: auth.headers, payload });
  assert.equal((await post(read, '/backtests/jobs/estimate', specBody())).statusCode, 200);
  assert.equal((await post(read, '/backtests/jobs', specBody())).statusCode, 403);
  assert.equal((await post(jobs, '/backtests/jobs', specBody())).statusCode, 201);
  for (const auth of [read, jobs, candles]) {
    for (const url of ['/auth/sessions', '/auth/tokens', '/auth/accounts'])
      assert.equal(await get(auth, url), 403, url);
    assert.equal((await post(auth, '/auth/tokens', { name: 'x', scopes: ['read'] })).statusCode, 403);
    assert.equal((await post(auth, '/auth/password', {})).statusCode, 403);
  }
  const me = await app.inject({ url: '/auth/me', headers: jobs.headers });
  assert.deepEqual([me.json().role, me.json().session_id], ['user', null]);
  const { items } = (await app.inject({ url: '/auth/tokens', headers })).json();
  assert.equal(items.length, 3);
  assert.doesNotMatch(JSON.stringify(items), new RegExp(read.headers.authorization.slice(17)));
  const stranger = await signedIn();
  const url = `/auth/tokens/${read.token_id}`;
  await fails({ method: 'DELETE', url, headers: stranger.headers }, 'not_found');
  assert.equal((await app.inject({ method: 'DELETE', url, headers })).statusCode, 200);
  await fails({ url: '/backtests/jobs', headers: read.headers }, 'unauthorized');
  for (const authorization of ['Bearer', 'Basic YTpi', 'Bearer btj_', `bearer ${'x'.repeat(5000)}`])
    await fails({ url: '/backtests/jobs', headers: { authorization } }, 'unauthorized');
});

test('administrators add, disable, enable and give codes; others may not; the last one stays', async () => {
  await db.pool.query('delete from backtest_accounts');
  const admin = await signedIn('admin');
  const user = await signedIn();
  const ask = (url: string, payload?: object, headers = admin.headers) =>
    ({ method: 'POST', url, headers, ...(payload && { payload }) }) as const;
  await fails({ url: '/auth/accounts', headers: user.headers }, 'forbidden');
  await fails(ask(`/auth/accounts/${admin.user_id}/disable`, undefined, user.headers), 'forbidden');

  const added = await app.inject(ask('/auth/accounts', { name: 'New.Comer' }));
  assert.equal(added.statusCode, 201, added.body);
  const { code, user_id } = added.json<{ code: string; user_id: string }>();
  await fails(ask('/auth/accounts', { name: 'new.comer' }), 'conflict');
  const use = (given: string) =>
    app.inject({
      method: 'POST',
      url: '/auth/code',
      payload: { name: 'new.comer', code: given, new_password: 'my own horse' },
    });
  assert.equal((await use('aaaaa-aaaaa-aaaaa-aaaaa')).statusCode, 401);
  assert.equal((await use(` ${code.toUpperCase()}`)).statusCode, 200);
  assert.equal((await use(code)).statusCode, 401);
  const reply = await signIn('new.comer', 'my own horse');
  const [cookie = ''] = String(reply.headers['set-cookie']).split(';');
  const token = await newToken({ cookie }, 'read');

  assert.equal((await app.inject(ask(`/auth/accounts/${user_id}/disable`))).statusCode, 200);
  for (const headers of [{ cookie }, token.headers]) await fails({ url: '/auth/me', headers }, 'unauthorized');
  await fails(ask(`/auth/accounts/${user_id}/code`), 'not_found');
  await fails(ask(`/auth/accounts/${admin.user_id}/disable`), 'conflict');
  assert.equal((await app.inject(ask(`/auth/accounts/${user_id}/enable`))).json().disabled_at, null);
  assert.equal((await signIn('new.comer', 'my own horse')).statusCode, 200);
  await fails({ url: '/auth/me', headers: { cookie } }, 'unauthorized');
  await fails(ask('/auth/accounts/00000000-0000-7000-8000-000000000009/enable'), 'not_found');
  const { items } = (await app.inject({ url: '/auth/accounts', headers: admin.headers })).json();
  assert.deepEqual(
    items.map((one: { name: string }) => one.name),
    [admin.name, user.name, 'new.comer'],
  );
});

test('passwords and cookies do not travel over plain http beyond this machine; behind a proxy with TLS they do', async () => {
  const yaml = 'version: 1\nbacktest: { api: { allowed_hosts: [bt.example], trusted_proxies: [10.9.0.0/16] } }';
  const place = { environment: 'dev', host: '0.0.0.0' };
  const proxied = await buildApi({ ...parts, config: parseConfig(yaml), pool: db.pool, place });
  const { name } = await person();
  const plain = { headers: { host: 'bt.example' }, remoteAddress: '10.9.0.1' };
  const refused = await signIn(name, PASSWORD, plain, proxied);
  assert.equal(refused.statusCode, 403);
  assert.match(refused.body, /trusted_proxies/);
  const tls = { host: 'bt.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' };
  const reply = await signIn(name, PASSWORD, { headers: tls, remoteAddress: '10.9.0.1' }, proxied);
  assert.equal(reply.statusCode, 200, reply.body);
  const [cookie = ''] = String(reply.headers['set-cookie']).split(';');
  assert.match(String(reply.headers['set-cookie']), /^__Host-.*; Secure$/);
  const me = (headers: Record<string, string>, remoteAddress: string) =>
    proxied.inject({ url: '/auth/sessions', headers: { ...headers, cookie }, remoteAddress });
  const sessions = await me(tls, '10.9.0.1');
  assert.equal(sessions.json().items[0].address, '192.0.2.7');
  // The same cookie over plain http, and from a proxy that nobody named, which may say what it likes.
  assert.equal((await me({ host: 'bt.example' }, '10.9.0.1')).statusCode, 401);
  assert.equal((await me(tls, '192.0.2.99')).statusCode, 401);
  await proxied.close();
});

test('a sign-in from a page of another site is refused', async () => {
  const { name } = await person();
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
    assert.equal((await signIn(name, PASSWORD, { headers })).statusCode, 403);
});

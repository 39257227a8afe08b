// Signing in by tokens of an external identity provider, whose keys come from a file or an address.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { REPORTS, SOURCE, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { addAccount } from '../../accounts/add.ts';
import { disableAccount } from '../../accounts/disable.ts';
import { buildApi } from '../../api.ts';
import { parseConfig, type Config } from '../../config/config.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'backtest';
const PROD = { environment: 'prod', host: '127.0.0.1' };

let db: TestDatabase;
let folder: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let app: FastifyInstance;

before(async () => {
  db = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'backtest-jwks-'));
  keys = await generateKeyPair('RS256');
  await writeFile(join(folder, 'keys.json'), JSON.stringify(await jwks()));
  app = await open({});
});
after(async () => {
  await app.close();
  await db[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const jwks = async () => ({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] });

function open(more: Partial<Config['backtest']['accounts']['external']>): Promise<FastifyInstance> {
  const config = testConfig();
  const external = {
    ...config.backtest.accounts.external,
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks: join(folder, 'keys.json'),
    cookie: 'id_token',
    create_accounts: true,
    ...more,
  };
  const backtest = { ...config.backtest, accounts: { ...config.backtest.accounts, external } };
  return buildApi({ pool: db.pool, config: { ...config, backtest }, source: SOURCE, reports: REPORTS, place: PROD });
}

function token(claims: JWTPayload = {}, key = keys.privateKey, header = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: now + 300, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
let addresses = 0;
/** From an address of its own, so that no token that is not good slows down the next. */
const me = (headers: Record<string, string>, on = app) =>
  on.inject({ url: '/auth/me', headers, remoteAddress: `10.9.0.${(addresses += 1)}` });
const userOf = async (claims: JWTPayload) =>
  (await me(bearer(await token(claims)))).json<{ user_id: string }>().user_id;

test('an account is issuer and subject: made at first sight, once, and never by an address of mail', async () => {
  const text = await token({ sub: 'first', email: 'ann@example.org' });
  const replies = await Promise.all(Array.from({ length: 8 }, () => me(bearer(text))));
  assert.deepEqual(new Set(replies.map(({ statusCode }) => statusCode)), new Set([200]));
  const [{ user_id, name, role } = { user_id: '', name: '', role: '' }] = replies.map((reply) => reply.json());
  assert.deepEqual([name, role], [null, 'user']);
  assert.equal(await userOf({ sub: 'first', email: 'other@example.org' }), user_id);
  assert.notEqual(await userOf({ sub: 'second', email: 'ann@example.org' }), user_id);
  const { rowCount } = await db.pool.query('select from backtest_accounts where subject = $1', ['first']);
  assert.equal(rowCount, 1);
});

test('a token that is not good signs nobody in', async () => {
  const other = await generateKeyPair('RS256');
  const now = Math.floor(Date.now() / 1000);
  const spki = await exportSPKI(keys.publicKey);
  const secret = new TextEncoder().encode(spki); // the old trick: the public key as the secret of HS256
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: now + 300 };
  const good = await token();
  const bad = {
    'another issuer': await token({ iss: 'https://evil.example' }),
    'another audience': await token({ aud: 'other' }),
    expired: await token({ exp: now - 60 }),
    'not yet': await token({ nbf: now + 600 }),
    'no end': await new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ann' })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(keys.privateKey),
    nobody: await token({ sub: '' }),
    'a subject beyond measure': await token({ sub: 'x'.repeat(256) }),
    'another key': await token({}, other.privateKey),
    'an unknown key': await token({}, keys.privateKey, { kid: 'two' }),
    'another algorithm': await new SignJWT(payload)
      .setProtectedHeader({ alg: 'PS256' })
      .sign(
        await crypto.subtle.importKey(
          'jwk',
          await exportJWK((await generateKeyPair('PS256', { extractable: true })).privateKey),
          { name: 'RSA-PSS', hash: 'SHA-256' },
          false,
          ['sign'],
        ),
      ),
    'no algorithm': `${part({ alg: 'none' })}.${part(payload)}.`,
    'a secret': await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(secret),
    'another payload': good
      .split('.')
      .with(1, part({ ...payload, sub: 'admin' }))
      .join('.'),
    'no token': 'abc',
    'too long': `${good}${'x'.repeat(9000)}`,
  };
  for (const [what, text] of Object.entries(bad)) assert.equal((await me(bearer(text))).statusCode, 401, what);
  assert.equal((await me(bearer(good))).statusCode, 200);
});

test('without create_accounts whoever was not added stays out; a disabled account stays out in any case', async () => {
  const closed = await open({ create_accounts: false });
  const text = await token({ sub: 'guest' });
  assert.equal((await me(bearer(text), closed)).statusCode, 401);
  const identity = { issuer: ISSUER, subject: 'guest' };
  const added = await addAccount(db.pool, { name: null, identity, role: 'admin', password_hash: null });
  assert.ok(added.outcome === 'added');
  assert.equal(
    (await addAccount(db.pool, { name: null, identity, role: 'user', password_hash: null })).outcome,
    'taken',
  );
  assert.equal((await me(bearer(text), closed)).json().role, 'admin');
  await addAccount(db.pool, { name: 'another', role: 'admin', password_hash: null });
  assert.equal((await disableAccount(db.pool, added.account.user_id)).outcome, 'disabled');
  for (const on of [closed, app]) assert.equal((await me(bearer(text), on)).statusCode, 401);
  await closed.close();
});

test('the cookie of the provider counts for pages of our own only', async () => {
  const cookie = `id_token=${await token({ sub: 'browser' })}`;
  const host = '127.0.0.1:8000';
  const get = async (headers: Record<string, string>) => (await me({ cookie, host, ...headers })).statusCode;
  assert.equal(await get({ origin: `http://${host}` }), 200);
  assert.equal(await get({ 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await get({ 'sec-fetch-site': 'none' }), 200); // typed into the address bar
  assert.equal(await get({}), 403);
  assert.equal(await get({ 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await get({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await get({ origin: 'https://evil.example' }), 403);
  const post = async (headers: Record<string, string>) => {
    const payload = { name: 'x', scopes: ['read'] };
    const url = '/auth/tokens';
    return (await app.inject({ method: 'POST', url, headers: { cookie, host, ...headers }, payload })).statusCode;
  };
  assert.deepEqual([await post({}), await post({ 'sec-fetch-site': 'none' })], [403, 403]);
  assert.equal(await post({ origin: `http://${host}` }), 201);
});

test('keys from an address; one that is away is 503, not a refusal', async () => {
  let server: Server | null = createServer((_, reply) => void jwks().then((set) => reply.end(JSON.stringify(set))));
  await new Promise<void>((resolve) => void server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const remote = await open({ jwks: `http://127.0.0.1:${port}/keys` });
  assert.equal((await me(bearer(await token()), remote)).statusCode, 200);
  await remote.close();
  server.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  server = null;
  const away = await open({ jwks: `http://127.0.0.1:${port}/keys` });
  assert.equal((await me(bearer(await token()), away)).statusCode, 503);
  // Who signs in with a password does not need the provider.
  assert.equal((await away.inject('/healthz')).statusCode, 200);
  await away.close();
});

test('a configuration with half a provider, a weak algorithm or keys on plain http is refused', async () => {
  const external = (text: string) => () => parseConfig(`version: 1\nbacktest: { accounts: { external: { ${text} } } }`);
  assert.throws(external('issuer: https://id.example'), /needs issuer, audience and jwks together/);
  const rest = 'issuer: https://id.example, audience: x';
  assert.throws(external(`${rest}, jwks: 'http://id.example/keys'`), /jwks must be https/);
  for (const address of ['http://', 'https://'])
    assert.throws(external(`${rest}, jwks: '${address}'`), /jwks must be an address or a file/);
  assert.throws(external(`${rest}, jwks: keys.json, algorithms: [HS256]`), /algorithms must be a list of names/);
  assert.throws(external(`${rest}, jwks: keys.json, algorithms: [none]`), /algorithms must be a list of names/);
  assert.throws(external(`${rest}, jwks: keys.json, algorithms: []`), /algorithms must name at least one/);
  external(`${rest}, jwks: 'http://127.0.0.1:9/keys', algorithms: [RS256, ES256]`)();
  await assert.rejects(open({ jwks: join(folder, 'nowhere.json') }), /external\.jwks .*nowhere\.json cannot be read/);
});

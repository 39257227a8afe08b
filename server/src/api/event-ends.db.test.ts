// Whose session, token or account is over hears no more, within five seconds and wherever it ended; all others stay.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { REPORTS, SOURCE, testConfig } from '../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { eventually } from '../../test/fleet.ts';
import { openFollow, type Followed } from '../../test/follow.ts';
import { addAccount } from '../accounts/add.ts';
import { createToken } from '../accounts/create-token.ts';
import { disableAccount } from '../accounts/disable.ts';
import { issueCode } from '../accounts/issue-code.ts';
import { openSession } from '../accounts/open-session.ts';
import { hashPassword } from '../accounts/password.ts';
import { buildApi } from '../api.ts';

const PROMISED_MS = 5000;
const PASSWORD = 'correct horse';
const PROD = { environment: 'prod', host: '127.0.0.1' };
const ISSUER = 'https://id.example';

let db: TestDatabase;
let hash: string;
let folder: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
/** Two processes of one installation, as far as the database can tell. */
let apps: FastifyInstance[];
let urls: string[];

before(async () => {
  db = await testDatabase();
  hash = await hashPassword(PASSWORD);
  folder = await mkdtemp(join(tmpdir(), 'backtest-jwks-'));
  keys = await generateKeyPair('RS256');
  const jwks = join(folder, 'keys.json');
  await writeFile(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'RS256' }] }));
  const config = testConfig();
  const { accounts } = config.backtest;
  const external = { ...accounts.external, issuer: ISSUER, audience: 'backtest', jwks, create_accounts: true };
  const backtest = { ...config.backtest, accounts: { ...accounts, external } };
  const parts = { pool: db.pool, config: { ...config, backtest }, source: SOURCE, reports: REPORTS, place: PROD };
  apps = await Promise.all([buildApi(parts), buildApi(parts)]);
  urls = await Promise.all(apps.map((app) => app.listen({ port: 0 })));
});

after(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await db[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

let names = 0;
async function person() {
  const name = `person${(names += 1)}`;
  const added = await addAccount(db.pool, { name, role: 'user', password_hash: hash });
  assert.ok(added.outcome === 'added');
  return { name, user_id: added.account.user_id };
}

async function session(user_id: string) {
  const opened = await openSession(db.pool, { user_id, password_hash: hash, hours: 1, address: '', agent: '' });
  assert.ok(opened);
  return { session_id: opened.session_id, headers: { cookie: `__Host-backtest_session=${opened.secret}` } };
}

async function token(user_id: string) {
  const made = await createToken(db.pool, { user_id, name: 'ci', scopes: ['read'], days: 1 });
  assert.ok(made.outcome === 'created');
  return { token_id: made.shown.token_id, headers: { authorization: `Bearer ${made.token}` } };
}

const open: Followed[] = [];
/** Follows all jobs of a user on one of the servers. */
async function follow(headers: Record<string, string>, on = 0): Promise<Followed & { readonly over: () => boolean }> {
  const stream = await openFollow(urls[on] ?? '')('/backtests/events', headers);
  open.push(stream);
  let over = false;
  void stream.ended.then(() => (over = true));
  await eventually('the beginning', async () => stream.events[0]?.kind === 'ready');
  return { ...stream, over: () => over };
}

after(() => {
  for (const { leave } of open) leave();
});

interface Watched {
  readonly ends: readonly Followed[];
  readonly stay: readonly { readonly over: () => boolean }[];
}

/** Requires that an act ends some streams in the promised time, and that others are open after it. */
async function requireEnd(act: () => Promise<unknown>, { ends, stay }: Watched): Promise<void> {
  await act();
  const startedAt = performance.now();
  await Promise.all(ends.map(({ ended }) => ended));
  const ms = performance.now() - startedAt;
  assert.ok(ms <= PROMISED_MS, `${ms} ms`);
  await delay(PROMISED_MS / 2); // one more look of each server
  assert.deepEqual(
    stay.map(({ over }) => over()),
    stay.map(() => false),
  );
}

async function asked(method: 'POST' | 'DELETE', url: string, headers: Record<string, string>, payload?: object) {
  const reply = await apps[0]?.inject({ method, url, headers, ...(payload ? { payload } : {}) });
  assert.equal(reply?.statusCode, 200, reply?.body);
}

test('signing out and revoking end the streams of that session or token, on every server', async () => {
  const { user_id } = await person();
  const [mine, revoked, kept] = [await session(user_id), await session(user_id), await session(user_id)];
  const [gone, left] = [await token(user_id), await token(user_id)];
  const ends = [
    await follow(mine.headers),
    await follow(mine.headers, 1),
    await follow(revoked.headers, 1),
    await follow(gone.headers, 1),
  ];
  const stay = [await follow(kept.headers), await follow(left.headers, 1)];
  const act = async (): Promise<void> => {
    await asked('DELETE', `/auth/sessions/${revoked.session_id}`, kept.headers);
    await asked('DELETE', `/auth/tokens/${gone.token_id}`, kept.headers);
    await asked('POST', '/auth/sign-out', mine.headers);
  };
  await requireEnd(act, { ends, stay });
});

test('another password ends all other sessions, a code that sets one ends all; tokens stay', async () => {
  const [changing, coded] = [await person(), await person()];
  const [mine, other] = [await session(changing.user_id), await session(changing.user_id)];
  const [theirs, program] = [await session(coded.user_id), await token(coded.user_id)];
  const ends = [await follow(other.headers, 1), await follow(theirs.headers)];
  const stay = [await follow(mine.headers, 1), await follow(program.headers)];
  const issued = await issueCode(db.pool, coded.user_id);
  const act = async (): Promise<void> => {
    const passwords = { old_password: PASSWORD, new_password: 'another horse' };
    await asked('POST', '/auth/password', mine.headers, passwords);
    await asked('POST', '/auth/code', {}, { name: coded.name, code: issued, new_password: 'another horse' });
  };
  await requireEnd(act, { ends, stay });
});

test('an account that is disabled hears no more, by session, token or identity provider', async () => {
  const [{ user_id }, other] = [await person(), await person()];
  const foreign = { authorization: `Bearer ${await jwt('disabled', 600)}` };
  const kept = { authorization: `Bearer ${await jwt('kept', 600)}` };
  const ends = [
    await follow((await session(user_id)).headers),
    await follow((await token(user_id)).headers, 1),
    await follow(foreign, 1),
  ];
  const stay = [await follow((await session(other.user_id)).headers), await follow(kept, 1)];
  const { rows } = await db.pool.query<{ user_id: string }>(
    `select user_id from backtest_accounts where subject = 'disabled'`,
  );
  const act = async (): Promise<void> => {
    for (const id of [user_id, rows[0]?.user_id ?? '']) {
      assert.equal((await disableAccount(db.pool, id)).outcome, 'disabled');
    }
  };
  await requireEnd(act, { ends, stay });
});

test('what expires while a stream is open ends it: session, idle session, token, token of a provider', async () => {
  const { user_id } = await person();
  const [expired, idle, kept] = [await session(user_id), await session(user_id), await session(user_id)];
  const program = await token(user_id);
  const endsAt = Date.now() + 6000;
  const ends = [
    await follow(expired.headers),
    await follow(idle.headers, 1),
    await follow(program.headers),
    await follow({ authorization: `Bearer ${await jwt('short', 6 - 30)}` }, 1),
  ];
  const stay = [await follow(kept.headers)];
  const act = async (): Promise<void> => {
    const soon = `created_at = clock_timestamp() - interval '1 day', expires_at = clock_timestamp()`;
    await db.pool.query(`update backtest_sessions set ${soon} where session_id = $1`, [expired.session_id]);
    await db.pool.query(`update backtest_api_tokens set ${soon} where token_id = $1`, [program.token_id]);
    await db.pool.query(
      `update backtest_sessions set last_seen_at = clock_timestamp() - interval '1 year' where session_id = $1`,
      [idle.session_id],
    );
    await delay(endsAt - Date.now());
  };
  await requireEnd(act, { ends, stay });
});

/** Signs a token of the identity provider that ends so many seconds from now, and counts for half a minute more. */
function jwt(sub: string, seconds: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: ISSUER, aud: 'backtest', sub, exp: now + seconds })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(keys.privateKey);
}

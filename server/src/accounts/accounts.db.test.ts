// Accounts in the database: what each verb does, what states the tables refuse, and the races between them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testDatabase, type TestDatabase } from '../../test/database.ts';
import { queued } from '../../test/queue.ts';
import { LOCAL_USER_ID, ROLES, SCOPES, type Role } from './account.ts';
import { addAccount } from './add.ts';
import { checkPassword } from './check-password.ts';
import { createToken, MOST_TOKENS } from './create-token.ts';
import { disableAccount } from './disable.ts';
import { enableAccount } from './enable.ts';
import { endSession } from './end-session.ts';
import { findAccount } from './find.ts';
import { issueCode } from './issue-code.ts';
import { listSessions } from './list-sessions.ts';
import { listTokens } from './list-tokens.ts';
import { listAccounts } from './list.ts';
import { openSession } from './open-session.ts';
import { hashPassword } from './password.ts';
import { revokeToken } from './revoke-token.ts';
import { sessionOf } from './session-of.ts';
import { setPassword } from './set-password.ts';
import { tokenOf } from './token-of.ts';
import { useCode } from './use-code.ts';

let db: TestDatabase;
let hash: string;
const PASSWORD = 'correct horse';
const IDLE = 72;

before(async () => {
  db = await testDatabase();
  hash = await hashPassword(PASSWORD);
});
after(() => db[Symbol.asyncDispose]());

let names = 0;
async function added(role: Role = 'user'): Promise<{ user_id: string; name: string }> {
  const name = `user${(names += 1)}`;
  const outcome = await addAccount(db.pool, { name, role, password_hash: hash });
  assert.ok(outcome.outcome === 'added');
  return { user_id: outcome.account.user_id, name };
}

async function session(user_id: string, hours = 720) {
  const opened = await openSession(db.pool, {
    user_id,
    password_hash: hash,
    hours,
    address: '10.0.0.1',
    agent: 'test',
  });
  assert.ok(opened !== null);
  return opened;
}

async function token(user_id: string, days = 90) {
  const made = await createToken(db.pool, { user_id, name: 'ci', scopes: ['read'], days });
  assert.ok(made.outcome === 'created');
  return made;
}

test('the lists of roles and scopes are those of the tables', async () => {
  const { rows } = await db.pool.query<{ name: string; text: string }>(
    `select conname as name, pg_get_constraintdef(oid) as text from pg_constraint
     where conname in ('backtest_accounts_role', 'backtest_api_tokens_scopes') order by conname`,
  );
  const words = rows.map(({ text }) => [...text.matchAll(/'(\w+)'::text/g)].map(([, word]) => word));
  assert.deepEqual(words, [[...ROLES], [...SCOPES]]);
});

test('states that the tables refuse', async () => {
  const { user_id } = await added();
  const { session_id } = await session(user_id);
  const { shown } = await token(user_id);
  await issueCode(db.pool, user_id);
  const account = (change: string) => `update backtest_accounts set ${change} where user_id = '${user_id}'`;
  const illegal = [
    account(`name = 'Capital'`),
    account(`name = ''`),
    account(`role = 'root'`),
    account(`password_hash = 'secret'`),
    account('name = null'),
    account(`issuer = 'https://id.example', subject = 's'`),
    account(`name = null, issuer = 'https://id.example', subject = null, password_hash = null`),
    account(`name = null, issuer = 'https://id.example', subject = 's'`), // with a password
    `insert into backtest_accounts (user_id, name) select gen_random_uuid(), name from backtest_accounts`,
    `update backtest_sessions set secret_hash = 'short' where session_id = '${session_id}'`,
    `update backtest_sessions set expires_at = created_at where session_id = '${session_id}'`,
    `update backtest_api_tokens set scopes = '{}' where token_id = '${shown.token_id}'`,
    `update backtest_api_tokens set scopes = '{admin}' where token_id = '${shown.token_id}'`,
    `update backtest_api_tokens set prefix = '' where token_id = '${shown.token_id}'`,
    `update backtest_api_tokens set secret_hash = (select secret_hash from backtest_sessions limit 1) || 'x'::bytea`,
    `update backtest_one_time_codes set expires_at = created_at`,
  ];
  for (const sql of illegal) await assert.rejects(db.admin.query(sql), { code: /^(23514|23505)$/ }, sql);
});

test('add: once a name, in any case; find by name or id; list the oldest first', async () => {
  const { user_id, name } = await added('admin');
  assert.equal((await addAccount(db.pool, { name, role: 'user', password_hash: null })).outcome, 'taken');
  assert.equal((await findAccount(db.pool, name.toUpperCase()))?.user_id, user_id);
  assert.equal((await findAccount(db.pool, user_id))?.role, 'admin');
  assert.equal(await findAccount(db.pool, 'nobody'), null);
  const all = await listAccounts(db.pool);
  assert.equal(all.at(-1)?.user_id, user_id);
  assert.ok(!JSON.stringify(all).includes('argon2'));
});

test('adopt: the jobs and strategies of the local user become those of the account, nobody else loses one', async () => {
  const other = await added();
  const mine = await queued(db.pool, { user_id: LOCAL_USER_ID });
  const theirs = await queued(db.pool, { user_id: other.user_id });
  await db.pool.query(
    `insert into backtest_strategies (strategy_id, user_id, name, template_json) values (gen_random_uuid(), $1, 's', '{}')`,
    [LOCAL_USER_ID],
  );
  const adopter = { name: 'adopter', role: 'admin', password_hash: null, adopt_local: true } as const;
  const outcome = await addAccount(db.pool, adopter);
  assert.ok(outcome.outcome === 'added');
  assert.deepEqual([outcome.jobs, outcome.strategies], [1, 1]);
  const { rows } = await db.pool.query<{ job_id: string; user_id: string }>(
    'select job_id, user_id from backtest_jobs where job_id = any($1) order by created_at',
    [[mine.job_id, theirs.job_id]],
  );
  assert.deepEqual(
    rows.map((row) => row.user_id),
    [outcome.account.user_id, other.user_id],
  );
});

test('a password: only the right one of an account that is active, in the same time as any other', async () => {
  const { user_id, name } = await added();
  assert.equal((await checkPassword(db.pool, name, PASSWORD))?.user_id, user_id);
  assert.equal(await checkPassword(db.pool, name, 'wrong horse'), null);
  assert.equal(await checkPassword(db.pool, 'nobody', PASSWORD), null);
  await disableAccount(db.pool, user_id);
  assert.equal(await checkPassword(db.pool, name, PASSWORD), null);
  // Time of the processor, of all threads: a busy machine makes waiting longer, and not the work.
  const worked = async (who: string) => {
    const from = process.cpuUsage();
    await checkPassword(db.pool, who, 'wrong horse');
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  };
  let [known, unknown] = [Infinity, Infinity];
  for (let n = 0; n < 5; n += 1) {
    known = Math.min(known, await worked(name));
    unknown = Math.min(unknown, await worked('nobody'));
  }
  assert.ok(unknown > known / 2 && known > unknown / 2, `${known} ms and ${unknown} ms`);
});

test('a session counts until it is ended, idle too long, or at its time; its secret is not stored', async () => {
  const { user_id, name } = await added();
  const { session_id, secret } = await session(user_id);
  assert.deepEqual(await sessionOf(db.pool, secret, IDLE), { session_id, user_id, name, role: 'user' });
  assert.equal(await sessionOf(db.pool, `${secret}x`, IDLE), null);
  const stored = await db.pool.query('select * from backtest_sessions where session_id = $1', [session_id]);
  assert.ok(!JSON.stringify(stored.rows).includes(secret));
  const [listed] = await listSessions(db.pool, user_id, IDLE);
  assert.deepEqual([listed?.session_id, listed?.address, listed?.agent], [session_id, '10.0.0.1', 'test']);

  const seen = (ago: string) =>
    db.pool.query(
      `update backtest_sessions set last_seen_at = clock_timestamp() - $2::interval where session_id = $1`,
      [session_id, ago],
    );
  await seen('71 hours');
  assert.ok(await sessionOf(db.pool, secret, IDLE));
  await seen('73 hours');
  assert.equal(await sessionOf(db.pool, secret, IDLE), null);
  assert.deepEqual(await listSessions(db.pool, user_id, IDLE), []);
  await seen('0');
  await db.pool.query(
    `update backtest_sessions set created_at = now() - interval '2 hours', expires_at = now() - interval '1 second'`,
  );
  assert.equal(await sessionOf(db.pool, secret, IDLE), null);

  const next = await session(user_id); // clears away what has expired
  assert.equal((await db.pool.query('select from backtest_sessions where user_id = $1', [user_id])).rowCount, 1);
  assert.equal(await endSession(db.pool, next.session_id, (await added()).user_id), false);
  assert.equal(await endSession(db.pool, next.session_id, user_id), true);
  assert.equal(await sessionOf(db.pool, next.secret, IDLE), null);
});

test('a user has twenty sessions at most: the oldest ends', async () => {
  const { user_id } = await added();
  const first = await session(user_id);
  for (let n = 0; n < 20; n += 1) await session(user_id);
  assert.equal((await listSessions(db.pool, user_id, IDLE)).length, 20);
  assert.equal(await sessionOf(db.pool, first.secret, IDLE), null);
});

test('requests write their time once a minute', async () => {
  const { user_id } = await added();
  const { secret } = await session(user_id);
  const made = await token(user_id);
  const writes = async () => {
    const { rows } = await db.pool.query(
      `select s.last_seen_at, t.last_used_at from backtest_sessions s join backtest_api_tokens t using (user_id)
       where user_id = $1`,
      [user_id],
    );
    return JSON.stringify(rows);
  };
  await tokenOf(db.pool, made.token);
  const before = await writes();
  for (let n = 0; n < 3; n += 1) await Promise.all([sessionOf(db.pool, secret, IDLE), tokenOf(db.pool, made.token)]);
  assert.equal(await writes(), before);
  await db.pool.query(
    `update backtest_sessions set last_seen_at = last_seen_at - interval '61 seconds' where user_id = $1`,
    [user_id],
  );
  await sessionOf(db.pool, secret, IDLE);
  assert.notEqual(await writes(), before);
});

test('a token: its user and scopes, until it is revoked or expires; its secret is not stored', async () => {
  const { user_id, name } = await added();
  const { token: secret, shown } = await token(user_id);
  assert.deepEqual(await tokenOf(db.pool, secret), { token_id: shown.token_id, user_id, name, scopes: ['read'] });
  const stored = await db.pool.query('select * from backtest_api_tokens');
  assert.ok(!JSON.stringify(stored.rows).includes(secret.slice(10)));
  const [listed] = await listTokens(db.pool, user_id);
  assert.ok(listed?.last_used_at !== null && listed?.prefix === secret.slice(0, 10));
  assert.equal(await revokeToken(db.pool, shown.token_id, (await added()).user_id), false);
  assert.equal(await revokeToken(db.pool, shown.token_id, user_id), true);
  assert.equal(await tokenOf(db.pool, secret), null);
  const expired = await token(user_id);
  await db.pool.query(
    `update backtest_api_tokens set created_at = now() - interval '2 days', expires_at = now() - interval '1 second'
     where user_id = $1`,
    [user_id],
  );
  assert.equal(await tokenOf(db.pool, expired.token), null);
});

test('no more tokens than are allowed, however many are asked for at once', async () => {
  const { user_id } = await added();
  const wanted = { user_id, name: 'x', scopes: ['read'], days: 1 } as const;
  const outcomes = await Promise.all(Array.from({ length: MOST_TOKENS + 20 }, () => createToken(db.pool, wanted)));
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'created').length, MOST_TOKENS);
});

test('disabling ends everything at once, also what is just being opened; enabling brings none of it back', async () => {
  const { user_id, name } = await added();
  const made = await token(user_id);
  await issueCode(db.pool, user_id);
  const opening = { user_id, password_hash: hash, hours: 1, address: '', agent: '' };
  const [disabled, ...opened] = await Promise.all([
    disableAccount(db.pool, user_id),
    ...Array.from({ length: 8 }, () => openSession(db.pool, opening)),
  ]);
  assert.equal(disabled.outcome, 'disabled');
  await enableAccount(db.pool, user_id);
  for (const one of opened) assert.equal(one && (await sessionOf(db.pool, one.secret, IDLE)), null);
  assert.equal(await tokenOf(db.pool, made.token), null);
  assert.deepEqual(await listTokens(db.pool, user_id), []);
  const codes = await db.pool.query('select from backtest_one_time_codes where user_id = $1', [user_id]);
  assert.equal(codes.rowCount, 0);
  assert.ok(await checkPassword(db.pool, name, PASSWORD));
});

test('a session or token that is being opened waits for whoever disables the account, and is none then', async () => {
  const { user_id } = await added();
  const client = await db.pool.connect();
  await client.query('begin');
  await client.query('update backtest_accounts set disabled_at = now() where user_id = $1', [user_id]);
  const wanted = { user_id, password_hash: hash, hours: 1, address: '', agent: '' };
  const scopes = ['read'] as const;
  const opening = [openSession(db.pool, wanted), createToken(db.pool, { user_id, name: 'x', scopes, days: 1 })];
  let settled = 0;
  for (const one of opening) void one.finally(() => (settled += 1));
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const decided = async () => settled > 0 || ((await db.admin.query(waiting)).rowCount ?? 0) >= 2;
  while (!(await decided()));
  assert.equal(settled, 0);
  await client.query('commit');
  client.release();
  assert.deepEqual(await Promise.all(opening), [null, { outcome: 'quota_exceeded' }]);
});

test('the last administrator stays, however many are disabled at once', async () => {
  await db.pool.query('delete from backtest_accounts');
  for (let round = 0; round < 10; round += 1) {
    const admins = await Promise.all(Array.from({ length: 4 }, () => added('admin')));
    const outcomes = await Promise.all(admins.map(({ user_id }) => disableAccount(db.pool, user_id)));
    const { rowCount } = await db.pool.query(
      `select from backtest_accounts where role = 'admin' and disabled_at is null`,
    );
    assert.equal(rowCount, 1, JSON.stringify(outcomes));
    assert.ok(round > 0 || outcomes.filter(({ outcome }) => outcome === 'last_admin').length === 1);
  }
  const user = await added();
  assert.equal((await disableAccount(db.pool, user.user_id)).outcome, 'disabled');
  assert.equal((await disableAccount(db.pool, user.user_id)).outcome, 'disabled'); // again: nothing happens
  assert.equal((await disableAccount(db.pool, LOCAL_USER_ID)).outcome, 'not_found');
});

test('another password ends all other sessions, and none opened with the old one is left', async () => {
  const { user_id, name } = await added();
  const [kept, other] = [await session(user_id), await session(user_id)];
  const next = await hashPassword('another horse');
  const keep = kept.session_id;
  assert.ok(await setPassword(db.pool, { user_id, password_hash: next, instead_of: hash, keep }));
  assert.ok(await sessionOf(db.pool, kept.secret, IDLE));
  assert.equal(await sessionOf(db.pool, other.secret, IDLE), null);
  assert.equal(await openSession(db.pool, { user_id, password_hash: hash, hours: 1, address: '', agent: '' }), null);
  assert.ok(!(await setPassword(db.pool, { user_id, password_hash: next, instead_of: hash })));
  assert.equal(await checkPassword(db.pool, name, PASSWORD), null);
  assert.ok(await checkPassword(db.pool, name, 'another horse'));
});

test('a code sets a password once, within its time, of its account, and ends all sessions', async () => {
  const { user_id, name } = await added();
  const { secret } = await session(user_id);
  const next = await hashPassword('another horse');
  const first = await issueCode(db.pool, user_id);
  const code = await issueCode(db.pool, user_id);
  assert.ok(first !== null && code !== null);
  const use = (given: string, who = name) => useCode(db.pool, { name: who, code: given, password_hash: next });
  assert.equal(await use(first), false); // the second replaced it
  assert.equal(await use(code, (await added()).name), false);
  const many = await Promise.all(Array.from({ length: 6 }, () => use(code)));
  assert.equal(many.filter(Boolean).length, 1);
  assert.equal(await sessionOf(db.pool, secret, IDLE), null);
  assert.ok(await checkPassword(db.pool, name, 'another horse'));
  const late = await issueCode(db.pool, user_id);
  await db.pool.query(
    `update backtest_one_time_codes set created_at = now() - interval '16 minutes', expires_at = now() - interval '1 minute'`,
  );
  assert.equal(await use(late ?? ''), false);
  await disableAccount(db.pool, user_id);
  assert.equal(await issueCode(db.pool, user_id), null);
});

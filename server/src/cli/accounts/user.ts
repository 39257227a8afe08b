// backtest user: the accounts, on the database itself, so that the first one can be made and a forgotten password set where
// no API answers. Nothing has a default password.

import type pg from 'pg';
import { accountName, NAME_RULE, type UserAccount } from '../../accounts/account.ts';
import { addAccount } from '../../accounts/add.ts';
import { disableAccount } from '../../accounts/disable.ts';
import { enableAccount } from '../../accounts/enable.ts';
import { findAccount } from '../../accounts/find.ts';
import { CODE_MINUTES, issueCode } from '../../accounts/issue-code.ts';
import { listAccounts } from '../../accounts/list.ts';
import { hashPassword } from '../../accounts/password.ts';
import { setPassword } from '../../accounts/set-password.ts';
import { openPool } from '../../db.ts';
import { requireSchema } from '../../migrate.ts';
import { command, INVOCATION, UsageError } from '../command.ts';
import { databaseDsn } from '../psql.ts';
import { print, printTable } from '../show/table.ts';
import { askNewPassword } from './ask-secret.ts';

const NOTES = [
  'It works on the database of STRATEGY_PG_DSN, else on the running embedded one. A password comes from a prompt, or is the',
  'first line of stdin.',
];
const CODE_OPTION = {
  about: `no password: print a code with which its owner sets one, within ${CODE_MINUTES} minutes`,
};

export const userAdd = command({
  name: 'user add',
  about: 'Adds an account, with a password or a one-time code, or one of an external identity provider.',
  takes: ['NAME?'],
  options: {
    admin: { about: 'an administrator: sees and cancels all jobs, manages accounts' },
    'adopt-local': { about: 'gives it the jobs and strategies that this machine has from before it had accounts' },
    code: CODE_OPTION,
    issuer: { value: 'URL', about: 'no name: the identity provider, as backtest.accounts.external has it' },
    subject: { value: 'ID', about: 'who it is there (sub)' },
    json: { about: 'print {user_id, name, role, jobs, strategies, code}' },
  },
  notes: NOTES,
  examples: [
    'user add ann --admin --adopt-local',
    'user add bob --code',
    'user add --issuer https://id.example --subject 1234',
  ],
  run: async (values, [given]) => {
    const who = whoOf(given, values.issuer, values.subject);
    return withDatabase(async (pool) => {
      const password_hash = await passwordFor(pool, who.name, values.code);
      const role = values.admin ? 'admin' : 'user';
      const added = await addAccount(pool, { ...who, role, password_hash, adopt_local: values['adopt-local'] });
      if (added.outcome === 'taken') throw taken(who.name);
      const { account, jobs, strategies } = added;
      const code = values.code ? await issueCode(pool, account.user_id) : null;
      const { user_id, name } = account;
      if (values.json) return print(JSON.stringify({ user_id, name, role, jobs, strategies, code }));
      const adopted = values['adopt-local'] ? `, with ${jobs} jobs and ${strategies} strategies of before` : '';
      print(`added ${nameOf(account)}, ${role === 'admin' ? 'an administrator' : 'a user'}${adopted}`);
      if (code !== null) tellCode(code);
    });
  },
});

/** Reads who the account is for: a name, or an identity of the external provider. */
function whoOf(given: string, issuer: string | undefined, subject: string | undefined) {
  if (issuer !== undefined && subject !== undefined && given === '')
    return { name: null, identity: { issuer, subject } };
  if (issuer !== undefined || subject !== undefined)
    throw new UsageError('user add takes NAME, or --issuer and --subject together');
  const name = accountName(given);
  if (name === null) throw new UsageError(`the name ${NAME_RULE}`);
  return { name };
}

/** Asks for the password of a new account with a name; a name that is taken is not asked for. */
async function passwordFor(pool: pg.Pool, name: string | null, code: boolean): Promise<string | null> {
  if (name === null && code) throw new UsageError('--code sets a password, which the identity provider has');
  if (name === null) return null;
  if ((await findAccount(pool, name)) !== null) throw taken(name);
  return code ? null : hashPassword(await askNewPassword(name));
}

function taken(name: string | null): Error {
  return new Error(`there is an account ${name ?? 'for this issuer and subject'} already`);
}

export const userList = command({
  name: 'user list',
  about: 'Lists the accounts, the oldest first.',
  takes: [],
  options: { json: { about: 'print {items}' } },
  notes: NOTES.slice(0, 1),
  examples: ['user list'],
  run: async (values) =>
    withDatabase(async (pool) => {
      const items = await listAccounts(pool);
      if (values.json) return print(JSON.stringify({ items }));
      if (items.length === 0) return print(`no accounts; ${INVOCATION} user add NAME --admin makes the first`);
      const columns = ['user', 'name', 'role', 'since', 'state'].map((title) => ({ title }));
      printTable(
        columns,
        items.map((one) => [one.user_id, nameOf(one), one.role, one.created_at.slice(0, 10), stateOf(one)]),
        160,
      );
    }),
});

export const userDisable = command({
  name: 'user disable',
  about: 'Keeps an account out. Its sessions and tokens end at once; its jobs and strategies stay.',
  takes: ['NAME'],
  options: { json: { about: 'print the account' } },
  notes: NOTES.slice(0, 1),
  examples: ['user disable bob'],
  run: async (values, [name]) =>
    withAccount(name, async (pool, { user_id }) => {
      const done = await disableAccount(pool, user_id);
      if (done.outcome !== 'disabled')
        throw new Error(`${name} is the last administrator who can sign in: add or enable another one first`);
      print(values.json ? JSON.stringify(done.account) : `disabled ${name}; its sessions and tokens have ended`);
    }),
});

export const userEnable = command({
  name: 'user enable',
  about: 'Lets an account in again, with its password. Sessions and tokens do not come back.',
  takes: ['NAME'],
  options: { json: { about: 'print the account' } },
  notes: NOTES.slice(0, 1),
  examples: ['user enable bob'],
  run: async (values, [name]) =>
    withAccount(name, async (pool, { user_id }) => {
      const account = await enableAccount(pool, user_id);
      print(values.json ? JSON.stringify(account) : `enabled ${name}`);
    }),
});

export const userPassword = command({
  name: 'user password',
  about: 'Sets the password of an account, or prints a code with which its owner does. All its sessions end.',
  takes: ['NAME'],
  options: { code: CODE_OPTION, json: { about: 'print {user_id, code}' } },
  notes: NOTES,
  examples: ['user password ann', 'user password bob --code'],
  run: async (values, [name]) =>
    withAccount(name, async (pool, account) => {
      const { user_id } = account;
      if (account.name === null)
        throw new Error(`${name} signs in at ${account.issuer}, which keeps the password: change it there`);
      if (!values.code)
        await setPassword(pool, { user_id, password_hash: await hashPassword(await askNewPassword(name)) });
      const code = values.code ? await issueCode(pool, user_id) : null;
      if (values.code && code === null) throw new Error(`${name} is disabled: enable it first`);
      if (values.json) print(JSON.stringify({ user_id, code }));
      else if (code === null) print(`the password of ${name} is set; its sessions have ended`);
      else tellCode(code);
    }),
});

function tellCode(code: string): void {
  print(code);
  const where = `POST /auth/code with {name, code, new_password}, or ${INVOCATION} login --code`;
  process.stderr.write(`valid once, for ${CODE_MINUTES} minutes: ${where}\n`);
}

function nameOf({ name, issuer, subject }: UserAccount): string {
  return name ?? `${subject} at ${issuer}`;
}

function stateOf({ disabled_at }: UserAccount): string {
  return disabled_at === null ? 'active' : `disabled ${disabled_at.slice(0, 10)}`;
}

async function withAccount(
  which: string,
  work: (pool: pg.Pool, account: UserAccount) => Promise<void>,
): Promise<number> {
  return withDatabase(async (pool) => {
    const account = await findAccount(pool, which);
    if (account === null) throw new Error(`there is no account ${which}: ${INVOCATION} user list has them`);
    await work(pool, account);
  });
}

async function withDatabase(work: (pool: pg.Pool) => Promise<void>): Promise<number> {
  const pool = openPool(await databaseDsn(false, process.env), { max: 2, applicationName: 'backtest-user' });
  try {
    await requireSchema(pool);
    await work(pool);
    return 0;
  } finally {
    await pool.end();
  }
}

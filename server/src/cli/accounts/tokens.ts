// backtest token: the tokens of whoever is logged in, for programs that act for that user.

import { SCOPES } from '../../accounts/account.ts';
import { API_OPTIONS, openSessionClient } from '../client.ts';
import { command, INVOCATION, UsageError, wholeNumber } from '../command.ts';
import { print, printTable } from '../show/table.ts';

interface Token {
  readonly token_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string;
}

const NOTES = ['It needs a login: no token manages tokens.'];

export const tokenCreate = command({
  name: 'token create',
  about: 'Creates a token and prints it, this once. A program sends it as bearer token, a command from BACKTEST_TOKEN.',
  takes: [],
  options: {
    ...API_OPTIONS,
    name: { value: 'NAME', about: 'what it is for' },
    scopes: {
      value: 'SCOPES',
      about: 'read; jobs (read, submit, cancel, delete, save, report); candles (upload); commas between (jobs)',
    },
    days: { value: 'N', about: 'days until it expires, at most 366 (90)' },
    json: { about: 'print {token, token_id, name, prefix, scopes, created_at, last_used_at, expires_at}' },
  },
  notes: NOTES,
  examples: ['token create --name nightly', 'token create --name dashboard --scopes read --days 30'],
  run: async (values) => {
    if (values.name === undefined) throw new UsageError('what is the token for? give --name NAME');
    const scopes = (values.scopes ?? 'jobs').split(',').map((scope) => scope.trim());
    const wrong = scopes.find((scope) => !SCOPES.some((one) => one === scope));
    if (wrong !== undefined) throw new UsageError(`--scopes takes ${SCOPES.join(', ')}, not "${wrong}"`);
    const expires_in_days = wholeNumber('--days', values.days, 1, 366) ?? 90;
    const body = { name: values.name, scopes, expires_in_days };
    const made = await openSessionClient(values.api).post<Token & { token: string }>('/auth/tokens', body);
    print(values.json ? JSON.stringify(made) : made.token);
    return 0;
  },
});

export const tokenList = command({
  name: 'token list',
  about: 'Lists your tokens, newest first, those that have expired too.',
  takes: [],
  options: { ...API_OPTIONS, json: { about: 'print {items}' } },
  notes: NOTES,
  examples: ['token list'],
  run: async (values) => {
    const { items } = await openSessionClient(values.api).get<{ items: readonly Token[] }>('/auth/tokens');
    if (values.json) print(JSON.stringify({ items }));
    else if (items.length === 0) print(`no tokens; ${INVOCATION} token create --name NAME makes one`);
    else {
      printTable(
        [
          { title: 'token' },
          { title: 'begins' },
          { title: 'scopes' },
          { title: 'last used' },
          { title: 'expires' },
          { title: 'name', gives: true },
        ],
        items.map((one) => [
          one.token_id,
          one.prefix,
          one.scopes.join(','),
          one.last_used_at?.slice(0, 16) ?? 'never',
          one.expires_at.slice(0, 10),
          one.name,
        ]),
        140,
      );
    }
    return 0;
  },
});

export const tokenRevoke = command({
  name: 'token revoke',
  about: 'Revokes a token: it is worth nothing any more, at once.',
  takes: ['TOKEN_ID'],
  options: { ...API_OPTIONS, json: { about: 'print {token_id}' } },
  notes: NOTES,
  examples: ['token revoke 01890a5d-ac96-774b-bcce-b302099a8057'],
  run: async (values, [token_id]) => {
    const path = `/auth/tokens/${encodeURIComponent(token_id)}`;
    const revoked = await openSessionClient(values.api).delete<{ token_id: string }>(path);
    print(values.json ? JSON.stringify(revoked) : 'revoked');
    return 0;
  },
});

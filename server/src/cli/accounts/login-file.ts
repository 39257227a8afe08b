// Where a login is kept: logins.json in BACKTEST_HOME, for its owner only, one session an API. A session is sent to the
// address that gave it and nowhere else.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeOf, type Env } from '../../config/paths.ts';
import { prepareFolder } from '../../config/prepare-folder.ts';

type Logins = Readonly<Record<string, string>>;

/** Returns the cookie of the API at this address, null when nobody is logged in there. */
export function readLogin(url: string, env: Env): string | null {
  const logins = readLogins(env);
  return Object.hasOwn(logins, url) ? (logins[url] ?? null) : null;
}

/** Keeps the cookie of an API; null forgets it. */
export function keepLogin(url: string, cookie: string | null, env: Env): void {
  const { [url]: _, ...others } = readLogins(env);
  prepareFolder(homeOf(env), 'BACKTEST_HOME', 0o700);
  writeFileSync(pathOf(env), JSON.stringify(cookie === null ? others : { ...others, [url]: cookie }), { mode: 0o600 });
  chmodSync(pathOf(env), 0o600); // the mode above is for a new file only
}

function readLogins(env: Env): Logins {
  try {
    return JSON.parse(readFileSync(pathOf(env), 'utf8')) as Logins;
  } catch {
    return {}; // no such file, or none of ours: logging in writes it anew
  }
}

function pathOf(env: Env): string {
  return join(homeOf(env), 'logins.json');
}

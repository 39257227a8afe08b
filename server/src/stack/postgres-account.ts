// Who runs the server. PostgreSQL refuses to run as root, so root either hides behind another user id in a user
// namespace (the files stay root's, nothing is copied) or, where those are forbidden as in most containers, really
// becomes another user. Everybody else runs it as themselves.

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

export interface Account {
  readonly kind: 'self' | 'namespace' | 'other';
  /** Owner of the data directory, seen from outside. */
  readonly uid: number;
  readonly gid: number;
  readonly prefix: readonly string[];
}

/** Picks the account; `needs` are folders it must be able to enter when it stays root on disk. */
export async function chooseAccount(namespaces: boolean, needs: readonly string[]): Promise<Account> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const self: Account = { kind: 'self', uid, gid, prefix: [] };
  // initdb wants a user with a name, which a container started with any uid does not have.
  if (uid !== 0 && named()) return self;
  const stranger = strangerIds();
  const ids = [`--map-user=${stranger.uid}`, `--map-group=${stranger.gid}`];
  const namespace: Account = { kind: 'namespace', uid, gid, prefix: ['unshare', '-U', ...ids, '--'] };
  // In the namespace root has lost its power over other people's folders.
  if (namespaces && (await canAccess(namespace, '-x', needs))) return namespace;
  return uid === 0 ? { kind: 'other', ...stranger, prefix: [] } : self;
}

/** True when the account passes `test <flag>` on every path. */
export async function canAccess(
  account: Account,
  flag: '-x' | '-r' | '-w',
  paths: readonly string[],
): Promise<boolean> {
  for (const path of paths) {
    const child = spawnAs(account, 'test', [flag, path], { stdio: 'ignore' });
    if ((await exitOf(child)) !== 0) return false;
  }
  return true;
}

/** Starts a program as the account, with an environment in which no PG* variable changes its mind. */
export function spawnAs(
  account: Account,
  file: string,
  args: readonly string[],
  options: { stdio: StdioOptions; detached?: boolean },
): ChildProcess {
  const [command = file, ...rest] = [...account.prefix, file, ...args];
  return spawn(command, rest, {
    ...options,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
    ...(account.kind === 'other' ? { uid: account.uid, gid: account.gid } : {}),
  });
}

/** Exit code, or null when it was killed or could not start at all. */
export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}

function named(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false; // ENOENT: no passwd entry
  }
}

function strangerIds(): { uid: number; gid: number } {
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
  return { uid: Number(row?.[2] ?? 65_534), gid: Number(row?.[3] ?? 65_534) };
}

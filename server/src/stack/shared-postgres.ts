// The embedded PostgreSQL as the stacks of one home share it: the first starts it, the last stops it. It is detached and
// may be the child of another stack or of one that is gone, so nobody hears it die; each stack looks, and starts it again
// where its clients know it.

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lockFile, tryLock } from '../lock.ts';
import { messageOf } from '../message.ts';
import { findPostgres, startPostgres, type EmbeddedPostgres } from './postgres.ts';
import { keepSmall } from './rotate.ts';
import { openPatience } from './supervise.ts';

export interface SharedPostgres extends AsyncDisposable {
  /** As it was at first. */
  readonly postgres: EmbeddedPostgres;
  /** Rejects when the server keeps dying or cannot be started again; names its log. */
  readonly broken: Promise<never>;
}

export interface SharedPostgresOptions {
  readonly home: string;
  /** The server died and runs again; `moved` when that had to be on another port. */
  readonly onRestart: (postgres: EmbeddedPostgres, moved: boolean) => void;
}

const LOOK_MS = 250;

export const postgresLog = (home: string): string => join(home, 'postgres.log');

export async function sharePostgres({ home, onRestart }: SharedPostgresOptions): Promise<SharedPostgres> {
  const lock = join(home, 'stack.lock');
  const users = join(home, 'users');
  using _starting = await lockFile(lock);
  const postgres = await startPostgres({ home });
  const seat = await takeSeat(users);
  const end = new AbortController();
  const small = keepSmall(postgresLog(home));
  let current = postgres;
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {}); // whoever waits for it hears it; nobody may
  const kept = keep(postgres, home, end.signal, (again) => {
    const moved = again.port !== current.port;
    current = again;
    onRestart(again, moved);
  }).catch(reject);
  return {
    postgres,
    broken,
    async [Symbol.asyncDispose]() {
      end.abort();
      small[Symbol.dispose]();
      await kept;
      using _stopping = await lockFile(lock);
      seat[Symbol.dispose]();
      if (!anySeatTaken(users)) await current.stop();
    },
  };
}

/** Stops the server of a home unless a stack uses it, which would start it again. */
export async function stopShared(home: string): Promise<'stopped' | 'not_running' | 'in_use'> {
  const postgres = await findPostgres(home);
  if (postgres === null) return 'not_running';
  using _stopping = await lockFile(join(home, 'stack.lock'));
  const users = join(home, 'users');
  if (existsSync(users) && anySeatTaken(users)) return 'in_use';
  await postgres.stop();
  return 'stopped';
}

/** Until `signal`; rejects when starting it again is of no use. */
async function keep(
  first: EmbeddedPostgres,
  home: string,
  signal: AbortSignal,
  onAgain: (postgres: EmbeddedPostgres) => void,
): Promise<void> {
  const log = `(log: ${postgresLog(home)})`;
  const patience = openPatience();
  for (let postgres = first; ;) {
    const startedAt = performance.now();
    while (postgres.alive()) {
      await delay(LOOK_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
    if (!patience.afterDeath(performance.now() - startedAt)) {
      throw new Error(`PostgreSQL ended ${patience.tries} times in a row ${log}`);
    }
    // Started again it would be an empty one, which is not what anybody's jobs were in.
    if (!existsSync(join(home, 'postgres')))
      throw new Error(`PostgreSQL ended, and its data in ${home} is gone ${log}`);
    try {
      postgres = await startPostgres({ home });
    } catch (error) {
      const message = messageOf(error);
      throw new Error(`PostgreSQL ended and cannot be started again ${log}: ${message}`, { cause: error });
    }
    onAgain(postgres);
  }
}

/** A place among the users of the server; the kernel takes it back from whoever dies, so that no pid is believed. */
async function takeSeat(users: string): Promise<Disposable> {
  mkdirSync(users, { recursive: true });
  anySeatTaken(users);
  const file = join(users, randomUUID());
  const held = await lockFile(file);
  return {
    [Symbol.dispose]() {
      held[Symbol.dispose]();
      rmSync(file, { force: true });
    },
  };
}

/** Sweeps the seats of the dead on the way. Only under the lock of the stack. */
function anySeatTaken(users: string): boolean {
  let taken = false;
  for (const name of readdirSync(users)) {
    const left = tryLock(join(users, name));
    taken ||= left === null;
    if (left === null) continue;
    left[Symbol.dispose]();
    rmSync(join(users, name), { force: true });
  }
  return taken;
}

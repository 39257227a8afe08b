// An exclusive lock between processes of one machine that the kernel frees when its holder dies, kill -9 included:
// an exclusive SQLite transaction on an empty file. A file with a pid in it would need a rule for stale pids.

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './message.ts';

const BUSY = 5; // SQLITE_BUSY

/** Waits until nobody else holds the lock on `file`; dispose it to let the next one in. */
export async function lockFile(file: string, timeoutMs = 120_000): Promise<Disposable> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const held = tryLock(file);
    if (held) return held;
    if (performance.now() > deadline) throw new Error(`${file} is held by another process for ${timeoutMs / 1000} s`);
    await sleep(25);
  }
}

/** Null when another process holds it. */
export function tryLock(file: string): Disposable | null {
  let database: DatabaseSync | undefined;
  try {
    const holder = (database = new DatabaseSync(file, { timeout: 0 }));
    holder.exec('pragma journal_mode = memory; begin exclusive'); // a journal file would outlive a kill -9
    return { [Symbol.dispose]: () => holder.close() };
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return null;
    throw new Error(`cannot lock ${file}: ${messageOf(error)}`, { cause: error });
  }
}

// Errors of this machine, by their cause: what a job cannot help, and another worker may not have.

import type { WorkerCause } from '../queue/excuses.ts';

const BY_CODE: Readonly<Record<string, WorkerCause>> = {
  EMFILE: 'worker_no_files',
  ENFILE: 'worker_no_files',
  EACCES: 'worker_no_access',
  EPERM: 'worker_no_access',
  ENOSPC: 'worker_disk_full',
  EDQUOT: 'worker_disk_full',
  EIO: 'worker_disk_error',
  EROFS: 'worker_disk_error',
  ENOMEM: 'worker_no_memory',
  EAGAIN: 'worker_no_memory',
  ERR_WORKER_INIT_FAILED: 'worker_no_memory',
};

// A library that reads files itself (DuckDB) has the words of the system and no code.
const BY_WORDS: readonly (readonly [string, WorkerCause])[] = [
  ['Too many open files', 'worker_no_files'],
  ['Permission denied', 'worker_no_access'],
  ['Operation not permitted', 'worker_no_access'],
  ['No space left on device', 'worker_disk_full'],
  ['Disk quota exceeded', 'worker_disk_full'],
  ['Input/output error', 'worker_disk_error'],
  ['Read-only file system', 'worker_disk_error'],
];

const DEEPEST = 8;

/** The cause of an error or of one below it; null: it is not this machine's trouble. */
export function troubleOf(error: unknown, depth = 0): WorkerCause | null {
  if (!(error instanceof Error) || depth > DEEPEST) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const byWords = BY_WORDS.find(([words]) => error.message.includes(words))?.[1];
  return BY_CODE[code] ?? byWords ?? troubleOf(error.cause, depth + 1);
}

/** Exit code of a child that met trouble of this machine; its last line on stderr begins with the cause. */
export const TROUBLE_EXIT = 74;

// Causes that end an attempt and are no fault of its job: the worker could not do its work, or the database could not do
// its own. Such an attempt is in the history with its cause and does not count as a crash. A bound of its own keeps a job
// from being tried for ever: it counts excused attempts since the last checkpoint, not hours, because a count needs no clock.

/** The worker's own trouble: another worker may well run the job. */
export const WORKER_CAUSES = [
  'worker_no_child', // the compute child could not start
  'worker_no_files', // EMFILE, ENFILE
  'worker_no_access', // EACCES, EPERM: the candles or a file of the program may not be read
  'worker_disk_full', // ENOSPC, EDQUOT
  'worker_disk_error', // EIO, EROFS
  'worker_no_memory', // ENOMEM, EAGAIN: the machine starts no more processes or threads
  'candles_unreachable', // the source of candles did not answer for as long as a job waits; another worker may reach it
] as const;

/** The database's trouble: no worker could have kept the job. */
export const DATABASE_CAUSES = [
  'database_disk_full',
  'database_trouble', // it was unavailable, read-only or refused to work
  'database_restarted',
  'clock_step', // its clock went ahead, and every lease was over at once
] as const;

export type WorkerCause = (typeof WORKER_CAUSES)[number];
export type DatabaseCause = (typeof DATABASE_CAUSES)[number];
export type Excuse = WorkerCause | DatabaseCause;

/**
 * Number of excused attempts without a checkpoint that fails a job. A worker waits up to a minute between two of its own,
 * so one worker alone tries for an hour and a half.
 */
export const MAX_EXCUSED = 100;

/** An SQL list of causes. */
export function listOf(causes: readonly string[]): string {
  return `(${causes.map((cause) => `'${cause}'`).join(', ')})`;
}

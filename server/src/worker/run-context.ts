// What the runs of a worker share, and what becomes of one.

import type pg from 'pg';
import type { Log } from '../log.ts';
import type { RunnerMetrics } from '../metrics.ts';
import type { DatabaseCause, Excuse } from '../queue/excuses.ts';
import type { AttemptOutcome } from '../queue/job.ts';
import type { ComputeJob } from './messages.ts';

/** Why an attempt ended that is no fault of its job. */
export interface Excused {
  readonly cause: Excuse;
  readonly detail: string;
}

export type Outcome = AttemptOutcome;

/** What all runs of a worker share. */
export interface RunContext {
  readonly pool: pg.Pool;
  readonly heartbeatPool: pg.Pool;
  readonly jobs: { lease_seconds: number; heartbeat_seconds: number; claim_poll_seconds: number };
  readonly compute: Pick<
    ComputeJob,
    'source' | 'candlePatienceMs' | 'threads' | 'snapshotSeconds' | 'snapshotVariantsStep'
  >;
  readonly log: Log;
  readonly metrics: RunnerMetrics;
  /** Aborts when the worker must give its job back. */
  readonly drain: AbortSignal;
  /** Calls `hear` on every notice that the job is to be cancelled; returns how to stop listening. */
  readonly onCancelNotice: (jobId: string, hear: () => void) => () => void;
  /** Told why the candles are unavailable, and null when a job has them, or has ended. */
  readonly onCandles?: (unavailable: string | null) => void;
  /** Told each time the database could not do its work. */
  readonly onTrouble?: (cause: DatabaseCause) => void;
}

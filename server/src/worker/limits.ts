// How long a worker's connections may take for what, in milliseconds, from the length of a lease. A worker that is stopped
// inside a transaction must not keep its job from the next one, so locks and idle transactions end within a quarter of the
// lease; the server gives up before the client does, and a heartbeat is given up before the next is due.

import type { PoolOptions } from '../db.ts';

type Limits = Required<
  Pick<PoolOptions, 'statementTimeoutMs' | 'lockTimeoutMs' | 'idleInTransactionMs' | 'queryTimeoutMs'>
>;

// A hundred jobs with their surfaces can be gigabytes, and nobody waits for their rows.
const RETENTION_MS = 300_000;

export function limitsOf(jobs: { readonly lease_seconds: number; readonly heartbeat_seconds: number }) {
  const quarter = (jobs.lease_seconds * 1000) / 4;
  const half = (jobs.heartbeat_seconds * 1000) / 2;
  return {
    usual: within(quarter, quarter),
    heartbeat: within(half, Math.min(half, quarter)),
    retention: within(RETENTION_MS, quarter),
  };
}

/** `query`: what the client waits for an answer; `hold`: what it may keep others waiting. */
function within(query: number, hold: number): Limits {
  return {
    statementTimeoutMs: Math.round(query * 0.8),
    lockTimeoutMs: Math.round(hold * 0.6),
    idleInTransactionMs: Math.round(hold * 0.8),
    queryTimeoutMs: Math.round(query),
  };
}

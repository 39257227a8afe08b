// What one process sees of the leases by its own monotonic clock, for what the database's clock alone cannot decide.
//
// Silence: a lease that has not moved for its whole length of elapsed time has no owner any more, whatever the database's
// clock says (it may have gone back an hour). The owner trusts its lease from before it asked for it, and less than its
// length, so it has stopped by itself when an observer calls it silent (server/model).
//
// Disturbances: spans of the database's time in which it was unavailable or its clock went ahead. An attempt left open whose
// lease reaches into one is not counted as a crash: its worker could not have renewed it.

import { isRetryable } from '../db.ts';
import type { DatabaseCause } from './excuses.ts';
import { iso, type Db } from './job.ts';

export interface SilentLease {
  readonly job_id: string;
  readonly user_id: string;
  readonly attempt: number;
  /** lease_expires_at, exact to the microsecond: a lease that was renewed since is another one. */
  readonly lease: string;
  readonly cancel_requested: boolean;
}

/** In instants of the database. */
export interface Disturbance {
  readonly cause: DatabaseCause;
  readonly from: string;
  readonly until: string;
}

export interface Observer {
  /** Reads clock and leases. Rejects as the database does, and remembers that it did. */
  look(db: Db): Promise<void>;
  /** Notes that the database could not do its work just now. */
  trouble(cause: DatabaseCause): void;
  silent(): readonly SilentLease[];
  disturbances(): readonly Disturbance[];
  /** The last reading of the database's clock, and the latest it can show in a statement sent now unless it went ahead since. */
  clock(): { readonly read: string; readonly latest: string } | null;
}

interface Reading {
  readonly clockMs: number;
  readonly sentAt: number;
  readonly receivedAt: number;
}

interface Seen {
  readonly lease: SilentLease;
  readonly lengthMs: number;
  readonly sinceMs: number;
}

const KEPT = 16;

export function openObserver(leaseSeconds: number, now: () => number = () => performance.now()): Observer {
  const tolerance = leaseSeconds * 100; // a smaller step costs no lease that is renewed at a third of its length
  const underWay = leaseSeconds * 350; // a statement takes at most a quarter of a lease (worker/limits.ts), and the tolerance
  let last: Reading | null = null;
  let troubled: { readonly cause: DatabaseCause; readonly sinceMs: number } | null = null;
  let seen = new Map<string, Seen>();
  let disturbances: Disturbance[] = [];
  const trouble = (cause: DatabaseCause): void => void (troubled ??= { cause, sinceMs: now() });

  function judge(reading: Reading): void {
    const before = last;
    last = reading;
    const most = before === null ? Infinity : before.clockMs + (reading.receivedAt - before.sentAt) + tolerance;
    const ahead = reading.clockMs > most;
    if (!ahead && troubled === null) return;
    const cause = ahead ? 'clock_step' : (troubled?.cause ?? 'database_trouble');
    const from = before?.clockMs ?? reading.clockMs - (now() - (troubled?.sinceMs ?? now()));
    disturbances.push({ cause, from: instant(Math.min(from, reading.clockMs)), until: instant(reading.clockMs) });
    disturbances = disturbances.slice(-KEPT);
    troubled = null;
  }

  return {
    trouble,
    async look(db) {
      const sentAt = now();
      try {
        const { rows } = await db.query<Row>(LOOK);
        const receivedAt = now();
        judge({ clockMs: rows[0]?.clock_ms ?? Number.NaN, sentAt, receivedAt });
        const next = new Map<string, Seen>();
        for (const { clock_ms: _, length_ms, ...lease } of rows) {
          if (lease.job_id === null) continue;
          const known = seen.get(lease.job_id);
          const same = known?.lease.attempt === lease.attempt && known.lease.lease === lease.lease;
          const sinceMs = same ? known.sinceMs : receivedAt;
          next.set(lease.job_id, { lease, lengthMs: Math.max(length_ms, leaseSeconds * 1000), sinceMs });
        }
        seen = next;
      } catch (error) {
        if (isRetryable(error)) trouble('database_trouble');
        throw error;
      }
    },
    silent() {
      const lookedAt = last?.sentAt ?? 0;
      return [...seen.values()]
        .filter(({ sinceMs, lengthMs }) => lookedAt - sinceMs >= lengthMs)
        .map(({ lease }) => lease);
    },
    disturbances: () => disturbances,
    clock: () =>
      last && { read: instant(last.clockMs), latest: instant(last.clockMs + now() - last.sentAt + underWay) },
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

interface Row extends SilentLease {
  readonly clock_ms: number;
  readonly length_ms: number;
}

// One row at least, for the clock. The length of a lease is what its last heartbeat gave it.
const LOOK = `
select clock_ms, job_id, user_id, attempt, lease, length_ms, cancel_requested
from (select (extract(epoch from clock_timestamp()) * 1000)::float8 as clock_ms) clock
left join (
  select job_id, user_id, attempt, ${iso('lease_expires_at')} as lease, cancel_requested_at is not null as cancel_requested,
    (extract(epoch from lease_expires_at - heartbeat_at) * 1000)::float8 as length_ms
  from backtest_jobs where state = 'running'
) running on true`;

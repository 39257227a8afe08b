// Claims of one worker, one after the other. A claim whose reply was lost may have taken a job, so the next one first
// gives back what this name may hold, and goes on under a new name: a release that arrives late must not find what is
// claimed from then on (server/model).

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type pg from 'pg';
import { databaseTrouble } from '../db.ts';
import type { Log } from '../log.ts';
import { messageOf } from '../message.ts';
import { claim, type Claim } from '../queue/claim.ts';
import type { Observer } from '../queue/observer.ts';
import { releaseOrphans } from '../queue/release.ts';
import { unlessAborted } from '../stop.ts';
import type { Bell } from './bell.ts';
import { seldom } from './seldom.ts';

/** What the claims of a worker need. */
interface ClaimContext {
  readonly pool: pg.Pool;
  readonly jobs: { readonly lease_seconds: number; readonly max_crashes: number };
  readonly bell: Bell;
  readonly log: Log;
  readonly observer: Observer;
  /** Aborts when a claim that is still under way has no more time. */
  readonly late: AbortSignal;
}

export interface Claims {
  /** Null: nothing to claim, or the database did not reply. */
  claimNext(): Promise<Claim | null>;
  /** Gives back what the last claim may have taken, if its reply was lost. */
  giveBack(until: AbortSignal): Promise<void>;
}

/** Who a job is locked by: `<hostname>-<pid>-<random>`. */
export function workerName(): string {
  return `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

export function openClaims(firstName: string, { pool, jobs, bell, log, observer, late }: ClaimContext): Claims {
  const { lease_seconds, max_crashes } = jobs;
  let name = firstName;
  let doubtful = false;
  const complaint = (): ((reason: string) => void) => seldom((reason) => log.event('claim_failed', { reason }));
  let complain = complaint();
  return {
    async claimNext() {
      bell.hush();
      try {
        if (doubtful) {
          await unlessAborted(releaseOrphans(pool, name), late);
          name = workerName();
        }
        doubtful = false;
        await unlessAborted(observer.look(pool), late); // a step of the clock must be known before its leases are judged
        const claiming = claim(pool, { locked_by: name, lease_seconds, max_crashes, observer });
        const claimed = await unlessAborted(claiming, late);
        complain = complaint(); // the next trouble is another one
        return claimed;
      } catch (error) {
        doubtful = true;
        const trouble = databaseTrouble(error);
        if (trouble !== null) observer.trouble(trouble);
        bell.hush(); // a notice is no reason to ask a server in trouble again at once
        complain(messageOf(error));
        return null;
      }
    },
    async giveBack(until) {
      if (doubtful) await unlessAborted(releaseOrphans(pool, name), until).catch(() => 0);
    },
  };
}

// The API's eye on workers that do not answer: it watches leases by its own clock, so that a job whose worker is silent can
// be cancelled although the database's clock says that the lease goes on, and ends those whose cancel was requested before.

import type pg from 'pg';
import { cancel } from '../queue/cancel.ts';
import { openObserver, type Observer } from '../queue/observer.ts';

export interface SilenceWatch extends Disposable {
  readonly observer: Observer;
  /** One look at the leases; the timer calls it four times a lease. */
  look(): Promise<void>;
}

export function watchSilence(pool: pg.Pool, leaseSeconds: number, now?: () => number): SilenceWatch {
  const observer = openObserver(leaseSeconds, now);
  const look = async (): Promise<void> => {
    await observer.look(pool);
    for (const silent of observer.silent()) if (silent.cancel_requested) await cancel(pool, silent, observer);
  };
  const quietly = (): void => void look().catch(() => {}); // the requests of users report what is wrong with the database
  const timer = setInterval(quietly, (leaseSeconds * 1000) / 4).unref();
  return { observer, look, [Symbol.dispose]: () => clearInterval(timer) };
}

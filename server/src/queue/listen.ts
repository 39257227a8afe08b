// Hears the NOTIFY of submit, cancel and release. Only an optimisation: whoever listens also polls, so a lost
// notification, a dead connection or a transaction pooler in between costs latency, never a job.

import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { aborted } from '../stop.ts';
import { NOTIFY_CHANNEL, parseNotice, type Notice } from './notify.ts';

// A server that does not answer at all is tried again on a new connection.
const PATIENCE_MS = 10_000;
const GOODBYE_MS = 1000;

/** Listens until aborted, reconnecting with backoff; `hear` is called for every notice. */
export async function listen(dsn: string, hear: (notice: Notice) => void, signal: AbortSignal): Promise<void> {
  const stopped = aborted(signal);
  for (let wait = 100; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
    const client = new pg.Client({
      connectionString: dsn,
      application_name: 'backtest listener',
      keepAlive: true,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve()).on('end', resolve);
    });
    client.on('notification', (message) => {
      const notice = parseNotice(message.payload);
      if (notice !== null) hear(notice);
    });
    try {
      await Promise.race([client.connect().then(() => client.query(`listen ${NOTIFY_CHANNEL}`)), stopped]);
      wait = 100;
      await Promise.race([ended, stopped]);
    } catch {
      // The server is away; the poll of the caller notices and reports it, here we only try again.
    }
    // On a half-open connection the goodbye would wait for ever.
    await Promise.race([client.end().catch(() => {}), delay(GOODBYE_MS, undefined, { ref: false })]);
    await Promise.race([delay(wait * (0.5 + Math.random()), undefined, { ref: false }), stopped]);
  }
}

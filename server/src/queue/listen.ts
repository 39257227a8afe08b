// Hears the NOTIFY of submit, cancel and release. Only an optimisation: whoever listens also polls, so a lost
// notification, a dead connection or a transaction pooler in between costs latency, never a job.
import pg from 'pg';
import { NOTIFY_CHANNEL, parseNotice, type Notice } from './notify.ts';

/** Listens until aborted, reconnecting with backoff; `hear` is called for every notice. */
export async function listen(dsn: string, hear: (notice: Notice) => void, signal: AbortSignal): Promise<void> {
  for (let wait = 100; !signal.aborted; wait = Math.min(wait * 2, 5000)) {
    const client = new pg.Client({ connectionString: dsn, application_name: 'backtest listener', keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      client.on('error', () => resolve()).on('end', resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', (message) => {
      const notice = parseNotice(message.payload);
      if (notice !== null) hear(notice);
    });
    try {
      await client.connect();
      await client.query(`listen ${NOTIFY_CHANNEL}`);
      wait = 100;
      await ended;
    } catch {
      // The server is away; the poll of the caller notices and reports it, here we only try again.
    }
    await client.end().catch(() => {});
    if (!signal.aborted) await pause(wait * (0.5 + Math.random()), signal);
  }
}

/** Resolves after `ms`, or at once when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

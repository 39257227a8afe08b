// What the server says while the screen is open: changes of jobs go into the cache of what was read, so that every page
// that shows them is drawn anew. While no events come, pages ask every few seconds.

import { watchJobs, type JobEvent } from '@backtest-jobs/client';
import type { QueryClient } from '@tanstack/react-query';
import { signInAgain } from '../account/sign-in-again.ts';
import { client } from '../api.ts';
import { askJobsAgain, takeEvent } from './cache.ts';
import { connection, POLL_MS, type Connection } from './connection.ts';
import { openLeader } from './leader.ts';

/** What the leading tab passes on. `lost` would carry an error of its own and says nothing to others. */
type Message =
  | { readonly event: Exclude<JobEvent, { readonly kind: 'lost' | 'back' }> }
  | { readonly connection: Connection };

const PATIENCE = { retryMs: 500, mostMs: POLL_MS, silenceMs: 40_000 } as const;

/** Follows the server for all tabs of this browser; returns how to end it. */
export function followServer(cache: QueryClient, user: string): () => void {
  const hear = (message: Message): void => {
    if ('event' in message) return takeEvent(cache, message.event);
    const wasLive = connection.get().state === 'live';
    connection.set(message.connection);
    // Whether to ask every few seconds is decided with each answer: the first one is asked for here.
    if (wasLive && message.connection.state !== 'live') askJobsAgain(cache, ['status', 'top']);
  };
  const leader = openLeader<Message>({
    name: `backtest-live-${user}`,
    hear,
    welcome: () => ({ connection: connection.get() }),
    async lead(tell, signal) {
      const say = (message: Message): void => {
        hear(message);
        tell(message);
      };
      await lead(say, signal);
    },
  });
  return leader.end;
}

async function lead(say: (message: Message) => void, signal: AbortSignal): Promise<void> {
  const reach = openReach(say, signal);
  const take = async (event: JobEvent): Promise<void> => {
    if (event.kind === 'lost') return reach();
    say({ connection: { state: 'live' } });
    if (event.kind !== 'back') say({ event });
  };
  try {
    for await (const event of watchJobs(client, { signal, ...PATIENCE })) await take(event);
  } catch (error) {
    // Pages ask by themselves from here on; those of other tabs find out if nobody is signed in any more.
    say({ connection: { state: 'polling' } });
    signInAgain(error);
  }
}

/** Returns what finds out how things stand when the stream is lost: without events, or without the server. */
function openReach(say: (message: Message) => void, signal: AbortSignal): () => Promise<void> {
  return async () => {
    const isThere = await fetch('/healthz', {
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (signal.aborted) return;
    const before = connection.get();
    if (isThere) say({ connection: { state: 'polling' } });
    else if (before.state !== 'offline') say({ connection: { state: 'offline', sinceMs: Date.now() } });
  };
}

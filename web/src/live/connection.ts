// How the screen stands to its server.

import { openStore } from '../lib/store.ts';

export type Connection =
  | { readonly state: 'connecting' | 'live' }
  /** The server answers, but sends no events: what is shown is asked for every few seconds. */
  | { readonly state: 'polling' }
  | { readonly state: 'offline'; readonly sinceMs: number };

export const connection = openStore<Connection>({ state: 'connecting' });

/** Milliseconds between questions while no events come. */
export const POLL_MS = 5000;

/** Says the connection in words. */
export function connectionWords(now: Connection): string {
  switch (now.state) {
    case 'connecting':
      return 'connecting';
    case 'live':
      return 'live';
    case 'polling':
      return `polling every ${POLL_MS / 1000} s`;
    case 'offline':
      return `offline since ${new Date(now.sinceMs).toTimeString().slice(0, 5)}`;
  }
}

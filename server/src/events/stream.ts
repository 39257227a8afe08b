// The stream of one client: server-sent events. What a client has not read waits as the latest change of each job, so a slow one
// gets fewer events; where too much waits, it hears that it must read anew.

import { PassThrough, type Readable } from 'node:stream';
import { latest, type JobChange, type Feed, type Interest } from './feed.ts';

/** A comment that keeps proxies from closing a quiet connection. */
const BEAT_MS = 15_000;
/** Bytes that wait for a client on both sides of its stream. */
const BUFFERED = 16_384;
/** Changes that wait behind them. */
const MOST_WAITING = 1000;
/** After how long a client connects again. */
const RETRY_MS = 2000;
/** After how long a stream ends. Its client connects again and goes on, if it is still signed in. */
const LIFE_MS = 5 * 60_000;

interface EventStream {
  readonly readable: Readable;
  /** Ends it; a second call does nothing. */
  readonly end: () => void;
}

/**
 * Opens a stream that goes on after `lastId`, where that is not too old; else it begins with `reset` for a client that had
 * one, and with `ready` for a new one. Both carry the id to go on from.
 */
export function openStream(feed: Feed, interest: Interest, lastId: string | null, lifeMs = LIFE_MS): EventStream {
  const out = new PassThrough({ highWaterMark: BUFFERED });
  let waiting: readonly JobChange[] = [];
  let lost = false;
  const flush = (): void => {
    if (out.destroyed || out.writableNeedDrain) return;
    if (lost) out.write(event('reset', '{}', feed.id()));
    lost = false;
    let sent = 0;
    while (sent < waiting.length && !out.writableNeedDrain) {
      let text = '';
      for (; text.length < BUFFERED && sent < waiting.length; sent += 1) {
        const change = waiting[sent] as JobChange;
        text += event(change.kind, change.data, feed.idOf(change));
      }
      out.write(text);
    }
    waiting = waiting.slice(sent);
  };
  const take = (changes: readonly JobChange[]): void => {
    if (!lost) waiting = latest([...waiting, ...changes]);
    flush();
    if (waiting.length <= MOST_WAITING) return;
    waiting = [];
    lost = true;
  };
  const missed = lastId === null ? null : feed.since(lastId, interest);
  out.write(`retry: ${RETRY_MS}\n\n`);
  if (missed === null) out.write(event(lastId === null ? 'ready' : 'reset', '{}', feed.id()));
  else take(missed);
  out.on('drain', flush);
  const leave = feed.subscribe(interest, take);
  const beat = setInterval(() => {
    if (!out.writableNeedDrain) out.write(': still here\n\n');
  }, BEAT_MS).unref();
  const end = (): void => {
    leave();
    clearInterval(beat);
    clearTimeout(life);
    out.end();
  };
  const life = setTimeout(end, lifeMs).unref();
  out.once('close', end);
  return { readable: out, end };
}

/** JSON has no line break outside of its texts, and those are escaped. */
function event(kind: string, data: string, id: string): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${data}\n\n`;
}

// Sign-ins that fail slow down the next ones, of the account and of the address, and lock nobody out: an account waits at most two
// seconds, so its owner gets in while others guess. An address gets its sign-ins one after another. Tokens that fail slow down the
// refusals of their address. The counts are of this process and are forgotten a quarter of an hour after the last failure.

import { isIPv6 } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const FREE_FAILURES = 3;
const FIRST_MS = 250;
const MOST_MS = { account: 2000, address: 8000 } as const;
const MOST_WAITING = { address: 8, all: 64 } as const;
const FORGET_MS = 15 * 60_000;
const REMEMBERED = 10_000;

/** So many attempts of the address, or of everybody, wait already. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
  readonly waiting: number;
  readonly limit: number;
  /** Whether they are of one address: its fault, not ours. */
  readonly ofAddress: boolean;

  constructor(things: string, waiting: number, limit: number, ofAddress: boolean) {
    super(`${waiting} ${things} ${ofAddress ? 'from your address ' : ''}wait, as many as are allowed: try again later`);
    this.waiting = waiting;
    this.limit = limit;
    this.ofAddress = ofAddress;
  }
}

export interface SignInAttempt {
  /** As it was typed, whether there is such an account or not; null: a token, which names none. */
  readonly name: string | null;
  readonly address: string;
}

export interface Throttle {
  /**
   * Waits until the attempt may be made, or the signal is aborted.
   * @throws {TooManyWaiting}
   */
  wait(attempt: SignInAttempt, left?: AbortSignal): Promise<void>;
  failed(attempt: SignInAttempt): void;
  succeeded(attempt: SignInAttempt): void;
}

interface Clock {
  readonly now: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, left?: AbortSignal) => Promise<unknown>;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms, left) => delay(ms, undefined, left && { signal: left }),
};

interface Tally {
  failures: number;
  /** When the last one was. */
  at: number;
  waiting: number;
  /** When the next attempt may be made. */
  free: number;
}

/** `things`: what waits, in the plural. */
export function openThrottle(things = 'sign-ins', clock: Clock = CLOCK): Throttle {
  const records = new Map<string, Tally>();
  let all = 0;
  const recordOf = (key: string): Tally => {
    const now = clock.now();
    const old = records.get(key);
    const record =
      old !== undefined && now - old.at < FORGET_MS ? old : { failures: 0, at: now, waiting: 0, free: now };
    records.delete(key); // the last in the map are those that were used last
    records.set(key, record);
    for (const [oldest, { waiting }] of records) {
      if (records.size <= REMEMBERED) break;
      if (waiting === 0) records.delete(oldest);
    }
    return record;
  };
  return {
    async wait({ name, address }, left) {
      const failures = name === null ? 0 : recordOf(`account ${name}`).failures;
      const place = recordOf(placeOf(address));
      if (place.waiting >= MOST_WAITING.address)
        throw new TooManyWaiting(things, place.waiting, MOST_WAITING.address, true);
      if (all >= MOST_WAITING.all) throw new TooManyWaiting(things, all, MOST_WAITING.all, false);
      const now = clock.now();
      const own = pause(place.failures, MOST_MS.address);
      place.free = Math.max(place.free, now) + own;
      const until = Math.max(place.free, now + pause(failures, MOST_MS.account));
      if (until <= now) return;
      place.waiting += 1;
      all += 1;
      await clock.sleep(until - now, left).catch(() => {
        place.free -= own; // it left: nobody waits for its turn
      });
      place.waiting -= 1;
      all -= 1;
    },
    failed({ name, address }) {
      for (const key of [placeOf(address), ...(name === null ? [] : [`account ${name}`])]) {
        const record = recordOf(key);
        record.failures += 1;
        record.at = clock.now();
      }
    },
    succeeded({ name }) {
      // Not of the address: somebody with an account of his own could guess those of others without end.
      if (name !== null) recordOf(`account ${name}`).failures = 0;
    },
  };
}

function pause(failures: number, most: number): number {
  return failures < FREE_FAILURES ? 0 : Math.min(most, FIRST_MS * 2 ** (failures - FREE_FAILURES));
}

/** One address is all of a network of IPv6 that one customer gets: the first four of eight groups. */
function placeOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return `address ${plain}`;
  const [head = '', tail = ''] = plain.split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = plain.includes('::') ? Array<string>(8 - left.length - right.length).fill('0') : [];
  return `address ${[...left, ...zeros, ...right].slice(0, 4).join(':')}`;
}

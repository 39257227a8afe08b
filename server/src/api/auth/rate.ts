// How often a user may ask: so many requests a minute, of which unused ones are saved up for a minute. The counts are of
// this process.

import { ApiError } from '../errors.ts';

export interface Rate {
  /** @throws {ApiError} quota_exceeded */
  take(user_id: string): void;
}

export function openRate(perMinute: number, now: () => number = () => performance.now()): Rate {
  const left = new Map<string, { requests: number; at: number }>();
  const forget = (): void => {
    for (const [user_id, { at }] of left) if (now() - at >= 60_000) left.delete(user_id); // it is full again
  };
  return {
    take(user_id) {
      const at = now();
      if (left.size > 1000) forget();
      const before = left.get(user_id) ?? { requests: perMinute, at };
      const requests = Math.min(perMinute, before.requests + ((at - before.at) / 60_000) * perMinute);
      if (requests >= 1) {
        left.set(user_id, { requests: requests - 1, at });
        return;
      }
      left.set(user_id, { requests, at });
      const retry_after_seconds = Math.ceil(((1 - requests) / perMinute) * 60);
      const limit = `${perMinute} requests a minute are allowed (max_requests_per_minute_per_user)`;
      throw new ApiError('quota_exceeded', `${limit}: ask again in ${retry_after_seconds} s`, {
        limit: perMinute,
        retry_after_seconds,
      });
    },
  };
}

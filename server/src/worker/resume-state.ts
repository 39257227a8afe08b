// The state that a claimed job goes on from, passed to its child part by part: the worker holds one part at a time. A
// part that is missing ends it, and the child finds the state torn by its digest and starts anew.

import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { isRetryable } from '../db.ts';
import type { Claimed } from '../queue/claim.ts';
import { readCheckpointPart } from '../queue/portions/checkpoint-part.ts';
import type { Child } from './child.ts';
import type { Hold } from './hold.ts';

const PAUSE_MS = 250;

/** Transient trouble is retried for as long as the lease is trusted; a lost lease ends it, with the child. */
export async function sendState(
  { lease, checkpoint }: Claimed,
  child: Child,
  { pool, hold }: { readonly pool: pg.Pool; readonly hold: Pick<Hold, 'lost'> },
): Promise<void> {
  if (checkpoint === null) return;
  const { state, parts, save_no, attempt } = checkpoint;
  await child.sent({ type: 'state', bytes: state });
  for (let part_no = 1; part_no <= parts && child.alive; part_no += 1) {
    const bytes = await patiently(hold, () => readCheckpointPart(pool, { ...lease, attempt }, { save_no, part_no }));
    if (bytes === null) return;
    await child.sent({ type: 'state', bytes });
  }
}

async function patiently<T>(hold: Pick<Hold, 'lost'>, read: () => Promise<T>): Promise<T | null> {
  while (!hold.lost) {
    try {
      return await read();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await delay(PAUSE_MS);
    }
  }
  return null;
}

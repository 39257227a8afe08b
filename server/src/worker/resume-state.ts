// The state that a claimed job goes on from, passed to its child part by part: the worker holds one part at a time. A
// part that is missing ends it, and the child finds the state torn by its digest and starts anew.

import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { isRetryable } from '../db.ts';
import type { Claimed } from '../queue/claim.ts';
import { readCheckpointPart } from '../queue/portions/checkpoint-part.ts';
import type { Child } from './child.ts';

const TRIES = 20;
const PAUSE_MS = 250;

export async function sendState({ lease, checkpoint }: Claimed, child: Child, pool: pg.Pool): Promise<void> {
  if (checkpoint === null) return;
  const { state, parts, save_no, attempt } = checkpoint;
  await child.sent({ type: 'state', bytes: state });
  for (let part_no = 1; part_no <= parts && child.alive; part_no += 1) {
    const bytes = await patiently(() => readCheckpointPart(pool, { ...lease, attempt }, { save_no, part_no }));
    if (bytes === null) return;
    await child.sent({ type: 'state', bytes });
  }
}

/** Tries again what fails for a moment; a database that stays away ends the run by the trust of its lease. */
async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isRetryable(error) || tries === TRIES) throw error;
      await delay(PAUSE_MS);
    }
  }
}

// The worker's writes: one portion of a save, each by the verb of the queue it is meant for, in a short transaction of its
// own. A portion that the database cannot store, whoever sends it, ends the job with an error that names it.

import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { DEFAULTS, type Spec } from '@backtest-jobs/engine';
import type pg from 'pg';
import { isRetryable, isUnstorable } from '../db.ts';
import { messageOf } from '../message.ts';
import type { Progress } from '../queue/heartbeat.ts';
import { checkpointPart } from '../queue/portions/checkpoint-part.ts';
import { resultRows } from '../queue/portions/result-rows.ts';
import { resultTrades } from '../queue/portions/result-trades.ts';
import { shortlistPart } from '../queue/portions/shortlist-part.ts';
import { shortlist } from '../queue/portions/shortlist.ts';
import { snapshotRows } from '../queue/portions/snapshot-rows.ts';
import { strip } from '../queue/portions/strip.ts';
import { surfaceHash } from '../queue/portions/surface-hash.ts';
import { surface } from '../queue/portions/surface.ts';
import type { Hold } from './hold.ts';
import type { ChildMessage, Part } from './messages.ts';

/** What the database does not take, whenever it is asked: a result that is too large, or a text it cannot hold. */
class Unstorable extends Error {
  override readonly name = 'Unstorable';
}

export interface PartWritten {
  readonly surfaceHash?: string | null;
  readonly cancel_requested_at?: string | null;
}

/** Writes one part under the lease; null: it is lost. */
export async function writePart(hold: Hold, part: Part, { pool, lease_seconds }: Writing): Promise<PartWritten | null> {
  if (part.kind === 'surface hash') return hashSurface(hold, pool);
  const progress = { lease_seconds, stage: hold.stage, processed_units: hold.processedUnits };
  return orUnstorable(whatOf(part), () => hold.write((own) => writeBy(hold, part, { pool: own, progress })));
}

interface Writing {
  readonly pool: pg.Pool;
  readonly lease_seconds: number;
}

const PAUSE_MS = 200;

/** Reads a surface, which takes a while, between heartbeats and not in their place. */
async function hashSurface(hold: Hold, pool: pg.Pool): Promise<PartWritten | null> {
  while (!hold.lost) {
    try {
      return { surfaceHash: await surfaceHash(pool, hold.lease.job_id) };
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await delay(PAUSE_MS);
    }
  }
  return null;
}

/** Takes out what an unfinished result left, its reports and trades, in short writes. False: the lease is lost. */
export async function stripResult(hold: Hold, lease_seconds: number, { runtime }: Partial<Spec>): Promise<boolean> {
  const keep = runtime?.top_k_persisted ?? DEFAULTS.top_k_persisted;
  for (let more = true; more;) {
    const done = await hold.write((pool) => strip(pool, hold.lease, { lease_seconds, keep }));
    if (done === null) return false;
    more = done.more;
  }
  return true;
}

/** Runs a write; what the database refuses for its content is thrown as Unstorable, with the name of what it was. */
export async function orUnstorable<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    throw new Unstorable(`${what} cannot be stored: ${messageOf(error)}`, { cause: error });
  }
}

/** Returns the failure of a job whose result the database does not take; throws any other error on. */
export function unstorableMessage(error: unknown): ChildMessage {
  if (!(error instanceof Unstorable)) throw error;
  const { message } = error;
  return { type: 'failed', error: { code: 'result_not_storable', message, details: {} }, stack: inspect(error) };
}

async function writeBy(
  { lease }: Hold,
  part: Exclude<Part, { kind: 'surface hash' }>,
  { pool, progress }: { readonly pool: pg.Pool; readonly progress: Required<Progress> },
): Promise<PartWritten | null> {
  switch (part.kind) {
    case 'surface':
      return surface(pool, lease, { ...part, ...progress });
    case 'shortlist':
      return shortlist(pool, lease, { ...part, ...progress });
    case 'shortlist part':
      return shortlistPart(pool, lease, { ...part, ...progress });
    case 'state':
      return checkpointPart(pool, lease, { ...part, ...progress });
    case 'best rows':
      return snapshotRows(pool, lease, { ...part, ...progress });
    case 'rows':
      return resultRows(pool, lease, { ...part, ...progress });
    case 'trades':
      return resultTrades(pool, lease, { ...part, ...progress });
  }
}

/** The part as a message names it. */
function whatOf(part: Exclude<Part, { kind: 'surface hash' }>): string {
  switch (part.kind) {
    case 'rows':
      return `the rows of rank ${part.ranks[0]} to ${part.ranks.at(-1)} (${megabytes(part.json.length)})`;
    case 'trades':
      return `the trades of rank ${part.rank} (part ${part.part_no}, ${megabytes(part.json.length)})`;
    case 'best rows':
      return `the rows of rank ${part.rows[0]?.rank} to ${part.rows.at(-1)?.rank}`;
    case 'state':
      return `the resume point (part ${part.part_no}, ${megabytes(part.state.byteLength)})`;
    case 'surface':
      return `the surface from variant ${part.first_index} on (${megabytes(part.scores.byteLength)})`;
    case 'shortlist':
    case 'shortlist part':
      return 'the shortlist';
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

// Where a page of a list ended, as text: base64url of the canonical JSON {"created_at","job_id"}, or with the id of
// whatever else is listed. Opaque to clients, exact to the microsecond, and checked to the letter on the way back in, as
// it goes into a query.

import { canonicalJson, specError } from '@backtest-jobs/engine/internal';

/** ISO text with microseconds, as the items of a list carry it, and the id of the item. */
export type Position<Id extends string = 'job_id'> = Readonly<Record<'created_at' | Id, string>>;

export function encodeCursor(position: Readonly<Record<string, string>>): string {
  return Buffer.from(canonicalJson(position)).toString('base64url');
}

/** Padding is welcome but not needed. Throws SpecError for what encodeCursor has not written. */
export function decodeCursor<Id extends string>(text: string, id: Id): Position<Id> {
  const bare = text.replace(/={1,2}$/, '');
  const position = parsed(bare, id);
  // Written again it must be the same text: no other field, spelling, alphabet or order.
  if (position && encodeCursor(position) === bare) return position;
  throw specError('cursor', 'invalid_cursor', 'is not a cursor of this list; leave it out to start at the newest');
}

function parsed<Id extends string>(text: string, id: Id): Position<Id> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return isPosition(value, id) ? value : null;
  } catch {
    return null; // no JSON in it
  }
}

function isPosition<Id extends string>(value: unknown, id: Id): value is Position<Id> {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return isInstant(fields['created_at']) && typeof fields[id] === 'string' && UUID.test(fields[id]);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

function isInstant(text: unknown): boolean {
  if (typeof text !== 'string' || !INSTANT.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19); // no 30th of February
}

// Where a page of the list ended, as text: base64url of the canonical JSON {"created_at","job_id"}. Opaque to clients,
// exact to the microsecond, and checked to the letter on the way back in, as it goes into a query.
import { canonicalJson, specError } from '@backtest-jobs/engine';

export interface Position {
  /** ISO text with microseconds, as the jobs of a list carry it. */
  readonly created_at: string;
  readonly job_id: string;
}

export function encodeCursor({ created_at, job_id }: Position): string {
  return Buffer.from(canonicalJson({ created_at, job_id })).toString('base64url');
}

/** Padding is welcome but not needed. Throws SpecError for what encodeCursor has not written. */
export function decodeCursor(text: string): Position {
  const bare = text.replace(/={1,2}$/, '');
  const position = parsed(bare);
  // Written again it must be the same text: no other field, spelling, alphabet or order.
  if (position && encodeCursor(position) === bare) return position;
  throw specError('cursor', 'invalid_cursor', 'is not a cursor of this list; leave it out to start at the newest job');
}

function parsed(text: string): Position | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return isPosition(value) ? value : null;
  } catch {
    return null; // no JSON in it
  }
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null || !('created_at' in value) || !('job_id' in value)) return false;
  const { created_at, job_id } = value;
  return typeof created_at === 'string' && isInstant(created_at) && typeof job_id === 'string' && UUID.test(job_id);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19); // no 30th of February
}

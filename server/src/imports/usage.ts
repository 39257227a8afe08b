// How much users have staged, and how much they may.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecord, UNFINISHED } from './record.ts';

export interface StagingLimits {
  readonly max_file_bytes: number;
  readonly max_bytes_per_user: number;
  readonly max_bytes_total: number;
  readonly keep_hours: number;
}

/** A user, or all together, have staged as much as is allowed. */
export class StagingFull extends Error {
  override readonly name = 'StagingFull';
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>>) {
    super(message);
    this.details = details;
  }
}

/** A file is larger than is taken. */
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';

  constructor(most: number) {
    super(`the file is larger than ${most} bytes (backtest.imports.max_file_bytes): pack it, or split it by time`);
  }
}

export interface Usage {
  /** Bytes of the user and of all. */
  readonly own: number;
  readonly all: number;
  /** Imports of the user. */
  readonly import_ids: readonly string[];
}

/** Adds up what is staged in a folder; the file of a committed import is gone. */
export async function usageOf(root: string, user_id: string): Promise<Usage> {
  let [own, all] = [0, 0];
  const import_ids: string[] = [];
  for (const name of await readdir(root)) {
    const record = name.endsWith(UNFINISHED) ? null : await readRecord(join(root, name));
    if (record === null) continue;
    const bytes = record.committed === null ? record.file.bytes : 0;
    all += bytes;
    if (record.user_id !== user_id) continue;
    own += bytes;
    import_ids.push(record.import_id);
  }
  return { own, all, import_ids };
}

/** Imports of a user, committed ones too, until their time is over. */
export const MOST_IMPORTS = 200;
const WAY = 'commit or delete one first, or wait until one expires';

/** @throws {StagingFull} */
export function requireFewImports({ import_ids }: Usage): void {
  if (import_ids.length < MOST_IMPORTS) return;
  const details = { imports: import_ids.length, limit: MOST_IMPORTS, import_ids };
  throw new StagingFull(`${import_ids.length} imports of yours are kept, at most ${MOST_IMPORTS} are: ${WAY}`, details);
}

/** @throws {StagingFull} */
export function requireRoom({ own, all, import_ids }: Usage, limits: StagingLimits): void {
  const { max_bytes_per_user: most, max_bytes_total: total } = limits;
  if (own > most) {
    const details = { bytes: own, limit: most, setting: 'max_bytes_per_user', import_ids };
    const message = `with this file more than ${most} bytes of yours would be staged (backtest.imports.max_bytes_per_user)`;
    throw new StagingFull(`${message}: ${WAY}`, details);
  }
  if (all > total) {
    const details = { bytes: all, limit: total, setting: 'max_bytes_total' };
    const message = `with this file more than ${total} bytes would be staged (backtest.imports.max_bytes_total)`;
    throw new StagingFull(`${message}: try again later`, details);
  }
}

/** Bytes by user of files without a record: they are being written, or judged, by this process. */
export function openCounts() {
  const counts = new Map<string, number>();
  return {
    of: (user_id: string): number => counts.get(user_id) ?? 0,
    all: (): number => [...counts.values()].reduce((sum, one) => sum + one, 0),
    add(user_id: string, bytes: number): void {
      const count = (counts.get(user_id) ?? 0) + bytes;
      if (count > 0) counts.set(user_id, count);
      else counts.delete(user_id);
    },
  };
}

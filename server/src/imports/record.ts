// What is known of a staged import, as it stands in a file beside the one that was sent.

import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '../candles/import.ts';
import type { Range } from '../candles/source.ts';
import { sync } from '../candles/store.ts';
import type { ImportWish } from './importer.ts';

/** Jobs that ran on candles which an import changes. */
export interface AffectedJobs {
  readonly items: readonly { readonly job_id: string; readonly name: string | null }[];
  /** There are more than are named. */
  readonly more: boolean;
}

export interface ImportRecord {
  readonly version: 1;
  readonly import_id: string;
  readonly user_id: string;
  /** Name of the file, which stands under it, and its size. */
  readonly file: { readonly name: string; readonly bytes: number };
  /** ISO instants. */
  readonly created_at: string;
  readonly expires_at: string;
  readonly wish: ImportWish;
  /** Of the file as it was judged; of a committed import, as it became part of the store. */
  readonly report: ImportReport;
  readonly changed: readonly Range[];
  /** Null: it is not part of the store. */
  readonly committed: { readonly at: string; readonly jobs: AffectedJobs } | null;
}

const RECORD = 'import.json';
/** Ends the name of a folder that has no record yet. */
export const UNFINISHED = '.part';

/** Reads the record of an import; null where there is none. */
export async function readRecord(folder: string): Promise<ImportRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as ImportRecord;
    return record.version === 1 ? record : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null; // a later one of this product writes whole files, so this is not ours
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

/** Replaces the record; whoever reads meanwhile sees the old one. */
export async function writeRecord(folder: string, record: ImportRecord): Promise<void> {
  const temporary = join(folder, `${RECORD}.${randomBytes(4).toString('hex')}`);
  {
    await using file = await open(temporary, 'w');
    await file.writeFile(`${JSON.stringify(record)}\n`);
    await file.sync();
  }
  await rename(temporary, join(folder, RECORD));
  await sync(folder);
}

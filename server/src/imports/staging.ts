// Files that users have sent and not made part of the store yet: a folder of the store has one folder for each import, with the
// file and its record. What is there is bounded, for each user and in total, and goes after its time; a folder that is still
// being written has another name, so that nothing half done counts.

import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder, sync } from '../candles/store.ts';
import { tryLock } from '../lock.ts';
import { readRecord, UNFINISHED, writeRecord, type ImportRecord } from './record.ts';
import {
  FileTooLarge,
  openCounts,
  requireFewImports,
  requireRoom,
  usageOf,
  type StagingLimits,
  type Usage,
} from './usage.ts';

/** A file that has arrived: to be kept or discarded. */
export interface Received {
  readonly user_id: string;
  readonly folder: string;
  readonly name: string;
  readonly bytes: number;
}

type Given = Pick<ImportRecord, 'import_id' | 'wish' | 'report' | 'changed' | 'committed'>;

/** Below the folder of the store: the names of markets there are numbers. */
const FOLDER = '.staged';
/** In the folder of an import: what has any name must not meet the record. */
export const FILE_FOLDER = 'file';
const LOCK = 'lock';
/** No upload takes as long. */
const UNFINISHED_MS = 3_600_000;
const SWEEP_MS = 600_000;

export class Staging implements Disposable {
  readonly #root: string;
  readonly #limits: StagingLimits;
  readonly #now: () => number;
  readonly #arriving = openCounts();
  readonly #timer: NodeJS.Timeout;

  constructor(store: string, limits: StagingLimits, now: () => number = Date.now) {
    this.#root = join(store, FOLDER);
    this.#limits = limits;
    this.#now = now;
    const quietly = (): void => void this.sweep().catch(() => {}); // an upload reports what is wrong
    this.#timer = setInterval(quietly, SWEEP_MS).unref();
    quietly();
  }

  /** Writes a file. Rejects with FileTooLarge, StagingFull, or with what ended the stream; then nothing of it stays. */
  async receive(user_id: string, given: string, bytes: Readable, signal: AbortSignal): Promise<Received> {
    const name = safeName(given);
    const folder = join(this.#root, `${randomUUID()}${UNFINISHED}`);
    let size = 0;
    try {
      await this.sweep();
      await makeFolder(join(folder, FILE_FOLDER));
      const used = await usageOf(this.#root, user_id);
      requireFewImports(used);
      const take = (chunk: Uint8Array): void => {
        size += chunk.length;
        this.#arriving.add(user_id, chunk.length);
        if (size > this.#limits.max_file_bytes) throw new FileTooLarge(this.#limits.max_file_bytes);
        this.#requireRoom(used, user_id);
      };
      await pipeline(bytes, passing(take), createWriteStream(join(folder, FILE_FOLDER, name)), { signal });
      this.#requireRoom(await usageOf(this.#root, user_id), user_id); // others may have been kept meanwhile
    } catch (error) {
      await this.discard({ user_id, folder, name, bytes: size });
      throw error;
    }
    return { user_id, folder, name, bytes: size };
  }

  /** Makes a file that has arrived a staged import. */
  async keep({ folder, user_id, name, bytes }: Received, given: Given): Promise<ImportRecord> {
    const at = this.#now();
    const record: ImportRecord = {
      version: 1,
      ...given,
      user_id,
      file: { name, bytes },
      created_at: new Date(at).toISOString(),
      expires_at: new Date(at + this.#limits.keep_hours * 3_600_000).toISOString(),
    };
    await sync(join(folder, FILE_FOLDER, name));
    await writeRecord(folder, record);
    await rename(folder, this.#folderOf(record.import_id));
    await sync(this.#root);
    this.#arriving.add(user_id, -bytes);
    return record;
  }

  async discard({ folder, user_id, bytes }: Received): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    this.#arriving.add(user_id, -bytes);
  }

  /** Returns the imports of a user, newest first; there are no more than a user may keep. */
  async list(user_id: string): Promise<readonly ImportRecord[]> {
    if (!existsSync(this.#root)) return [];
    const names = (await readdir(this.#root)).filter((name) => !name.endsWith(UNFINISHED));
    const records: ImportRecord[] = [];
    for (const name of names) {
      const record = await this.get(name);
      if (record?.user_id === user_id) records.push(record);
    }
    return records.sort((a, b) => (a.import_id < b.import_id ? 1 : -1)); // an id begins with its time
  }

  /** Null: there is none, or its time is over. */
  async get(import_id: string): Promise<ImportRecord | null> {
    const record = await readRecord(this.#folderOf(import_id));
    return record !== null && Date.parse(record.expires_at) > this.#now() ? record : null;
  }

  /** Returns the folder of the file of an import, in which it has its name. */
  fileFolder(import_id: string): string {
    return join(this.#folderOf(import_id), FILE_FOLDER);
  }

  /** Null: somebody else changes it, in this process or another. */
  lock(import_id: string): Disposable | null {
    return lockIn(this.#folderOf(import_id));
  }

  /** Stores that an import is part of the store; its file goes. */
  async committed(record: ImportRecord): Promise<void> {
    await writeRecord(this.#folderOf(record.import_id), record);
    await rm(this.fileFolder(record.import_id), { recursive: true, force: true });
  }

  async remove(import_id: string): Promise<void> {
    await rm(this.#folderOf(import_id), { recursive: true, force: true });
  }

  /** Removes imports whose time is over, and folders that were not finished when their process ended. */
  async sweep(): Promise<void> {
    if (!existsSync(this.#root)) return;
    for (const name of await readdir(this.#root)) {
      const folder = join(this.#root, name);
      if (!(await isOver(folder, this.#now()))) continue;
      using held = lockIn(folder);
      if (held !== null) await rm(folder, { recursive: true, force: true });
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #folderOf(import_id: string): string {
    return join(this.#root, import_id);
  }

  #requireRoom(used: Usage, user_id: string): void {
    const [own, all] = [used.own + this.#arriving.of(user_id), used.all + this.#arriving.all()];
    requireRoom({ ...used, own, all }, this.#limits);
  }
}

async function isOver(folder: string, now: number): Promise<boolean> {
  const record = folder.endsWith(UNFINISHED) ? null : await readRecord(folder);
  if (record !== null) return Date.parse(record.expires_at) <= now;
  const found = await stat(folder).catch(() => null);
  return found !== null && found.mtimeMs + UNFINISHED_MS < now;
}

/** Null: somebody holds it, or the folder has just gone. */
function lockIn(folder: string): Disposable | null {
  return existsSync(folder) ? tryLock(join(folder, LOCK)) : null;
}

/** Passes bytes on, once `take` has accepted them. */
function passing(take: (chunk: Uint8Array) => void): Transform {
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      try {
        take(chunk);
      } catch (error) {
        return done(error as Error);
      }
      return done(null, chunk);
    },
  });
}

const LONGEST_NAME = 100;

/** Returns a name that any file system takes. What an archive calls its files says what is in them, so it stays. */
function safeName(given: string): string {
  const plain = given
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N} ._()+-]/gu, '_')
    .replace(/^[. ]+/, '');
  const short = plain.slice(-LONGEST_NAME).toWellFormed();
  return short !== '' && Buffer.byteLength(short) <= 2 * LONGEST_NAME ? short : 'candles';
}

// A file that a command writes for its user: all of it, or none.

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Writes beside the file and renames it: what breaks off leaves the file as it was. */
export async function writeWhole(bytes: AsyncIterable<Uint8Array> | Iterable<string>, file: string): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(bytes, createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

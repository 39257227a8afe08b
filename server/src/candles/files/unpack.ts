// The bytes of text files as they come off the disk, unpacked where they are packed (gzip, zip). What a small file may
// unpack to is bounded, because a few kilobytes can hold terabytes of nothing. Names inside an archive are only shown,
// never used as paths.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import { specError } from '@backtest-jobs/engine/internal';
import type { Entry, ZipFile } from 'yauzl';
import { messageOf } from '../../message.ts';

export interface TextFile {
  /** Name for messages: the file, and the entry of an archive. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Takes the number of bytes that were read from the disk since the last call. */
export type OnBytes = (bytes: number) => void;

/** Returns which entries of an archive to read, in that order; throws when they are not one series. */
export type Choose = (file: string, names: readonly string[]) => readonly string[];

export interface UnpackOptions {
  readonly onBytes?: OnBytes | undefined;
  readonly choose?: Choose | undefined;
}

/**
 * Largest ratio: a text of candles shrinks to a tenth, at best to a quarter of that again; a bomb shrinks a
 * thousandfold.
 */
const MOST_RATIO = 200;
/** Size up to which no text is suspicious. */
const HARMLESS_BYTES = 64 * 2 ** 20;
/** Size of twenty million long lines. */
const MOST_BYTES = 4 * 2 ** 30;
const MOST_ENTRIES = 10_000;

/** Yields the text in a file, or each CSV text in a zip archive, in order of name. */
export async function* textFiles(file: string, options: UnpackOptions = {}): AsyncGenerator<TextFile> {
  const { onBytes = () => {}, choose = (_file, names) => names } = options;
  const [first, second] = await firstBytes(file, 2);
  if (first === 0x50 && second === 0x4b) yield* zipTexts(file, onBytes, choose);
  else if (first === 0x1f && second === 0x8b) yield { name: file, bytes: gunzipped(file, onBytes) };
  else yield { name: file, bytes: plain(file, onBytes) };
}

/** Reads up to `count` bytes from the beginning of a file; throws SpecError when it cannot be read. */
export async function firstBytes(file: string, count: number): Promise<Uint8Array> {
  try {
    await using handle = await open(file);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw specError(file, 'no_file', `cannot be read: ${messageOf(error)}`);
  }
}

async function* plain(file: string, onBytes: OnBytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* gunzipped(file: string, onBytes: OnBytes): AsyncGenerator<Uint8Array> {
  const source = createReadStream(file, { highWaterMark: CHUNK });
  let packed = 0;
  source.on('data', ({ length }) => {
    packed += length;
    onBytes(length);
  });
  const stream = source.pipe(createGunzip({ chunkSize: CHUNK }));
  source.on('error', (error) => stream.destroy(error));
  try {
    yield* bounded(file, stream, () => packed);
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw specError(file, 'bad_file', `is not sound gzip: ${error.message}`);
  } finally {
    source.destroy();
  }
}

async function* zipTexts(file: string, onBytes: OnBytes, choose: Choose): AsyncGenerator<TextFile> {
  const zip = await inArchive(file, () => openZip(file));
  try {
    const entries = await inArchive(file, () => textEntries(zip, file));
    const names = choose(
      file,
      entries.map(({ fileName }) => fileName),
    );
    const chosen = names.flatMap((name) => entries.filter(({ fileName }) => fileName === name));
    for (const entry of chosen)
      yield { name: nameOf(file, entry, entries), bytes: entryBytes(zip, entry, onBytes, file) };
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  const { default: yauzl } = await import('yauzl');
  return yauzl.openPromise(file, { autoClose: false });
}

/** Names an entry; the only one in an archive has the name of the archive. */
function nameOf(file: string, entry: Entry, entries: readonly Entry[]): string {
  return entries.length === 1 ? file : `${file} (${entry.fileName})`;
}

async function textEntries(zip: ZipFile, file: string): Promise<readonly Entry[]> {
  if (zip.entryCount > MOST_ENTRIES) throw specError(file, 'bad_file', `holds more than ${MOST_ENTRIES} files`);
  const entries: Entry[] = [];
  let workbook = false;
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    workbook ||= fileName === 'xl/workbook.xml';
    if (/\.(?:csv|txt|json)$/i.test(fileName) && !fileName.startsWith('__MACOSX/')) entries.push(entry);
  }
  if (entries.length === 0) {
    const what = workbook ? 'is an Excel file: save it as CSV' : 'is a zip archive without a .csv file in it';
    throw specError(file, 'bad_file', what);
  }
  const locked = entries.find((entry) => entry.isEncrypted());
  if (locked !== undefined) throw specError(file, 'bad_file', 'is encrypted: unpack it and import what is in it');
  return entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
}

/** Yields the bytes of an entry; throws when its size or its checksum is not the one that the archive states. */
async function* entryBytes(zip: ZipFile, entry: Entry, onBytes: OnBytes, file: string): AsyncGenerator<Uint8Array> {
  const stream = await inArchive(file, () => zip.openReadStreamPromise(entry));
  let checksum = 0;
  let told = 0;
  let unpacked = 0;
  try {
    for await (const chunk of bounded(file, stream, () => entry.compressedSize)) {
      checksum = crc32(chunk, checksum);
      unpacked += chunk.length;
      const read = Math.floor((unpacked / Math.max(1, entry.uncompressedSize)) * entry.compressedSize);
      onBytes(read - told);
      told = read;
      yield chunk;
    }
  } catch (error) {
    throw asBadArchive(file, error);
  } finally {
    stream.destroy();
  }
  if (checksum !== entry.crc32) throw specError(file, 'bad_file', 'is not a sound zip archive: wrong checksum');
}

/** Yields the chunks of a stream; throws when they are more than any text of candles of that packed size. */
async function* bounded(file: string, stream: Readable, packed: () => number): AsyncGenerator<Uint8Array> {
  let unpacked = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    unpacked += chunk.length;
    const suspicious = unpacked > HARMLESS_BYTES && unpacked > MOST_RATIO * packed();
    if (suspicious || unpacked > MOST_BYTES) {
      const size = `${Math.floor(unpacked / 2 ** 20)} MiB from ${packed().toLocaleString('en-US')} bytes`;
      throw specError(file, 'too_large', `unpacks to more than candles would (${size} so far): not read any further`);
    }
    yield chunk;
  }
}

async function inArchive<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asBadArchive(file, error);
  }
}

function asBadArchive(file: string, error: unknown): unknown {
  if (error instanceof Error && error.name === 'SpecError') return error;
  return specError(file, 'bad_file', `is not a sound zip archive: ${messageOf(error)}`);
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

const CHUNK = 1 << 18;

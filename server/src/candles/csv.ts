// Candles from a CSV file, plain or gzip, read as a stream by hand: a wrong row is told with its line and its words,
// which a ready-made reader would not do. A million rows take two to three seconds.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { COLUMNS, specError } from '@backtest-jobs/engine';
import { findColumns } from './columns.ts';
import { openRows, type CandleFile, type Rows } from './rows.ts';
import { parseTime } from './time.ts';

const LONGEST_LINE = 65_536;

/** Throws SpecError with the file and the line of whatever is wrong. Without `interval` it is deduced. */
export async function readCsv(file: string, interval?: string): Promise<CandleFile> {
  const rows = openRows(file);
  let take: ((line: string, number: number) => void) | null = null;
  let number = 0;
  for await (const lines of linesOf(file)) {
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      if (take === null) take = rowTaker(line, file, rows);
      else take(line, number);
    }
  }
  if (take === null) throw specError(file, 'no_candles', 'is empty');
  return rows.finish(interval);
}

/** What to do with every line after the header. */
function rowTaker(header: string, file: string, rows: Rows): (line: string, number: number) => void {
  const delimiter = delimiterOf(header);
  const names = fieldsOf(header, delimiter);
  const positions = findColumns(names, file);
  const row = new Float64Array(COLUMNS.length);
  return (line, number) => {
    const fields = fieldsOf(line, delimiter);
    if (fields.length !== names.length) {
      return rows.bad(number, `has ${fields.length} fields where the header has ${names.length}`);
    }
    for (const [c, position] of positions.entries()) {
      const text = (fields[position] ?? '').trim();
      const value = c === 0 ? parseTime(text) : parseNumber(text);
      if (Number.isNaN(value)) {
        const wanted = c === 0 ? 'a time: an epoch or ISO' : 'a number';
        return rows.bad(number, `${names[position]?.trim()} ${JSON.stringify(text.slice(0, 40))} is not ${wanted}`);
      }
      row[c] = value;
    }
    rows.add(number, row);
  };
}

/** Number() takes an empty text for 0. */
function parseNumber(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

function delimiterOf(header: string): string {
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, fields: fieldsOf(header, delimiter).length }));
  return counts.reduce((best, one) => (one.fields > best.fields ? one : best)).delimiter;
}

function fieldsOf(line: string, delimiter: string): string[] {
  return line.includes('"') ? quotedFields(line, delimiter) : line.split(delimiter);
}

/** Fields of which some are quoted; "" inside quotes is one quote. */
function quotedFields(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] ?? '';
    if (letter === '"' && quoted && line[i + 1] === '"') {
      field += line[++i];
    } else if (letter === '"') {
      quoted = !quoted;
    } else if (letter === delimiter && !quoted) {
      fields.push(field);
      field = '';
    } else {
      field += letter;
    }
  }
  return [...fields, field];
}

/** Batches of lines without their ends; gzip is known by its first bytes, a byte order mark is dropped. */
async function* linesOf(file: string): AsyncGenerator<readonly string[]> {
  const compressed = await isGzip(file);
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  const stream = compressed ? source.pipe(createGunzip()) : source;
  source.on('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const bytes of stream as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE)
        throw specError(file, 'bad_file', `has a line of more than ${LONGEST_LINE} letters: not a CSV file`);
      yield lines;
    }
  } catch (error) {
    throw compressed && isZlibError(error) ? specError(file, 'bad_file', `is not sound gzip: ${error.message}`) : error;
  } finally {
    source.destroy();
  }
  yield [rest];
}

async function isGzip(file: string): Promise<boolean> {
  const [first, second] = await firstBytes(file, 2);
  return first === 0x1f && second === 0x8b;
}

/** Up to `count` bytes from the beginning of a file; throws SpecError when it cannot be read. */
export async function firstBytes(file: string, count: number): Promise<Uint8Array> {
  try {
    await using handle = await open(file);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw specError(file, 'no_file', `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

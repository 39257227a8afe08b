// Candles as JSON lists of numbers, [[time, open, high, low, close, volume, ...], ...], as freqtrade keeps them and the APIs
// of exchanges give them. A row becomes a line of CSV as its bytes pass by, so that no file is too large.

import { specError } from '@backtest-jobs/engine/internal';
import type { TextFile } from './unpack.ts';

const [OPEN, CLOSE, COMMA, QUOTE] = [0x5b, 0x5d, 0x2c, 0x22] as const;
const NEWLINE = 0x0a;
const SPACE = /^[\s\uFEFF]*$/;
/** Letters of numbers, and of null for one that is missing. */
const NUMBER = new Set(Buffer.from('0123456789+-.eEnul'));
const WHITE = new Set(Buffer.from(' \t\r\n'));

/** Returns a list as lines of CSV, and any other text as it is; `json` says which of both it was. */
export async function jsonRows({
  name,
  bytes,
}: TextFile): Promise<{ readonly json: boolean; readonly text: TextFile }> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  const rest = joined(first, source);
  const begins = first.done === true ? '' : Buffer.from(first.value.subarray(0, 100)).toString('utf8');
  const [sign = ''] = /[[{]/.exec(begins) ?? [];
  const json = sign !== '' && SPACE.test(begins.slice(0, begins.indexOf(sign)));
  return { json, text: { name, bytes: json ? linesOf(name, rest) : rest } };
}

async function* joined(
  first: IteratorResult<Uint8Array>,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await source.next()) yield next.value;
  } finally {
    await source.return?.(); // who reads no further closes the file
  }
}

/** Yields a line for each inner list. */
async function* linesOf(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let depth = 0;
  let rows = 0;
  for await (const chunk of bytes) {
    const lines = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (byte === OPEN) depth += 1;
      else if (byte === CLOSE) depth -= 1;
      if (depth > 2 || depth < 0 || !isKnown(byte, depth, rows)) throw otherJson(name, rows);
      if (byte === CLOSE && depth === 1) {
        lines[length] = NEWLINE;
        length += 1;
        rows += 1;
      } else if (depth === 2 && (byte === COMMA || NUMBER.has(byte))) {
        lines[length] = byte;
        length += 1;
      }
    }
    yield lines.subarray(0, length);
  }
  if (depth !== 0) throw specError(name, 'bad_file', `is JSON that breaks off after ${rows} rows: get it again`);
}

/** A mark of the byte order may stand before the first list. */
function isKnown(byte: number, depth: number, rows: number): boolean {
  if (byte === OPEN || byte === CLOSE || byte === COMMA || WHITE.has(byte)) return true;
  if (depth === 2) return byte === QUOTE || NUMBER.has(byte);
  return depth === 0 && rows === 0 && byte > 127;
}

function otherJson(name: string, rows: number) {
  const message =
    `is JSON, and row ${rows + 1} is no list of numbers: only [[time, open, high, low, close, volume], ...] is read. ` +
    `Make CSV of it, like: python3 -c "import pandas; pandas.read_json('FILE').to_csv('FILE.csv', index=False)"`;
  return specError(name, 'bad_file', message);
}

// Candles from CSV texts, plain or packed, with a header or without, read as a stream by hand: a wrong row is reported
// with its line and its words, which a ready-made reader would not do. A million rows take half a second.

import { SpecError } from '@backtest-jobs/engine';
import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { INSTANT, kindOf } from '../files/epochs.ts';
import { GROUPS, type Groups } from '../files/groups.ts';
import { jsonRows } from '../files/json-rows.ts';
import { KIND, openRows, type CandleFile, type Row, type Rows } from '../files/rows.ts';
import { isEpoch, parseTime, rawEpoch, type TimeUnit } from '../files/time.ts';
import { textFiles, type Choose, type OnBytes, type TextFile } from '../files/unpack.ts';
import { adjustRow, noAdjusted } from './adjust.ts';
import {
  findColumns,
  groupsWithoutHeader,
  looksLikeHeader,
  namesColumns,
  placesWithoutHeader,
  type ColumnChoice,
} from './columns.ts';
import { plainRows, type Layout } from './csv-row.ts';
import { openOrder, type Order } from './order.ts';
import { hintFor, ordered, parseNumber, type DateOrder } from './values.ts';
import { isLocal, openZone } from './zone.ts';

export interface ReadOptions {
  /** Without it the one that the times of the bars show. */
  readonly interval?: string | undefined;
  readonly columns?: ColumnChoice;
  /** Unit of an epoch; without it all rows of the file decide. */
  readonly timeUnit?: TimeUnit | undefined;
  /** Lines above the header that are not read. */
  readonly skipLines?: number | undefined;
  /** Zone of the times that state none; without it they are UTC. */
  readonly timezone?: string | undefined;
  /** Which comes first in dates like 08/09/2017; without it they are no times. */
  readonly dateOrder?: DateOrder | undefined;
  /** True: 1.234,5 is a number. */
  readonly decimalComma?: boolean | undefined;
  /** True: prices are adjusted by the column of the adjusted close. */
  readonly adjust?: boolean | undefined;
  /** Takes the rows of one symbol and one interval, where columns name them; without it all are read. */
  readonly groups?: Groups | undefined;
  /** Called with the columns of a file that are not used. */
  readonly onUnused?: (columns: readonly string[]) => void;
  readonly onBytes?: OnBytes;
  /** Chooses among the texts of a zip archive; without it all are read. */
  readonly choose?: Choose;
}

const LONGEST_LINE = 65_536;

/** Reads one file; throws SpecError with the file and the line of whatever is wrong. */
export async function readCsv(file: string, options: ReadOptions = {}): Promise<CandleFile> {
  const rows = openRows(file);
  await addCsv(rows, file, options);
  return rows.finish({ interval: options.interval });
}

/** Adds every text in a file: one, or those of a zip archive. */
export async function addCsv(rows: Rows, file: string, options: ReadOptions): Promise<void> {
  for await (const text of textFiles(file, options)) {
    const found = await jsonRows(text);
    await addText(rows, found.text, found.json ? { ...options, ...JSON_ROWS } : options);
  }
}

/** A list in JSON has an order that is known, and no header. */
const JSON_ROWS = {
  columns: { time: '1', open: '2', high: '3', low: '4', close: '5', volume: '6' },
  skipLines: 0,
} as const;

async function addText(rows: Rows, { name, bytes }: TextFile, options: ReadOptions): Promise<void> {
  rows.enter(name, 'line');
  let number = 0;
  let taker: TakeLine | null = null;
  let order = null as Order | null;
  let unread = null as SpecError | null;
  const { skipLines = 0 } = options;
  const take = (block: Uint8Array, from: number, to: number): void => {
    number += 1;
    if (from === to) return;
    if (taker !== null) return taker(block, from, to, number);
    const first = decode(block, from, to);
    if (first.trim() === '' || number <= skipLines) return;
    const found = unread === null ? tryLayout(first, name, options) : requireNoHeader(first, number, { name, options });
    if (found instanceof SpecError) unread ??= found;
    if (found === null || found instanceof SpecError) return;
    const { layout, header, unused } = found;
    options.onUnused?.(unused);
    order = layout.guessed ? openOrder(name) : null;
    taker = lineTaker({ layout, header, order, rows, groups: options.groups });
    if (header === null) taker(block, from, to, number);
  };
  for await (const block of wholeLines(name, bytes)) {
    for (let from = 0; from < block.length;) {
      const end = block.indexOf(NEWLINE, from);
      const next = end < 0 ? block.length : end;
      take(block, from, block[next - 1] === RETURN && next > from ? next - 1 : next);
      from = next + 1;
    }
  }
  if (unread !== null) throw unread;
  if (taker === null) throw specError(name, 'no_candles', 'is empty');
  order?.finish();
}

/** Yields blocks that end where a line ends. */
async function* wholeLines(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)]);
    rest = end > 0 ? chunk.slice(end) : Buffer.concat([rest, chunk]);
    if (rest.length > LONGEST_LINE) {
      throw specError(name, 'bad_file', `has a line of more than ${LONGEST_LINE} letters: not a CSV file`);
    }
  }
  yield rest;
}

type TakeLine = (block: Uint8Array, from: number, to: number, number: number) => void;

interface Found {
  readonly layout: Layout;
  /** Null when the first line is a row already. */
  readonly header: readonly string[] | null;
  readonly unused: readonly string[];
}

/** Returns the error of a line that is neither header nor row: the header may follow. */
function tryLayout(first: string, file: string, options: ReadOptions): Found | SpecError {
  try {
    return layoutOf(first, file, options);
  } catch (error) {
    if (error instanceof SpecError && !looksLikeHeader(fieldsOf(first, delimiterOf(first)))) return error;
    throw error;
  }
}

/** Throws SpecError when a line below the first looks like the header, with all that is not clear about it. */
function requireNoHeader(
  line: string,
  number: number,
  { name, options }: { name: string; options: ReadOptions },
): null {
  const names = fieldsOf(line, delimiterOf(line));
  if (!looksLikeHeader(names)) return null;
  const above = `line ${number} looks like the header: skip the lines above it with --skip-lines ${number - 1}`;
  let unclear: readonly string[] = [];
  try {
    findColumns(names, name, options.columns);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    unclear = error.problems.map(({ message }) => message);
  }
  throw specError(name, 'missing_column', [above, ...unclear].join('; '));
}

interface Taker extends Pick<Found, 'layout' | 'header'> {
  readonly order: Order | null;
  readonly rows: Rows;
  readonly groups: Groups | undefined;
}

/** Makes what takes each line of candles. */
function lineTaker({ layout, header, order, rows, groups }: Taker): TakeLine {
  const row = new Float64Array(COLUMNS.length + 1);
  const plain = plainRows(layout);
  return (block, from, to, number) => {
    if (!plain(block, from, to, row)) {
      const line = decode(block, from, to);
      if (line.trim() === '') return;
      const fields = fieldsOf(line, layout.delimiter);
      if (groups !== undefined && !ofSeries(fields, layout, groups)) return;
      const fault = readFields(fields, layout, header, row);
      if (fault !== null) return rows.bad(number, fault);
    }
    order?.take(number, row);
    rows.add(number, row);
  };
}

/** Reports whether a row is of the series that is read. */
function ofSeries(fields: readonly string[], { groups: at }: Layout, groups: Groups): boolean {
  return GROUPS.every((group) => at[group] < 0 || groups.take(group, (fields[at[group]] ?? '').trim()));
}

/** Fills the row; returns what is wrong, or null. */
function readFields(
  fields: readonly string[],
  layout: Layout,
  header: readonly string[] | null,
  row: Row,
): string | null {
  if (fields.length !== layout.fields) {
    return `has ${fields.length} fields where the ${header === null ? 'first line' : 'header'} has ${layout.fields}`;
  }
  for (const [c, position] of layout.positions.entries()) {
    const text = position < 0 ? '0' : (fields[position] ?? '').trim();
    const time = layout.clock < 0 ? text : `${text} ${(fields[layout.clock] ?? '').trim()}`;
    const value = c === 0 ? readTime(time, layout, row) : parseNumber(text, layout.decimalComma);
    if (Number.isNaN(value)) {
      const name = header?.[position]?.trim() ?? COLUMNS[c];
      return `${name} ${JSON.stringify((c === 0 ? time : text).slice(0, 40))} is not ${c === 0 ? 'a time: an epoch or ISO' : 'a number'}${hintFor(c === 0 ? time : text, c === 0)}`;
    }
    row[c] = value;
  }
  return layout.adjusted < 0
    ? null
    : adjustRow(row, parseNumber((fields[layout.adjusted] ?? '').trim(), layout.decimalComma));
}

/** Reads a time, and sets its kind. */
function readTime(written: string, { timeUnit, toUtc, dateOrder }: Layout, row: Row): number {
  const text = ordered(written, dateOrder);
  const raw = timeUnit === undefined && isEpoch(text);
  row[KIND] = raw ? kindOf(text.length) : INSTANT;
  if (raw) return rawEpoch(text);
  const time = parseTime(text, timeUnit);
  return toUtc !== null && isLocal(text) ? toUtc(time) : time;
}

/** Decides how to read the lines. */
function layoutOf(
  first: string,
  file: string,
  { columns = {}, timeUnit, timezone, dateOrder, decimalComma = false, adjust = false }: ReadOptions,
): Found {
  const delimiter = delimiterOf(first);
  const names = fieldsOf(first, delimiter);
  const toUtc = timezone === undefined ? null : openZone(timezone);
  const guessed = COLUMNS.every((column) => columns[column] === undefined);
  const layout = {
    delimiter,
    fields: names.length,
    timeUnit,
    toUtc,
    clock: -1,
    dateOrder,
    decimalComma,
    guessed,
    groups: groupsWithoutHeader(columns),
    adjusted: -1,
  };
  if (!namesColumns(columns)) {
    const placed = { ...layout, ...placesWithoutHeader(columns, names) };
    const row = new Float64Array(COLUMNS.length + 1);
    const fits = placed.positions.every((position) => position < names.length);
    // A first row is not the one before the second, which is read again.
    if (fits && readFields(names, { ...placed, toUtc: null }, null, row) === null) {
      if (adjust) throw noAdjusted(file);
      return { layout: placed, header: null, unused: [] };
    }
  }
  const { unused, adjusted, ...found } = findColumns(names, file, columns);
  if (adjust && adjusted < 0) throw noAdjusted(file);
  const used = { ...layout, ...found, guessed: false, adjusted: adjust ? adjusted : -1 };
  return { layout: used, header: names, unused: unused.filter((name) => !adjust || name !== names[adjusted]?.trim()) };
}

function delimiterOf(header: string): string {
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, fields: fieldsOf(header, delimiter).length }));
  return counts.reduce((best, one) => (one.fields > best.fields ? one : best)).delimiter;
}

function fieldsOf(line: string, delimiter: string): string[] {
  return line.includes('"') ? quotedFields(line, delimiter) : line.split(delimiter);
}

/** Splits fields of which some are quoted; "" inside quotes is one quote. */
function quotedFields(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const letter = line[i] ?? '';
    if (letter === '"' && quoted && line[i + 1] === '"') {
      field += letter;
      i += 1;
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

const NEWLINE = 0x0a;
const RETURN = 0x0d;

const decoder = new TextDecoder(); // drops a byte order mark
const decode = (block: Uint8Array, from: number, to: number): string => decoder.decode(block.subarray(from, to));

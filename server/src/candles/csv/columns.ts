// The columns of a file, found by the names that files really use, or as the caller says, by name or by number.

import { COLUMNS, specError } from '@backtest-jobs/engine/internal';
import { GROUPS, type Group } from '../files/groups.ts';

export type ColumnName = (typeof COLUMNS)[number];

/** Columns as the caller names them: a name in the header or a number from 1; `none`: there is none, or it is not used. */
export type ColumnChoice = Readonly<Partial<Record<ColumnName | Group, string>>>;

/** Position of a volume that is not there: every bar has 0. */
const NO_COLUMN = -1;

const NAMES: Readonly<Record<ColumnName, readonly string[]>> = {
  time: ['time', 'ts', 'ts_open', 'timestamp', 'date', 'datetime', 'open_time', 'open time', 'gmt time', 'unix', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'volume_base', 'vol', 'vol.', 'v'],
};

const GROUP_NAMES: Readonly<Record<Group, readonly string[]>> = {
  symbol: ['symbol', 'ticker', 'tic', 'pair', 'instrument', 'sym', 'stock', 'asset', 'coin', 'name'],
  interval: ['interval', 'timeframe', 'tf', 'per', 'resolution', 'granularity'],
};
const OTHER_CLOSES = new Set(['close/last', 'last', 'price']);
const ADJUSTED = new Set([
  'adj close',
  'adj_close',
  'adjclose',
  'adjusted close',
  'adjusted_close',
  'adjustedclose',
  'close_adj',
]);

/** Tests whether a column is a close that was adjusted for splits and dividends. */
export function isAdjustedClose(name: string): boolean {
  return ADJUSTED.has(plainName(name));
}

/** Where the columns of a file are. */
export interface Positions {
  /** Field of each of COLUMNS; -1 where there is none. */
  readonly positions: readonly number[];
  /** Field of the time of day, where the day stands in one of its own; else -1. */
  readonly clock: number;
  /** Field that names the symbol, and the interval, of a row; -1 where there is none. */
  readonly groups: Readonly<Record<Group, number>>;
  /** Field of the close that was adjusted for splits and dividends; -1 where there is none. */
  readonly adjusted: number;
  /** Names of the columns that are not candles. */
  readonly unused: readonly string[];
}

/**
 * Finds the position of each of COLUMNS among the names in a file, whatever their case.
 * @throws {SpecError} with everything that is not clear
 */
export function findColumns(names: readonly string[], file: string, choice: ColumnChoice = {}): Positions {
  const lower = names.map(plainName);
  const problems: string[] = [];
  const missing: string[] = [];
  const clock = choice.time === undefined ? clockPosition(lower) : NO_COLUMN;
  const positions = COLUMNS.map((column) => {
    const chosen = choice[column];
    if (chosen !== undefined) return chosenPosition(column, chosen, lower, file);
    if (column === 'time' && clock >= 0) return lower.indexOf('date');
    const found = positionsOf(column, lower);
    if (found.length > 1) {
      const both = found.map((position) => names[position]?.trim()).join(' and ');
      problems.push(`${both} could both be the ${column}: say which with --${column}-column`);
    }
    if (found[0] === undefined) missing.push(NAMES[column].slice(0, 3).join(' or '));
    return found[0] ?? NO_COLUMN;
  });
  if (missing.length > 0) {
    const there = names.length === 0 ? 'nothing' : names.slice(0, 20).join(', ').slice(0, 200);
    problems.unshift(
      `the columns must be named, and there is no ${missing.join(', no ')} among: ${there}; say which is which with --time-column, --open-column, ...`,
    );
  }
  if (problems.length === 0) {
    const groups = { symbol: NO_COLUMN, interval: NO_COLUMN };
    for (const group of GROUPS) groups[group] = groupPosition(group, { choice, lower, positions, file });
    const used = new Set([...positions, clock, ...Object.values(groups)]);
    const unused = names.map((name) => name.trim()).filter((name, position) => name !== '' && !used.has(position));
    const adjusted = lower.findIndex((name, position) => ADJUSTED.has(name) && !used.has(position));
    return { positions, clock, groups, adjusted, unused };
  }
  throw specError(file, missing.length > 0 ? 'missing_column' : 'ambiguous_column', problems.join('; '));
}

interface Found {
  readonly choice: ColumnChoice;
  readonly lower: readonly string[];
  readonly positions: readonly number[];
  readonly file: string;
}

function groupPosition(group: Group, { choice, lower, positions, file }: Found): number {
  const chosen = choice[group];
  if (chosen === 'none') return NO_COLUMN;
  if (chosen !== undefined) return chosenPosition(group, chosen, lower, file);
  return lower.findIndex((name, position) => GROUP_NAMES[group].includes(name) && !positions.includes(position));
}

/** MetaTrader writes <DATE>. */
function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^<(.*)>$/, '$1');
}

/** Returns the column of the time of day, which follows that of the date. */
function clockPosition(lower: readonly string[]): number {
  const date = lower.indexOf('date');
  return date >= 0 && lower[date + 1] === 'time' ? date + 1 : NO_COLUMN;
}

function positionsOf(column: ColumnName, lower: readonly string[]): readonly number[] {
  const found = lower.flatMap((name, position) => (NAMES[column].includes(name) ? [position] : []));
  if (found.length > 0) return found;
  // An index that pandas wrote has no name; a volume may name what it counts.
  // yfinance writes Price above it, and the names of sellers follow where the usual one is missing.
  if (column === 'time') return lower[0] === '' || lower[0] === 'price' ? [0] : [];
  if (column === 'close') return lower.flatMap((name, position) => (OTHER_CLOSES.has(name) ? [position] : []));
  if (column !== 'volume') return [];
  return lower.flatMap((name, position) => (/^volume[ _(]/.test(name) ? [position] : []));
}

/** Reports whether a line could be a header: it names the prices. */
export function looksLikeHeader(names: readonly string[]): boolean {
  const lower = names.map(plainName);
  return (['open', 'high', 'low', 'close'] as const).every((column) => positionsOf(column, lower).length > 0);
}

/**
 * Returns the columns of a file without a header: as the archives of exchanges have them (open time, open, high, low,
 * close, volume, whatever follows), with a time of day behind the day as MetaTrader has it, or by the numbers that were given.
 */
export function placesWithoutHeader(
  choice: ColumnChoice,
  first: readonly string[],
): Pick<Positions, 'positions' | 'clock'> {
  const clock = choice.time === undefined && /^\d{1,2}:\d{2}(?::\d{2})?$/.test(first[1]?.trim() ?? '') ? 1 : NO_COLUMN;
  const positions = COLUMNS.map((column, c) => {
    const chosen = choice[column];
    if (chosen === undefined) return c > 0 && clock > 0 ? c + 1 : c;
    return column === 'volume' && chosen === 'none' ? NO_COLUMN : numbered(chosen);
  });
  return { positions, clock };
}

/** Reports whether a column is named: then there must be a header. */
export function namesColumns(choice: ColumnChoice): boolean {
  return Object.entries(choice).some(([column, chosen]) => {
    return Number.isNaN(numbered(chosen)) && !(mayBeNone(column) && chosen === 'none');
  });
}

function mayBeNone(column: string): boolean {
  return column === 'volume' || GROUPS.some((group) => group === column);
}

/** Returns the columns of a file without a header that name symbol and interval, where their numbers were given. */
export function groupsWithoutHeader(choice: ColumnChoice): Positions['groups'] {
  const position = (group: Group): number => {
    const at = numbered(choice[group] ?? 'none');
    return Number.isNaN(at) ? NO_COLUMN : at;
  };
  return { symbol: position('symbol'), interval: position('interval') };
}

function chosenPosition(column: ColumnName | Group, chosen: string, lower: readonly string[], file: string): number {
  const named = lower.indexOf(chosen.trim().toLowerCase());
  if (named >= 0) return named;
  if (column === 'volume' && chosen === 'none') return NO_COLUMN;
  const position = numbered(chosen);
  if (position < lower.length) return position;
  const message = `has no column ${JSON.stringify(chosen.slice(0, 40))} for the ${column} among: ${lower.slice(0, 20).join(', ').slice(0, 200)}`;
  throw specError(file, 'missing_column', message);
}

/** Reads a number from 1, as people count; NaN for anything else. */
function numbered(chosen: string): number {
  return /^[1-9]\d{0,3}$/.test(chosen) ? Number(chosen) - 1 : Number.NaN;
}

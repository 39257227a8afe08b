// The questions to ClickHouse as SQL that servers from 18.16 on understand: old ones know no bound parameters, so names
// are validated, strings are escaped and times are whole numbers.

import { requireMarket, requireSymbol, type Instrument, type Range } from '../source.ts';

const TABLE = 'canonical_candles_1m';

/** Type in which the table keeps times; it decides how they are asked for. */
export type TimeType = 'DateTime' | 'DateTime64';

/** Names the table; throws where the name of the database is not safe to write into a query. */
export function tableOf(database: string): string {
  if (!/^[A-Za-z_]\w{0,127}$/.test(database)) throw new Error(`${JSON.stringify(database)} is no name of a database`);
  return `${database}.${TABLE}`;
}

/** Asks for name and type of every column, as tab-separated lines. */
export function columnsQuery(database: string): string {
  tableOf(database);
  const where = `database = '${database}' and table = '${TABLE}'`;
  return `select name, type from system.columns where ${where} order by name format TabSeparated`;
}

/** Asks for market, symbol, first and last open and rows of every series, or of one instrument; reads three columns. */
export function coverageQuery(table: string, type: TimeType, instrument?: Instrument): string {
  const where = instrument === undefined ? '' : `where ${ofInstrument(instrument)} `;
  const select = `market_id, symbol, ${openOf(type, 'min(ts_open)')}, ${openOf(type, 'max(ts_open)')}, count()`;
  return `select ${select} from ${table} ${where}group by market_id, symbol order by market_id, symbol format JSONCompact`;
}

/** Asks how many different opens there are in the range, and which is the last: a whole answer must amount to that. */
export function extentQuery(table: string, type: TimeType, instrument: Instrument, range: Range): string {
  const where = `${ofInstrument(instrument)} and ${inRange(type, range)}`;
  return `select uniqExact(ts_open), ${openOf(type, 'max(ts_open)')} from ${table} where ${where} format JSONCompact`;
}

/**
 * Asks for rows of float64, time first: of each open the row that was ingested last, and among those the one that sorts
 * last by its numbers, so that the answer does not depend on how parts were merged.
 */
export function candlesQuery(table: string, type: TimeType, instrument: Instrument, range: Range): string {
  const values = VALUES.map((name) => `toFloat64(ifNull(${name}, nan))`).join(', ');
  const order = `ts_open, ingested_at desc, ${VALUES.map((name) => `${name} desc`).join(', ')}`;
  const where = `${ofInstrument(instrument)} and ${inRange(type, range)}`;
  return `select ${openOf(type, 'ts_open')}, ${values} from ${table} where ${where} order by ${order} limit 1 by ts_open format RowBinary`;
}

/** Asks for rows of one float64, the opens: no other column is read. */
export function timesQuery(table: string, type: TimeType, instrument: Instrument, range: Range): string {
  const where = `${ofInstrument(instrument)} and ${inRange(type, range)}`;
  return `select distinct ${openOf(type, 'ts_open')} from ${table} where ${where} order by ts_open format RowBinary`;
}

const VALUES = ['open', 'high', 'low', 'close', 'volume_base'] as const;
export const NEEDED = ['market_id', 'symbol', 'ts_open', ...VALUES, 'ingested_at'] as const;

/** Selects an instrument. Its symbol is a value in quotes, with \ and ' escaped, exactly as the table has it. */
function ofInstrument({ market_id, symbol }: Instrument): string {
  requireMarket(market_id);
  requireSymbol(symbol);
  return `market_id = ${market_id} and symbol = '${symbol.replace(/[\\']/g, '\\$&')}'`;
}

/** Turns an instant into epoch milliseconds as float64. */
function openOf(type: TimeType, expression: string): string {
  if (type === 'DateTime64') return `toFloat64(toUnixTimestamp64Milli(toDateTime64(${expression}, 3, 'UTC')))`;
  return `toFloat64(toUnixTimestamp(${expression})) * 1000`;
}

// The latest that both types can hold; the clamp keeps a warm-up before 1970 from wrapping around.
export const LATEST_SECOND = 4_294_967_295;

function inRange(type: TimeType, { start, end }: Range): string {
  return `ts_open >= ${instant(type, start)} and ts_open < ${instant(type, end)}`;
}

function instant(type: TimeType, ms: number): string {
  if (type === 'DateTime') return `toDateTime(${clamp(ms / 1000, LATEST_SECOND)})`;
  return `fromUnixTimestamp64Milli(toInt64(${clamp(ms, LATEST_SECOND * 1000)}), 'UTC')`;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(Math.ceil(value), 0), most);
}

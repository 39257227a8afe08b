// A ClickHouse table of minutes as a candle source, as a production team keeps it: many versions of a bar may stand
// beside each other, the one ingested last counts. Columns come as rows of float64 and go straight into shared memory.

import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS, MINUTE_MS } from '@backtest-jobs/engine/internal';
import type { ClickHouseSettings } from '../../config/clickhouse.ts';
import { at } from '../at.ts';
import {
  bySeries,
  lowerBound,
  servingSeries,
  sharedCandles,
  type CandleSource,
  type Coverage,
  type Instrument,
  type Range,
} from '../source.ts';
import { EndedEarly, IncompleteAnswer, openAsker, type Patience, type Questions, type Take } from './client.ts';
import { endingLimits, limitsQuery, limitsText, reachedLimits, type Limit } from './limits.ts';
import { monthsOf } from './months.ts';
import {
  candlesQuery,
  columnsQuery,
  coverageQuery,
  extentQuery,
  NEEDED,
  tableOf,
  timesQuery,
  type TimeType,
} from './query.ts';

/**
 * Age up to which the list of everything is given again: it reads every row, and a screen asks with each letter typed.
 */
const LIST_MS = 10_000;

type Kind = 'bars' | 'times';

/** Makes a source that asks nothing before its first read. */
export function clickHouseSource(settings: ClickHouseSettings, patience?: Patience): CandleSource {
  const asker = openAsker(settings, patience);
  const table = tableOf(settings.database);
  let known: TimeType | null = null;
  let list: { readonly askedAt: number; readonly series: readonly Coverage[] } | null = null;
  const typeOf = async (questions: Questions): Promise<TimeType> =>
    (known ??= timeType(table, await questions.text(columnsQuery(settings.database))));
  const coverage = (instrument?: Instrument, signal?: AbortSignal): Promise<readonly Coverage[]> =>
    asker.retrying(signal, async (questions) => {
      const type = await typeOf(questions);
      const limits = endingLimits(await questions.text(limitsQuery()));
      const rows = await wholeRows(questions, coverageQuery(table, type, instrument), limits);
      return rows.map(coverageOf).sort(bySeries);
    });
  const columnsOf = (kind: Kind, instrument: Instrument, range: Range, signal?: AbortSignal): Promise<Candles> =>
    asker.retrying(signal, async (questions) => {
      const type = await typeOf(questions);
      const limits = endingLimits(await questions.text(limitsQuery()));
      const extent = (part: Range) => extentOf(questions, extentQuery(table, type, instrument, part), limits);
      const whole = await extent(range);
      const read = sharedCandles(whole.rows);
      const columns = (kind === 'times' ? [COLUMNS[0]] : COLUMNS).map((name) => read[name]);
      const query = kind === 'times' ? timesQuery : candlesQuery;
      try {
        await stream(questions, query(table, type, instrument, range), columns, whole);
        await requireParts(read.time, range, extent);
      } catch (error) {
        if (!(error instanceof IncompleteAnswer) || limits.length === 0) throw error;
        throw new IncompleteAnswer(`${error.message}; ${limitsText(limits)}`, true);
      }
      return read;
    });
  const bars = (instrument: Instrument, range: Range, signal?: AbortSignal): Promise<Candles> =>
    columnsOf('bars', instrument, range, signal);
  return {
    bars,
    async read(instrument, wanted, signal) {
      servingSeries(await coverage(instrument, signal), instrument, wanted);
      return { candles: await bars(instrument, wanted, signal), baseMs: MINUTE_MS };
    },
    async coverage(instrument) {
      if (instrument !== undefined) return coverage(instrument);
      if (list !== null && performance.now() - list.askedAt < LIST_MS) return list.series;
      const askedAt = performance.now();
      const series = await coverage();
      list = { askedAt, series };
      return series;
    },
    async times({ market_id, symbol, start, end }, signal) {
      const range: Range = { start: Date.parse(start), end: Date.parse(end) };
      return (await columnsOf('times', { market_id, symbol }, range, signal)).time;
    },
    [Symbol.asyncDispose]: () => asker[Symbol.asyncDispose](),
  };
}

/** Reads the type of ts_open; throws when the table is not there or not the one of our DDL. */
function timeType(table: string, answer: string): TimeType {
  const types = new Map(
    answer
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t') as [string, string]),
  );
  if (types.size === 0) throw new Error(`there is no table ${table}, or this user may not see it`);
  const missing = NEEDED.filter((name) => !types.has(name));
  if (missing.length > 0) throw new Error(`the table ${table} has no column ${missing.join(', ')}`);
  const type = types.get('ts_open') ?? '';
  if (type.startsWith('DateTime64')) return 'DateTime64';
  if (type.startsWith('DateTime')) return 'DateTime';
  throw new Error(`ts_open of ${table} must be a DateTime64 or DateTime, not ${type}`);
}

interface Extent {
  readonly rows: number;
  /** Open of the last bar. */
  readonly last: number;
}

async function extentOf(questions: Questions, sql: string, limits: readonly Limit[]): Promise<Extent> {
  const [[rows, last] = []] = await wholeRows(questions, sql, limits);
  return { rows: Number(rows), last: Number(last) };
}

/**
 * Counts the candles of each month again, by itself, as the table is partitioned: where somebody ends long answers early, a
 * short question gets a whole answer. A range of many years is counted by years.
 */
async function requireParts(times: Float64Array, range: Range, extent: (part: Range) => Promise<Extent>) {
  for (const part of monthsOf(range)) {
    const came = lowerBound(times, part.end) - lowerBound(times, part.start);
    const { rows } = await extent(part);
    if (rows === came) continue;
    const days = `from ${new Date(part.start).toISOString()} to ${new Date(part.end).toISOString()}`;
    throw new IncompleteAnswer(
      `${came} candles ${days} came in an answer, and a question about these days counts ${rows}`,
    );
  }
}

/**
 * Streams an answer into columns. Old servers break off without an error: only the end shows that an answer is whole.
 */
async function stream(
  questions: Questions,
  sql: string,
  columns: readonly Float64Array[],
  { rows, last }: Extent,
): Promise<void> {
  if (rows === 0) return;
  const filler = fillColumns(columns);
  await questions.ask(sql, filler.take);
  const { filled, odd } = filler.state();
  const [times] = columns;
  if (odd || filled !== rows || times?.[rows - 1] !== last) {
    throw new IncompleteAnswer(
      `${filled} candles came where ${rows} were counted, up to ${new Date(last).toISOString()}`,
    );
  }
}

const BLOCK_ROWS = 4096;

/** Fills columns from little-endian float64, row after row, in chunks that end anywhere. */
function fillColumns(columns: readonly Float64Array[]): {
  readonly take: Take;
  readonly state: () => { readonly filled: number; readonly odd: boolean };
} {
  const width = columns.length;
  const length = columns[0]?.length ?? 0;
  const cells = new Float64Array(BLOCK_ROWS * width);
  const bytes = new Uint8Array(cells.buffer);
  let held = 0;
  let filled = 0;
  const flush = (): void => {
    const rows = Math.floor(held / (8 * width));
    const fitting = Math.min(rows, length - filled);
    for (const [c, column] of columns.entries()) {
      for (let row = 0; row < fitting; row += 1) column[filled + row] = at(cells, row * width + c);
    }
    filled += rows;
    bytes.copyWithin(0, rows * 8 * width, held);
    held -= rows * 8 * width;
    if (filled > length) throw new IncompleteAnswer(`more candles came than the ${length} that were counted`);
  };
  return {
    take(chunk) {
      for (let from = 0; from < chunk.length;) {
        const part = chunk.subarray(from, from + bytes.length - held);
        bytes.set(part, held);
        held += part.length;
        from += part.length;
        if (held === bytes.length) flush();
      }
    },
    state() {
      flush();
      return { filled, odd: held > 0 };
    },
  };
}

interface JsonAnswer {
  readonly data: readonly (readonly unknown[])[];
  readonly rows: number;
  readonly statistics?: { readonly elapsed: number; readonly rows_read: number; readonly bytes_read: number };
}

/** Returns the rows of an answer; throws when a limit of the server may have ended it. */
async function wholeRows(questions: Questions, sql: string, limits: readonly Limit[]): Promise<JsonAnswer['data']> {
  const answer = JSON.parse(await questions.text(sql)) as JsonAnswer;
  const reached = reachedLimits(answer, limits);
  if (reached.length > 0) throw new EndedEarly(limitsText(reached));
  return answer.data;
}

function coverageOf([market_id, symbol, first, last, rows]: readonly unknown[]): Coverage {
  return {
    market_id: Number(market_id),
    symbol: String(symbol),
    interval: '1m',
    start: new Date(Number(first)).toISOString(),
    end: new Date(Number(last) + MINUTE_MS).toISOString(),
    rows: Number(rows),
  };
}

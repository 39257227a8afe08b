// What is exported of a job, as sheets: best variants, trades, all scores, the equity of a variant. Rows come as the API read
// them from the database: JSON lines, or the bytes of scores.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { buildGrid, METRICS, type Spec } from '@backtest-jobs/engine';
import { digitsAt, drawAll, type TradeRow } from '@backtest-jobs/engine/internal';
import { parameterColumns } from './parameters.ts';
import {
  SHEET_ROWS,
  inBatches,
  type Cell,
  type SheetColumn,
  type ColumnType,
  type SheetRow,
  type Sheet,
} from './sheet.ts';

/** A line of the best variants: a row as `top` has it, and what was held out. */
export interface VariantRecord {
  readonly rank: number;
  readonly variant_index: number;
  readonly variant_key: string;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly out_of_sample: { readonly metrics: Readonly<Record<string, unknown>> } | null;
}

/** A line of trades: some of a row, in time order. */
export interface TradesRecord {
  readonly rank: number;
  readonly variant_index: number;
  readonly trades: readonly Readonly<Record<string, unknown>>[];
}

const number = (name: string): SheetColumn => ({ name, type: 'number' });
const whole = (name: string): SheetColumn => ({ name, type: 'whole' });

/** Metrics that nobody ranks by, of rows of any version. */
const MORE_METRICS = [
  'num_trades',
  'bust',
  'written_off',
  'avg_drawdown_episode',
  'ambiguous_bars',
  'total_return_pct_tp_first',
  'possible_trails',
  'total_return_pct_trail_hit',
  'waited_fills',
  'carried_close',
] as const;

export function topSheet(spec: Spec, input: Readable): Sheet {
  const plateau = spec.ranking.plateau === undefined ? [] : ['plateau_score'];
  const metrics = [...METRICS.map(({ name }) => name), ...plateau, ...MORE_METRICS];
  const unseen = spec.validation === null ? [] : METRICS.map(({ name }) => name);
  const fixed = ['rank', 'variant_index', 'variant_key', ...metrics, ...unseen.map((name) => `unseen_${name}`)];
  const parameters = parameterColumns(spec, fixed);
  const { riskTotal } = parameters.layout;
  const rowOf = ({ rank, variant_index: index, variant_key, ...line }: VariantRecord): SheetRow => [
    rank,
    index,
    variant_key,
    ...parameters.ofBase(Math.floor(index / riskTotal)),
    ...parameters.ofRisk(index),
    ...metrics.map((name) => cellOf(line.metrics[name])),
    ...unseen.map((name) => cellOf(line.out_of_sample?.metrics[name])),
  ];
  return {
    columns: [
      whole('rank'),
      whole('variant_index'),
      { name: 'variant_key', type: 'text' },
      ...parameters.columns,
      ...parameters.riskColumns,
      ...metrics.map(number),
      ...unseen.map((name) => number(`unseen_${name}`)),
    ],
    batches: inBatches(mapped(linesOf<VariantRecord>(input), (line) => [rowOf(line)])),
  };
}

const TRADE_COLUMNS: Readonly<Record<keyof TradeRow, ColumnType>> = {
  trade_id: 'whole',
  direction: 'text',
  signal_time: 'instant',
  entry_time: 'instant',
  entry_bar: 'whole',
  entry_fill: 'number',
  exit_time: 'instant',
  exit_bar: 'whole',
  exit_fill: 'number',
  qty: 'number',
  entry_amount: 'number',
  exit_amount: 'number',
  entry_fee: 'number',
  exit_fee: 'number',
  gross: 'number',
  net: 'number',
  locked: 'number',
  return_pct: 'number',
  mae_pct: 'number',
  mfe_pct: 'number',
  exit_reason: 'text',
};

export function tradesSheet(input: Readable): Sheet {
  const fields = Object.entries(TRADE_COLUMNS).map(([name, type]): SheetColumn => ({ name, type }));
  const rowsOf = ({ rank, variant_index, trades }: TradesRecord): SheetRow[] =>
    trades.map((trade) => [
      rank,
      variant_index,
      ...fields.map(({ name, type }) => {
        const value = trade[name];
        return type === 'instant' && typeof value === 'string' ? Date.parse(value) : cellOf(value);
      }),
    ]);
  return {
    columns: [whole('rank'), whole('variant_index'), ...fields],
    batches: inBatches(mapped(linesOf<TradesRecord>(input), rowsOf)),
  };
}

/** A row for each base variant that is scored; without a score where it is not ranked. */
export function surfaceSheet(spec: Spec, input: Readable): Sheet {
  const metric = spec.ranking.primary_metric;
  const parameters = parameterColumns(spec, ['base_index', metric]);
  return {
    columns: [whole('base_index'), ...parameters.columns, number(metric)],
    batches: surfaceBatches(spec, parameters.ofBase, input),
  };
}

async function* surfaceBatches(
  spec: Spec,
  ofBase: (base: number) => readonly Cell[],
  input: Readable,
): AsyncGenerator<readonly SheetRow[], void> {
  const grid = buildGrid(spec);
  const bases = spec.sample === null ? null : drawAll(grid, spec.sample);
  const digits = new Int32Array(grid.axes.length);
  let unit = 0;
  for await (const scores of scoresOf(input)) {
    const rows: SheetRow[] = [];
    for (const score of scores) {
      const base = bases === null ? unit : (bases[unit] ?? 0);
      unit += 1;
      if (digitsAt(grid, base, digits)) rows.push([base, ...ofBase(base), Number.isNaN(score) ? null : score]);
    }
    if (rows.length > 0) yield rows;
  }
}

/** Reads little-endian float32, wherever the stream cuts them, as many at once as make a batch of rows. */
async function* scoresOf(input: Readable): AsyncGenerator<readonly number[], void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of input) {
    const bytes = rest.length === 0 ? (piece as Buffer) : Buffer.concat([rest, piece as Buffer]);
    const end = bytes.length - (bytes.length % 4);
    for (let from = 0; from < end; from += 4 * SHEET_ROWS) {
      const length = Math.min(SHEET_ROWS, (end - from) / 4);
      yield Array.from({ length }, (_, at) => bytes.readFloatLE(from + 4 * at));
    }
    rest = bytes.subarray(end);
  }
}

/** Columns of a report, of equal length. */
type Plots = Readonly<Record<'time' | 'equity' | 'drawdown' | 'benchmark' | 'position', Float64Array>>;

export function equitySheet({ time, equity, drawdown, benchmark, position }: Plots): Sheet {
  const rows = function* (): Generator<SheetRow, void> {
    for (let bar = 0; bar < time.length; bar += 1) {
      yield [time, equity, drawdown, benchmark, position].map((column) => column[bar] ?? null);
    }
  };
  return {
    columns: [
      { name: 'time', type: 'instant' },
      number('equity'),
      number('drawdown'),
      number('benchmark'),
      whole('position'),
    ],
    batches: inBatches(rows()),
  };
}

async function* linesOf<T>(input: Readable): AsyncGenerator<T, void> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) yield JSON.parse(line) as T;
}

async function* mapped<T>(
  items: AsyncIterable<T>,
  rowsOf: (item: T) => readonly SheetRow[],
): AsyncGenerator<SheetRow, void> {
  for await (const item of items) yield* rowsOf(item);
}

/** Reads a metric or a field of a trade as JSON has it. */
function cellOf(value: unknown): Cell {
  if (value === 'inf') return Infinity;
  if (value === '-inf') return -Infinity;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

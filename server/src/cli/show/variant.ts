// One variant on the command line: which one is meant, and its report, its trades and what the numbers come from.

import { readFile } from 'node:fs/promises';
import { ENGINE_VERSION, type Spec, type VariantReport, type Which } from '@backtest-jobs/engine';
import type { TradeRow } from '@backtest-jobs/engine/internal';
import { fromCaller } from '../../config/paths.ts';
import { messageOf } from '../../message.ts';
import { UsageError, wholeNumber } from '../command.ts';
import { ledgerText } from './ledger.ts';
import { monteCarloLines } from './monte-carlo.ts';
import { count, print, printTable, type Column } from './table.ts';
import { parametersOf, reportLines } from './variants.ts';

const TRADES_SHOWN = 20;

const TRADE_COLUMNS: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'side' },
  { title: 'entry' },
  { title: 'exit' },
  { title: 'net', align: 'right' },
  { title: 'return', align: 'right' },
  { title: 'mae', align: 'right' },
  { title: 'mfe', align: 'right' },
  { title: 'exit by' },
];

/** Null: none in particular, a search is asked for. */
export async function readWhich(values: {
  readonly variant: string | undefined;
  readonly payload: string | undefined;
}): Promise<Which | null> {
  if (values.variant !== undefined && values.payload !== undefined)
    throw new UsageError('--variant and --payload both say which variant: give one');
  const variant_index = wholeNumber('--variant', values.variant, 0);
  if (variant_index !== undefined) return { variant_index };
  return values.payload === undefined ? null : { payload: await readPayloadFile(values.payload) };
}

async function readPayloadFile(path: string): Promise<unknown> {
  try {
    const value: unknown = JSON.parse(await readFile(fromCaller(path), 'utf8'));
    return typeof value === 'object' && value !== null && 'payload' in value ? value.payload : value;
  } catch (error) {
    throw new UsageError(`cannot read the payload ${path}: ${messageOf(error)}`);
  }
}

export function printVariant(report: VariantReport, { template, time_range }: Spec, trades = TRADES_SHOWN): void {
  const { variant_index, payload, metrics, table_md, out_of_sample: held } = report;
  print(`${variant_index === null ? 'Variant' : `Variant ${variant_index}`}: ${parametersOf(payload)}\n`);
  for (const line of reportLines(table_md, metrics, held && { ...held, report_table_md: held.table_md })) print(line);
  for (const line of monteCarloLines(report.monte_carlo)) print(line);
  print();
  if (report.trades.length === 0) print('No trades.');
  else printTable(TRADE_COLUMNS, report.trades.slice(0, trades).map(cellsOf));
  const more = report.trades.length - trades;
  if (more > 0) print(`and ${count(more)} more: --top ${report.trades.length} or --json has them all`);
  const { market_id, symbol } = template.instrument_id;
  print();
  print(ledgerText(report.ledger));
  print(
    `${market_id}:${symbol} by ${template.timeframe} from ${time_range.start} to ${time_range.end}, engine ${ENGINE_VERSION}`,
  );
  print(`variant ${report.variant_key}`);
}

function cellsOf(trade: TradeRow): string[] {
  const { trade_id, direction, entry_time, exit_time, net, return_pct, mae_pct, mfe_pct, exit_reason } = trade;
  return [
    String(trade_id),
    direction,
    minutes(entry_time),
    minutes(exit_time),
    net.toFixed(2),
    ...[return_pct, mae_pct, mfe_pct].map((percent) => `${percent.toFixed(2)}%`),
    exit_reason,
  ];
}

function minutes(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

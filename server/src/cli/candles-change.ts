// backtest candles export|delete|rename: what is done to candles that there are. What loses something wants --yes.

import { exportCandles } from '../candles/export.ts';
import { openSource } from '../candles/open.ts';
import { removeCandles } from '../candles/remove-candles.ts';
import { renameSeries } from '../candles/rename-series.ts';
import { requireSymbol, type Coverage, type Range } from '../candles/source.ts';
import { listSeries } from '../candles/store.ts';
import { fromCaller } from '../config/paths.ts';
import { INTERRUPTED, listenForStop } from '../stop.ts';
import { command, instant, UsageError, wholeNumber } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { count, print } from './show/table.ts';

const WHICH = {
  market: { value: 'ID', about: 'market id of the candles' },
  symbol: { value: 'SYMBOL', about: 'their symbol' },
  interval: { value: 'I', about: 'their interval (where there is more than one it must be given)' },
} as const;

const RANGE = {
  from: { value: 'TIME', about: 'candles that open then or later (else from the first)' },
  to: { value: 'TIME', about: 'candles that open before it (else to the last)' },
} as const;

const YES = { yes: { about: 'do it; without it the command only says what it would do' } } as const;

export const candlesExport = command({
  name: 'candles export',
  about:
    'Writes candles to a new file: CSV, plain or gzip, or Parquet. Importing it gives the same numbers, bit for bit.',
  takes: ['FILE'],
  options: { ...WHICH, ...RANGE, ...CONFIG_OPTION, json: { about: 'print what was written as JSON' } },
  notes: [
    'FILE must end with .csv, .csv.gz or .parquet, and must not be there yet. The candles are those where CANDLE_SOURCE says.',
  ],
  examples: [
    'candles export btc.parquet --market 1 --symbol BTCUSDT --interval 1m',
    'candles export btc-2024.csv.gz --market 1 --symbol BTCUSDT --from 2024-01-01 --to 2025-01-01',
  ],
  run: async (values, [path]) => {
    const range = rangeOf(values);
    const instrument = instrumentOf('candles export', values);
    const { settings } = await readConfiguration('local', values.config);
    await using source = await openSource(settings.candles);
    const series = chosen(await source.coverage(instrument), values);
    using stop = listenForStop();
    const file = fromCaller(path);
    try {
      const candles = await exportCandles({ source, series, range, file, signal: stop.signal });
      const { market_id, symbol, interval } = series;
      if (values.json) print(JSON.stringify({ market_id, symbol, interval, file, candles }));
      else print(`${nameOf(series)}: ${count(candles)} candles written to ${file}`);
      return 0;
    } catch (error) {
      if (stop.signal.aborted) return INTERRUPTED;
      throw error;
    }
  },
});

export const candlesDelete = command({
  name: 'candles delete',
  about: 'Deletes candles from the store of this machine: a series, or those of a range. With --yes only.',
  takes: [],
  options: { ...WHICH, ...RANGE, ...YES, ...CONFIG_OPTION, json: { about: 'print the counts as JSON' } },
  notes: ['Jobs that have ended keep their results; one that runs may find the candles gone and fail.'],
  examples: [
    'candles delete --market 1 --symbol BTCUSD --interval 1m --yes',
    'candles delete --market 5 --symbol SPY --interval 1d --from 2024-01-01 --to 2024-02-01 --yes',
  ],
  run: async (values) => {
    const range = rangeOf(values);
    const instrument = instrumentOf('candles delete', values);
    const { settings } = await readConfiguration('local', values.config);
    const folder = settings.store;
    const series = chosen(await listSeries(folder, instrument), values);
    const { market_id, symbol, interval } = series;
    const dryRun = !values.yes;
    const removed = await removeCandles({ folder, market_id, symbol, interval, range, dryRun });
    const done = dryRun ? 'would be deleted' : 'deleted';
    const text = `${nameOf(series)}: ${count(removed.removed)} candles ${done}, ${count(removed.left)} left`;
    if (dryRun) throw new UsageError(`${text}; nothing was done: say --yes to delete them`);
    print(values.json ? JSON.stringify({ market_id, symbol, interval, ...removed }) : text);
    return 0;
  },
});

export const candlesRename = command({
  name: 'candles rename',
  about:
    'Gives candles of this machine another symbol or market, where they were imported under a wrong one. With --yes only.',
  takes: [],
  options: {
    ...WHICH,
    interval: { value: 'I', about: 'only those of this interval (else all series of the symbol)' },
    as: { value: 'SYMBOL', about: 'the symbol that they get' },
    'as-market': { value: 'ID', about: 'the market that they get' },
    ...YES,
    ...CONFIG_OPTION,
    json: { about: 'print what was renamed as JSON' },
  },
  notes: ['It never overwrites: a name that has candles of the interval is refused.'],
  examples: [
    'candles rename --market 1 --symbol BTCUSD --as BTCUSDT --yes',
    'candles rename --market 1 --symbol SPY --as-market 5 --yes',
  ],
  run: async (values) => {
    const from = instrumentOf('candles rename', values);
    const market_id = wholeNumber('--as-market', values['as-market'], 1, 65_535) ?? from.market_id;
    const symbol = values.as === undefined ? from.symbol : requireSymbol(values.as);
    if (values.as === undefined && values['as-market'] === undefined)
      throw new UsageError('candles rename needs --as SYMBOL, --as-market ID, or both');
    const { settings, config } = await readConfiguration('local', values.config);
    if (config.backtest.markets[market_id] === undefined)
      throw new UsageError(`--as-market ${market_id} is not in the configuration`);
    const folder = settings.store;
    const series = ofInterval(await listSeries(folder, from), values);
    const to = { market_id, symbol };
    // All are judged before the first is renamed.
    for (const { interval } of series) await renameSeries({ folder, interval, from, to, dryRun: true });
    const intervals = series.map(({ interval }) => interval);
    const what = `${from.market_id}:${from.symbol} ${intervals.join(', ')}`;
    if (!values.yes)
      throw new UsageError(`${what} would become ${market_id}:${symbol}; nothing was done: say --yes to rename`);
    for (const { interval } of series) await renameSeries({ folder, interval, from, to, dryRun: false });
    print(values.json ? JSON.stringify({ from, to, intervals }) : `${what} is ${market_id}:${symbol} now`);
    return 0;
  },
});

interface Which {
  readonly market: string | undefined;
  readonly symbol: string | undefined;
  readonly interval: string | undefined;
}

function instrumentOf(name: string, { market, symbol }: Which) {
  const market_id = wholeNumber('--market', market, 1, 65_535);
  if (market_id === undefined || symbol === undefined)
    throw new UsageError(`${name} needs --market ID and --symbol SYMBOL`);
  return { market_id, symbol: requireSymbol(symbol) };
}

function rangeOf({ from, to }: { readonly from: string | undefined; readonly to: string | undefined }): Range {
  const [start, end] = [instant('--from', from) ?? -Infinity, instant('--to', to) ?? Infinity];
  if (start >= end) throw new UsageError(`--from ${from} must be before --to ${to}`);
  return { start, end };
}

/** Selects the series that were meant; throws UsageError when there is none. */
function ofInterval(there: readonly Coverage[], { market, symbol, interval }: Which): readonly Coverage[] {
  const found = there.filter((one) => interval === undefined || one.interval === interval);
  if (found.length > 0) return found;
  const known = there.length === 0 ? 'candles list shows what there is' : `there are those of ${intervalsOf(there)}`;
  throw new UsageError(`there are no ${interval ?? ''} candles of ${market}:${symbol}; ${known}`.replace('  ', ' '));
}

function chosen(there: readonly Coverage[], which: Which): Coverage {
  const [series, ...others] = ofInterval(there, which);
  if (series !== undefined && others.length === 0) return series;
  throw new UsageError(
    `${which.market}:${which.symbol} has candles of ${intervalsOf(there)}: say which with --interval`,
  );
}

function intervalsOf(there: readonly Coverage[]): string {
  return there.map(({ interval }) => interval).join(', ');
}

function nameOf({ market_id, symbol, interval }: Coverage): string {
  return `${market_id}:${symbol} ${interval}`;
}

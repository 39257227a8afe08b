// Candles that a test or a caller already has, behind the same interface as the stored ones.

import { TIMEFRAMES, type Candles, type Timeframe } from '@backtest-jobs/engine';
import { at } from './at.ts';
import { chooseCovered } from './choose-series.ts';
import { between, bySeries, sharedCandles, type CandleSource, type Coverage, type Instrument } from './source.ts';

export interface Series extends Instrument {
  readonly interval: Timeframe;
  readonly candles: Candles;
}

export function memorySource(series: readonly Series[]): CandleSource {
  const filled = series.filter(({ candles }) => candles.time.length > 0);
  const stored = new Map(filled.map((one) => [coverageOf(one), one.candles]));
  const coverage = [...stored.keys()].sort(bySeries);
  const candlesOf = ({ market_id, symbol, interval }: Coverage): Candles => {
    const found = coverage.find((one) => isOf(one, { market_id, symbol }) && one.interval === interval);
    return (found && stored.get(found)) ?? sharedCandles(0);
  };
  return {
    async read(instrument, wanted) {
      const timesOf = async (one: Coverage) => stored.get(one)?.time ?? new Float64Array(0);
      const { series: chosen, counted } = await chooseCovered(coverage, instrument, wanted, timesOf);
      const candles = stored.get(chosen) ?? sharedCandles(0);
      return { candles: between(candles, wanted.start, wanted.end), baseMs: TIMEFRAMES[chosen.interval], counted };
    },
    coverage: async (instrument) => coverage.filter((one) => instrument === undefined || isOf(one, instrument)),
    times: async (one) => candlesOf(one).time,
    bars: async (one, { start, end }) => between(candlesOf(one), start, end),
    [Symbol.asyncDispose]: async () => {},
  };
}

function isOf(one: Instrument, { market_id, symbol }: Instrument): boolean {
  return one.market_id === market_id && one.symbol === symbol;
}

function coverageOf({ market_id, symbol, interval, candles: { time } }: Series): Coverage {
  return {
    market_id,
    symbol,
    interval,
    start: new Date(at(time, 0)).toISOString(),
    end: new Date(at(time, time.length - 1) + TIMEFRAMES[interval]).toISOString(),
    rows: time.length,
  };
}

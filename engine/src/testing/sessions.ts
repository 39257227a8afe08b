// Session markets for tests: their days with the offsets of 2024, specs on them, and candles of weeks that nobody trades
// through.

import { sliceCandles, type Candles } from '../bars/candles.ts';
import { DEFAULTS, type Defaults } from '../defaults.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { DAY_MS, HOUR_MS, type MarketDay, type Spec } from '../spec.ts';
import { randomCandles } from './candles.ts';

const offsetsOf = (...pairs: readonly (readonly [string, number])[]): MarketDay['offsets'] =>
  pairs.map(([from, hours]) => ({ from: new Date(from).toISOString(), seconds: hours * 3600 }));

/** Zones with summer time in the north and in the south, without any, and one whose clock jumps over midnight. */
export const ZONES = {
  'America/New_York': offsetsOf(['2023-11-05T06:00Z', -5], ['2024-03-10T07:00Z', -4], ['2024-11-03T06:00Z', -5]),
  'Australia/Sydney': offsetsOf(['2023-09-30T16:00Z', 11], ['2024-04-06T16:00Z', 10], ['2024-10-05T16:00Z', 11]),
  'Asia/Tokyo': offsetsOf(['1951-10-06T16:00Z', 9]),
  'America/Santiago': offsetsOf(['2023-09-03T04:00Z', -3], ['2024-04-07T03:00Z', -4], ['2024-09-08T04:00Z', -3]),
} as const;

export function dayOf(begins: string, zone: keyof typeof ZONES): MarketDay {
  return { begins, zone, offsets: ZONES[zone] };
}

/** Defaults with the day in market 5, and in no other. */
export function defaultsWith(day: MarketDay): Defaults {
  return { ...DEFAULTS, markets: { ...DEFAULTS.markets, 5: { ...DEFAULTS.markets[5], day } } };
}

/** A spec on market 5 that trades a little; `start` and `end` are instants. */
export function sessionSpec(day: MarketDay, range: Spec['time_range'], timeframe: string, changes: object = {}): Spec {
  const template = {
    instrument_id: { market_id: 5, symbol: 'TEST' },
    timeframe,
    rules: { long: 'close > sma(close, n)', short: 'close < sma(close, n)' },
    params: { n: { mode: 'explicit', values: [2, 3, 5, 8] } },
    execution: { fill: 'next_open' },
    risk_grid: { sl: { mode: 'explicit', values: ['off', 1] } },
  };
  return parseSpec({ time_range: range, warmup_bars: 8, template, ...changes }, defaultsWith(day));
}

/** Candles from Sunday 22:00 to Friday 21:00 UTC, week after week. */
export function weekdayCandles(seed: number, start: string, days: number, stepMs = HOUR_MS): Candles {
  const all = randomCandles(seed, (days * DAY_MS) / stepMs, { start: Date.parse(start), stepMs });
  const open = Array.from(all.time, (time) => {
    const hour = ((time / HOUR_MS + 4 * 24) % (7 * 24)) - 22; // of a week that begins on Sunday, from its 22:00 on
    return hour >= 0 && hour < 5 * 24 - 1;
  });
  const column = (values: Float64Array): Float64Array => values.filter((_, at) => open[at]);
  const { time, high, low, close, volume } = all;
  const kept = { time: column(time), open: column(all.open), high: column(high), low: column(low) };
  return { ...kept, close: column(close), volume: column(volume) };
}

/** The candles that have closed by an instant. */
export function closedBy(candles: Candles, instant: number, stepMs = HOUR_MS): Candles {
  const after = candles.time.findIndex((time) => time + stepMs > instant);
  return after < 0 ? candles : sliceCandles(candles, 0, after);
}

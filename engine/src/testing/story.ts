// What a user of the library does, from a spec to a report, for tests that run it outside Node: it needs nothing but the
// language, and its answer is text.

import { computeIndicator, parseSpec, search, variantReport } from '../index.ts';
import { randomCandles } from './candles.ts';

const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;

/** Searches a small grid of rules, reports the best variant again from its payload, computes an indicator. */
export async function story(): Promise<string> {
  const candles = randomCandles(3, 600, { start: START, stepMs: HOUR });
  const spec = parseSpec({
    time_range: { start: '2024-01-05T00:00:00Z', end: '2024-01-26T00:00:00Z' },
    luck: 0,
    warmup_bars: 96,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      rules: { long: 'cross_above(ema(close, fast), ema(close, slow))', exit_long: 'rsi(close, 9) > 65' },
      params: { fast: { mode: 'range', start: 3, stop_incl: 9, step: 2 }, slow: { mode: 'explicit', values: [8, 21] } },
      constraints: ['fast < slow'],
      risk_grid: { sl: { mode: 'explicit', values: ['off', 1] }, trigger: 'intrabar' },
    },
  });
  for await (const { result } of search(candles, spec)) {
    if (result === null) continue;
    const [best] = result.rows;
    const { rows, trades, metrics, series } = variantReport(candles, spec, { payload: best.payload });
    const { sharpe, num_trades } = metrics;
    const { macd } = computeIndicator(candles, 'momentum.macd');
    const answer = { key: best.variant_key, rows, trades, sharpe, num_trades, digest: result.ledger.digest };
    return JSON.stringify({ ...answer, equity: series.equity.at(-1), macd: macd.at(-1), kept: result.rows.length });
  }
  throw new Error('the search ended without a result');
}

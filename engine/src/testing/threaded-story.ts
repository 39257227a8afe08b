// A search that has work for threads, with everything that it says on the way, for tests that run it in a browser's
// workers. Its answer is text.

import { inPlace, openPool, parseSpec, prepare, search, type Pool, type Thread } from '../index.ts';
import { randomCandles } from './candles.ts';

const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const BARS = 2000;

const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });

export const CANDLES = randomCandles(4, BARS, { start: START, stepMs: HOUR, volatility: 0.01 });
export const SPEC = parseSpec({
  time_range: { start: new Date(START + 200 * HOUR).toISOString(), end: new Date(START + BARS * HOUR).toISOString() },
  luck: 0,
  preselect: 500,
  top_k: 40,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: range(5, 44) } },
      { indicator_id: 'momentum.rsi', params: { window: range(8, 15) } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: range(35, 64), short_threshold: range(60, 61) } },
    risk_grid: { sl: { mode: 'explicit', values: ['off', 1, 2] } },
  },
});

/** With as many threads as start; without one in place. What it fails with is an answer, too. */
export async function threadedStory(threads: readonly Thread[], now: () => number): Promise<string> {
  const prepared = prepare(CANDLES, SPEC);
  if (threads.length === 0) return answerOf(inPlace(prepared, now));
  const pool = openPool(prepared, threads, now);
  try {
    return await answerOf(pool);
  } catch (error) {
    const { name, message, cause } = error as Error;
    return JSON.stringify({ name, message, cause: cause instanceof Error ? [cause.name, cause.message] : null });
  } finally {
    await pool.end();
  }
}

async function answerOf(pool: Pool): Promise<string> {
  const surface: number[] = [];
  for await (const { surface_chunk, shortlist, result } of search(CANDLES, SPEC, undefined, pool)) {
    if (surface_chunk !== null) surface.push(...surface_chunk.scores);
    if (result !== null) return JSON.stringify({ result, shortlist: [...(shortlist ?? [])], surface });
  }
  throw new Error('the search ended without a result');
}

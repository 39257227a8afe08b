// What the tests of the API share: a candle source that only knows what it covers, a spec, and a check that a reply is
// exactly what its schema says.

import assert from 'node:assert/strict';
import { DEFAULTS } from '@backtest-jobs/engine';
import type { z } from 'zod';
import type { Gate } from '../src/api/gate.ts';
import type { CandleSource } from '../src/candles/source.ts';
import { parseConfig, type Config } from '../src/config/config.ts';
import { openJudges } from '../src/reports/judges.ts';
import { openVariantReports } from '../src/reports/reporter.ts';

export const SOURCE: CandleSource = {
  read: () => Promise.reject(new Error('the API never reads candles')),
  times: () => Promise.reject(new Error('asked for by no test')),
  bars: () => Promise.reject(new Error('asked for by no test')),
  coverage: async () => [
    {
      market_id: 5,
      symbol: 'SP500',
      interval: '1d',
      start: '2000-01-03T00:00:00.000Z',
      end: '2020-04-18T00:00:00.000Z',
      rows: 5104,
    },
    {
      market_id: 1,
      symbol: 'BTCUSDT',
      interval: '1m',
      start: '2017-08-17T04:00:00.000Z',
      end: '2024-01-01T00:00:00.000Z',
      rows: 3_349_680,
    },
  ],
  [Symbol.asyncDispose]: async () => {},
};

/** Reporter that starts with its first question, and has no candles then. */
export const REPORTS = openVariantReports({ kind: 'parquet', folder: '/nonexistent' });

/** Gate without a database; its judges start with their first question. */
export const GATE: Gate = {
  defaults: DEFAULTS,
  source: SOURCE,
  judges: openJudges(),
  user_id: 'tester',
  signal: new AbortController().signal,
  threads: 1,
};

export function testConfig(jobs: Partial<Config['backtest']['jobs']> = {}): Config {
  const config = parseConfig('version: 1');
  return { ...config, backtest: { ...config.backtest, jobs: { ...config.backtest.jobs, ...jobs } } };
}

/** Makes a spec of 3 windows x 2 stop losses on the S&P 500. */
export function specBody(changes: Record<string, unknown> = {}, template: Record<string, unknown> = {}) {
  return {
    time_range: { start: '2001-01-01T00:00:00Z', end: '2010-01-01T00:00:00Z' },
    luck: 0,
    template: {
      instrument_id: { market_id: 5, symbol: 'SP500' },
      timeframe: '1d',
      indicator_grids: [{ indicator_id: 'ma.sma', params: { window: { mode: 'explicit', values: [10, 20, 50] } } }],
      risk_grid: { sl: { mode: 'explicit', values: ['off', 5] } },
      ...template,
    },
    top_k: 5,
    ...changes,
  };
}

/** Asserts that no key is missing, none is too many, and every value is of its type. */
export function assertShape<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.parse(body);
  assert.deepEqual(parsed, body);
  return parsed;
}

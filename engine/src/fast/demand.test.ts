// The demand of a scorer equals the memory it takes, measured on 40,000 bars, where only columns count.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openArena } from '../columns/arena.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { prepare } from '../prepare.ts';
import { fastScorer } from '../scoring/fast-scorer.ts';
import { factorsDemand } from '../signals/factors.ts';
import { HOUR_MS } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { needsPath, traderDemand } from './demand.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const BARS = 40_000;
const START = Date.UTC(2020, 0, 1);
const CANDLES = randomCandles(5, BARS, { start: START, stepMs: HOUR_MS });
const SOME = { mode: 'explicit', values: ['off', 1, 2, 5] };

/**
 * Collects the garbage of earlier scorers, so that none of it is freed during a measurement. A collection frees the
 * memory of columns that the collection before it found unused.
 */
function collectGarbage(): void {
  for (let round = 0; round < 3; round += 1) gc();
}

function specOf(rules: object, risk_grid: object, primary_metric: string): ReturnType<typeof parseSpec> {
  return parseSpec({
    time_range: { start: new Date(START).toISOString(), end: new Date(START + BARS * HOUR_MS).toISOString() },
    luck: 0,
    warmup_bars: 0,
    ranking: { primary_metric },
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      rules,
      params: { level: { mode: 'explicit', values: [40, 50, 60] }, window: { mode: 'explicit', values: [5, 9, 20] } },
      risk_grid,
    },
  });
}

const LONG = 'close > sma(close, window) and rsi(close, 14) < level';
const SHORT = 'close < sma(close, window) and rsi(close, 14) > level';
const CASES = {
  'no stops': specOf({ long: LONG, short: SHORT }, {}, 'total_return_pct'),
  'levels kept for each base': specOf({ long: LONG, short: SHORT }, { sl: SOME, tp: SOME }, 'sqn'),
  'every stop within bars, and a path': specOf(
    { long: LONG, short: SHORT },
    { sl: SOME, tp: SOME, trail: SOME, max_bars: SOME, trigger: 'intrabar' },
    'max_drawdown_pct',
  ),
  'exit rules': specOf({ long: LONG, exit_long: 'close > highest(high[1], 9)' }, { sl: SOME }, 'sharpe'),
};

for (const [name, spec] of Object.entries(CASES)) {
  test(`the demand of a scorer is right within 20 %: ${name}`, () => {
    const prepared = prepare(CANDLES, spec);
    const { grid } = prepared;
    const [ends, factors] = [traderDemand(spec, grid, needsPath(spec)), factorsDemand(grid.strategy)];
    const kept = ends.kept + factors.kept(grid.baseTotal, grid.baseTotal);
    const promised = (kept + ends.always + factors.always) * BARS;
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const arena = openArena();
    const score = fastScorer(prepared, 1, arena);
    score({ stage: 'stage_a', from: 0, to: grid.rawTotal, bases: null });
    score({ stage: 'stage_b', from: 0, to: 3 * grid.riskTotal, bases: Float64Array.of(0, 4, 8) });
    collectGarbage();
    const taken = process.memoryUsage().arrayBuffers - before + arena.used();
    score({ stage: 'stage_a', from: 0, to: 1, bases: null }); // keeps the scorer in use
    assert.ok(taken <= 1.02 * promised, `${taken} bytes taken, ${promised} promised`);
    assert.ok(taken >= 0.8 * promised, `${taken} bytes taken, ${promised} promised`);
  });
}

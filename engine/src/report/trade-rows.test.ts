import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../grid/random.ts';
import type { Setting } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';
import { HOUR_MS } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';
import { candlesOfBars, randomSetting, randomSignal, settingWith, signalOfText } from '../testing/settings.ts';
import { tradeRows, type TradeRow } from './trade-rows.ts';

type Bar = readonly [number, number, number, number];

function rowsOf(signal: string, bars: readonly Bar[], changes: Partial<Setting> = {}): TradeRow[] {
  const target = candlesOfBars(bars, HOUR_MS);
  return tradeRows(simulate(target, signalOfText(signal), settingWith(changes)), target, { timeframeMs: HOUR_MS });
}

test('a trade with every field', () => {
  const bars: Bar[] = [
    [100, 500, 1, 100],
    [100, 120, 80, 110],
    [110, 125, 90, 120],
    [1, 1, 1, 1],
  ];
  assert.deepEqual(
    rowsOf('LL..', bars, { feePct: 1, sizing: 'strategy_compound_profit_lock', safeProfitPercent: 50 }),
    [
      {
        trade_id: 1,
        direction: 'long',
        signal_time: '2024-01-01T01:00:00.000Z',
        entry_time: '2024-01-01T01:00:00.000Z',
        entry_bar: 0,
        entry_fill: 100,
        exit_time: '2024-01-01T03:00:00.000Z',
        exit_bar: 2,
        exit_fill: 120,
        qty: 10,
        entry_amount: 1000,
        exit_amount: 1200,
        entry_fee: 10,
        exit_fee: 12,
        gross: 200,
        net: 1000 * (1.2 * 0.99 - 1 - 0.01),
        locked: (1000 * (1.2 * 0.99 - 1 - 0.01) * 50) / 100,
        return_pct: (1.2 * 0.99 - 1 - 0.01) * 100,
        mae_pct: (80 / 100 - 1) * 100,
        mfe_pct: (125 / 100 - 1) * 100,
        exit_reason: 'signal_exit',
      },
    ],
  );
});

test('with next_open fills have the time of the open, the forced close that of the close', () => {
  const bars = Array.from({ length: 5 }, (): Bar => [100, 101, 99, 100]);
  const [first, second] = rowsOf('S.LL.', bars, { fill: 'next_open' });
  assert.deepEqual(
    [first.signal_time, first.entry_time, first.exit_time].map((time) => time.slice(11, 16)),
    ['01:00', '01:00', '02:00'],
  );
  assert.deepEqual(
    [second.entry_time, second.exit_time].map((time) => time.slice(11, 16)),
    ['03:00', '05:00'],
  );
  assert.deepEqual([first.direction, second.exit_reason], ['short', 'forced_close']);
});

function excursions([row]: TradeRow[]): number[] {
  return [Math.round(row.mae_pct), Math.round(row.mfe_pct)];
}

test('excursions leave out what came before the entry and may have come after the exit', () => {
  const calm: Bar = [100, 101, 99, 100];
  const wild: Bar = [100, 200, 50, 100];
  assert.deepEqual(excursions(rowsOf('LL.', [wild, calm, calm])), [-1, 1]);
  assert.deepEqual(excursions(rowsOf('SS.', [calm, wild, calm])), [-100, 50]);
  assert.deepEqual(excursions(rowsOf('LLL', [calm, wild, calm], { sl: 10, trigger: 'intrabar' })), [-10, 0]);
  assert.deepEqual(
    excursions(rowsOf('LLL', [calm, [108, 200, 50, 100], calm], { sl: 10, trigger: 'intrabar' })),
    [-10, 8],
  );
  assert.deepEqual(excursions(rowsOf('L..', [calm, calm, wild], { fill: 'next_open' })), [-1, 1]);
  // A trailing stop at 112 * 0.875 = 98 cuts its bar short: of 105, 200, 50 only the open was certainly seen.
  const trail = { trail: 12.5, trigger: 'intrabar' } as const;
  const rise: Bar = [100, 112, 99, 105];
  assert.deepEqual(excursions(rowsOf('LLL', [calm, rise, [105, 200, 50, 100]], trail)), [-2, 12]);
  assert.deepEqual(excursions(rowsOf('LLLL', [calm, calm, [100, 150, 40, 87], calm], { trail: 12.5 })), [-60, 50]);
  assert.deepEqual(excursions(rowsOf('LLL', [calm, wild, calm], { maxBars: 1, trigger: 'intrabar' })), [-50, 100]);
});

test('on random input: gross less fees is net, and a trade ends within its excursions', () => {
  let seen = 0;
  for (let seed = 0; seed < 200; seed += 1) {
    const next = random(seed);
    const target = randomCandles(seed, 200, { volatility: 0.03, stepMs: HOUR_MS });
    const setting = randomSetting(next);
    for (const row of tradeRows(simulate(target, randomSignal(next, 200), setting), target, { timeframeMs: HOUR_MS })) {
      const net = row.gross - row.entry_fee - row.exit_fee;
      assert.ok(Math.abs(net - row.net) <= 1e-12 * row.entry_amount);
      const move = (row.exit_fill / row.entry_fill - 1) * 100 * (row.direction === 'long' ? 1 : -1);
      assert.ok(row.mae_pct <= move && move <= row.mfe_pct && row.mae_pct <= 0 && row.mfe_pct >= 0);
      assert.ok(row.signal_time <= row.entry_time && row.entry_time <= row.exit_time);
      seen += 1;
    }
  }
  assert.ok(seen > 1000);
});

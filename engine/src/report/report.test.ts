import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Candles } from '../bars/candles.ts';
import type { MeasureContext } from '../simulate/metrics.ts';
import type { Setting } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';
import { DAY_MS, HOUR_MS } from '../spec.ts';
import { candlesOfCloses } from '../testing/candles.ts';
import { candlesOfBars, settingWith, signalOfText } from '../testing/settings.ts';
import { report, type Report } from './report.ts';

function reportOn(target: Candles, signal: string, changes: Partial<Setting> = {}): Report {
  const setting = settingWith(changes);
  const timeframeMs = target.time[1] - target.time[0];
  const context: MeasureContext = { initCash: setting.initCash, periodsPerYear: 365, timeframeMs };
  return report(simulate(target, signalOfText(signal), setting), target, context);
}

function valueOf({ rows }: Report, metric: string): string | undefined {
  return rows.find((row) => row.metric === metric)?.value;
}

test('golden table: daily closes, long, short, long, no costs', () => {
  const golden = reportOn(candlesOfCloses([100, 110, 120, 130, 90, 80], Date.UTC(2024, 0, 1), DAY_MS), 'LNSNLN');
  const expected = [
    ['Start', '2024-01-01T00:00:00.000Z'],
    ['End', '2024-01-07T00:00:00.000Z'],
    ['Duration', '6 days, 0:00:00'],
    ['Init. Cash', '1000'],
    ['Total Profit', '-103.7'],
    ['Total Return [%]', '-10.3704'],
    ['Benchmark Return [%]', '-20'],
    ['Position Coverage [%]', '100'],
    ['Max. Drawdown [%]', '18.5185'],
    ['Avg. Drawdown [%]', '5.8642'],
    ['Max. Drawdown Duration', '3 days, 0:00:00'],
    ['Avg. Drawdown Duration', '3 days, 0:00:00'],
    ['Num. Trades', '3'],
    ['Win Rate [%]', '33.3333'],
    ['Best Trade [%]', '10'],
    ['Worst Trade [%]', '-11.1111'],
    ['Avg. Trade [%]', '-3.1481'],
    ['Max. Trade Duration', '1 day, 0:00:00'],
    ['Avg. Trade Duration', '1 day, 0:00:00'],
    ['Expectancy', '-3.1481'],
    ['SQN', '-0.51181'],
    ['Gross Exposure', '1.0208'],
    ['Sharpe Ratio', '-4.0328'],
    ['Sortino Ratio', '-5.30371'],
    ['Calmar Ratio', '-5.39308'],
  ];
  assert.deepEqual(
    golden.rows.map(({ metric, value }) => [metric, value]),
    expected,
  );
  const lines = ['|Metric|Value|', '|---|---|', ...expected.map(([metric, value]) => `|${metric}|${value}|`)];
  assert.equal(golden.table_md, lines.join('\n'));
  assert.deepEqual([golden.bust, golden.written_off, golden.ambiguous_bars], [false, 0, 0]);
});

test('without trades what is undefined prints N/A', () => {
  const empty = reportOn(candlesOfCloses([100, 50, 150], 0, DAY_MS), 'NNN');
  assert.deepEqual(
    empty.rows.filter(({ value }) => value === 'N/A').map(({ metric }) => metric),
    [
      'Max. Drawdown Duration',
      'Avg. Drawdown Duration',
      'Win Rate [%]',
      'Best Trade [%]',
      'Worst Trade [%]',
      'Avg. Trade [%]',
      'Max. Trade Duration',
      'Avg. Trade Duration',
      'Expectancy',
      'SQN',
      'Sharpe Ratio',
      'Sortino Ratio',
      'Calmar Ratio',
    ],
  );
  for (const metric of [
    'Total Profit',
    'Total Return [%]',
    'Position Coverage [%]',
    'Gross Exposure',
    'Max. Drawdown [%]',
  ]) {
    assert.equal(valueOf(empty, metric), '0');
  }
  assert.equal(valueOf(empty, 'Benchmark Return [%]'), '50');
});

test('drawdown episodes run from the first underwater bar to the first recovered one, or to the end', () => {
  const two = reportOn(candlesOfCloses([100, 90, 95, 100, 110, 109, 108], 0, HOUR_MS), 'LLLLLLL');
  assert.equal(valueOf(two, 'Max. Drawdown Duration'), '2:00:00');
  assert.equal(valueOf(two, 'Avg. Drawdown Duration'), '2:00:00');
  const uneven = reportOn(candlesOfCloses([100, 90, 100, 99, 98, 97], 0, HOUR_MS), 'LLLLLL');
  assert.equal(valueOf(uneven, 'Max. Drawdown Duration'), '3:00:00');
  assert.equal(valueOf(uneven, 'Avg. Drawdown Duration'), '2:00:00');
});

test('coverage counts a bar once, and exposure takes the later of two trades that share one', () => {
  const reversal = reportOn(candlesOfCloses([100, 100, 200, 200, 200], 0, HOUR_MS), 'LLS..');
  assert.equal(valueOf(reversal, 'Position Coverage [%]'), '80');
  assert.equal(valueOf(reversal, 'Gross Exposure'), '0.8'); // 1 1 1 1 0: bar 2 has 2000/2000, not also 1000/2000
});

describe('trade durations', () => {
  const bars = [100, 100, 100, 100].map((price): [number, number, number, number] => [
    price,
    price + 1,
    price - 1,
    price,
  ]);
  const target = candlesOfBars(bars, HOUR_MS);

  test('from close to close, from open to open, from open to the last close', () => {
    assert.equal(valueOf(reportOn(target, 'LL..'), 'Max. Trade Duration'), '2:00:00');
    assert.equal(valueOf(reportOn(target, 'L...', { fill: 'next_open' }), 'Max. Trade Duration'), '1:00:00');
    assert.equal(valueOf(reportOn(target, 'LLLL', { fill: 'next_open' }), 'Max. Trade Duration'), '3:00:00');
  });

  test('a gap through a stop ends at the open: nothing was held for any time', () => {
    const gap = candlesOfBars([bars[0], [80, 81, 79, 80], bars[2]], HOUR_MS);
    assert.equal(valueOf(reportOn(gap, 'LLL', { sl: 5, trigger: 'intrabar' }), 'Max. Trade Duration'), '0:00:00');
    const within = candlesOfBars([bars[0], [100, 101, 79, 80], bars[2]], HOUR_MS);
    assert.equal(valueOf(reportOn(within, 'LLL', { sl: 5, trigger: 'intrabar' }), 'Max. Trade Duration'), '1:00:00');
  });
});

test('bust, debt and ambiguous bars are part of the report', () => {
  const bust = reportOn(candlesOfCloses([100, 300, 300], 0, HOUR_MS), 'S..');
  assert.deepEqual([bust.bust, bust.written_off], [true, 1000]);
  assert.equal(valueOf(bust, 'Total Return [%]'), '-100');
  assert.equal(valueOf(bust, 'Gross Exposure'), 'inf');
  const ambiguous = candlesOfBars(
    [
      [100, 100, 100, 100],
      [100, 120, 80, 100],
      [100, 100, 100, 100],
    ],
    HOUR_MS,
  );
  assert.equal(reportOn(ambiguous, 'LLL', { sl: 5, tp: 5, trigger: 'intrabar' }).ambiguous_bars, 1);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { random } from '../grid/random.ts';
import { report } from '../report/report.ts';
import { drawdown } from '../report/series.ts';
import { DAY_MS, METRICS } from '../spec.ts';
import { candlesOfCloses, randomCandles } from '../testing/candles.ts';
import { randomSetting, randomSignal, settingWith, signalOfText } from '../testing/settings.ts';
import { metricJson, metricNumber, metricsJson, type MetricJson } from './metrics-json.ts';
import {
  avgDrawdownEpisode,
  daysOf,
  deviation,
  meanOf,
  measure,
  measureOne,
  type MeasureContext,
  type Metrics,
} from './metrics.ts';
import { openBuffers, type Setting } from './setting.ts';
import { simulate } from './simulate.ts';

const START = Date.UTC(2024, 0, 1);

function measured(signal: string, closes: readonly number[], changes: Partial<Setting> = {}, stepMs = DAY_MS): Metrics {
  const target = candlesOfCloses(closes, START, stepMs);
  const setting = settingWith(changes);
  const context = { initCash: setting.initCash, periodsPerYear: 365, timeframeMs: stepMs };
  return measure(simulate(target, signalOfText(signal), setting), target, context);
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.abs(expected), `${actual} is not ${expected}`);
}

test('by hand: a win of 10 % and a loss of 20 % over five days', () => {
  const metrics = measured('LLSS.', [100, 110, 110, 120, 132]);
  near(metrics.total_return_pct, -12); // 1000, 1100, 880
  near(metrics.max_drawdown_pct, 20);
  near(metrics.return_over_max_drawdown, -0.6);
  near(metrics.profit_factor, 100 / 220);
  near(metrics.win_rate_pct, 50);
  near(metrics.expectancy, -5);
  near(metrics.sqn, (Math.SQRT2 * -60) / Math.sqrt(160 ** 2 + 160 ** 2));
  assert.equal(metrics.num_trades, 2);
  const returns = [0, 0.1, 0, -1 / 11, -0.12]; // 1000 1100 1100 1000 880
  const mean = returns.reduce((a, b) => a + b) / 5;
  const variance = returns.reduce((a, r) => a + (r - mean) ** 2, 0) / 4;
  near(metrics.sharpe, (mean / Math.sqrt(variance)) * Math.sqrt(365));
  near(metrics.sortino, (mean / Math.sqrt(((1 / 11) ** 2 + 0.12 ** 2) / 5)) * Math.sqrt(365));
  near(metrics.calmar, (0.88 ** (365 / 5) - 1) / 0.2);
});

describe('division by zero', () => {
  test('no losses: profit factor is infinite; no drawdown: by the sign of the return', () => {
    const metrics = measured('LLL', [100, 110, 120]);
    assert.equal(metrics.profit_factor, Infinity);
    assert.equal(metrics.return_over_max_drawdown, Infinity);
    assert.equal(metrics.sortino, Infinity);
    assert.equal(metrics.calmar, Infinity);
  });

  test('no trade: nothing to divide', () => {
    const metrics = measured('...', [100, 110, 120]);
    assert.deepEqual(metrics, {
      total_return_pct: 0,
      max_drawdown_pct: 0,
      return_over_max_drawdown: NaN,
      profit_factor: NaN,
      sharpe: NaN,
      sortino: NaN,
      calmar: NaN,
      sqn: NaN,
      expectancy: NaN,
      win_rate_pct: NaN,
      num_trades: 0,
    });
  });

  test('a trade that neither wins nor loses is no win, and 0/0 is not a number', () => {
    const { profit_factor, win_rate_pct } = measured('LL.', [100, 100, 100]);
    assert.deepEqual([profit_factor, win_rate_pct], [NaN, 0]);
  });

  test('nets that differ by rounding have no deviation: SQN and Sharpe are infinite', () => {
    const next = random(11);
    for (const scale of [1e-3, 1, 12_345.678]) {
      const nets = Float64Array.from({ length: 500 }, () => scale * 0.0173 * (1 + 4e-15 * (next() - 0.5)));
      assert.equal(deviation(nets, 500, meanOf(nets, 500)), 0);
      assert.equal(
        deviation(
          nets.map((net) => -net),
          500,
          -meanOf(nets, 500),
        ),
        0,
      );
      const apart = nets.map((net, at) => net * (1 + 1e-6 * (at % 2)));
      assert.ok(deviation(apart, 500, meanOf(apart, 500)) > 0);
    }
    // A tenth up and all the way back, over and over, from other prices each time.
    const closes = Array.from({ length: 81 }, (_, at) => 0.1 * 1.07 ** Math.floor(at / 2) * (at % 2 === 0 ? 1 : 1.1));
    const fixed = measured('LS'.repeat(40).replaceAll('S', 'N'), closes.slice(0, 80), { sizing: 'fixed_quote' });
    assert.ok(fixed.num_trades > 30 && fixed.sqn === Infinity, String(fixed.sqn));
  });

  test('one trade has no SQN; equal nets have no deviation at all, whatever their digits', () => {
    assert.equal(measured('LL.', [100, 101, 102]).sqn, NaN);
    const closes = Array.from({ length: 40 }, (_, bar) => (bar % 2 === 0 ? 3 : 3.1));
    const equalNets = measured('L.'.repeat(20), closes, { sizing: 'fixed_quote', fixedQuote: 0.1 });
    assert.deepEqual([equalNets.num_trades, equalNets.sqn], [20, Infinity]);
    const flat = measured('L.'.repeat(20), Array<number>(40).fill(3));
    assert.equal(flat.sqn, NaN);
  });

  test('fewer than two daily returns: no daily ratio', () => {
    const { sharpe, sortino, calmar } = measured(
      'L'.repeat(24),
      Array.from({ length: 24 }, (_, i) => 100 + i),
      {},
      DAY_MS / 24,
    );
    assert.deepEqual([sharpe, sortino, calmar], [NaN, NaN, NaN]);
  });

  test('a day that ends at zero or below: no daily ratio', () => {
    const { sharpe, sortino, calmar, max_drawdown_pct } = measured('SSS.', [100, 200, 90, 80]);
    assert.deepEqual([sharpe, sortino, calmar, max_drawdown_pct], [NaN, NaN, NaN, 100]);
  });
});

describe('days', () => {
  test('a bar belongs to the day of the millisecond before its close', () => {
    const hourly = candlesOfCloses(Array<number>(50).fill(1), START - 2 * 3_600_000, 3_600_000);
    assert.deepEqual([...daysOf(hourly, { timeframeMs: 3_600_000 }).lastBars], [1, 25, 49]);
    assert.deepEqual(
      [...daysOf(candlesOfCloses([1, 1, 1], START, DAY_MS), { timeframeMs: DAY_MS }).lastBars],
      [0, 1, 2],
    );
    const odd = candlesOfCloses([1, 1, 1], START + DAY_MS - 3_600_000, 7_200_000); // 23:00-01:00 is the next day's
    assert.deepEqual([...daysOf(odd, { timeframeMs: 7_200_000 }).lastBars], [2]);
  });

  test('days without a bar have no return', () => {
    const target = candlesOfCloses([1, 1, 1], START, 3 * DAY_MS);
    assert.deepEqual([...daysOf(target, { timeframeMs: DAY_MS }).lastBars], [0, 1, 2]);
  });
});

test('the mean over drawdowns is of the deepest fall of each, up to the end', () => {
  const falls = (...equity: number[]): number => avgDrawdownEpisode(Float64Array.from(equity), 100);
  assert.equal(falls(100, 110, 120), NaN);
  assert.equal(falls(100, 90, 80, 100), 20);
  near(falls(90, 100, 200, 150, 180, 200, 100), (10 + 25 + 50) / 3); // the peak begins at the initial cash
  near(falls(50, 70, 60), 50);
  const next = random(3);
  for (let round = 0; round < 50; round += 1) {
    let value = 100;
    const equity = Array.from({ length: 200 }, () => (value *= 1 + 0.1 * (next() - 0.5)));
    // By definition: stretches below the peak before them, each with its largest percent.
    const below = equity.map((_, at) => {
      const peak = Math.max(100, ...equity.slice(0, at + 1));
      return ((peak - equity[at]) / peak) * 100;
    });
    const episodes = below
      .join(' ')
      .split(/(?:^| )0(?= |$)/)
      .map((text) => text.trim().split(' ').filter(Boolean).map(Number));
    const deepest = episodes.filter(({ length }) => length > 0).map((percents) => Math.max(...percents));
    near(falls(...equity), deepest.reduce((a, b) => a + b) / deepest.length);
  }
});

test('metrics in JSON', () => {
  assert.deepEqual([1.5, -0, NaN, Infinity, -Infinity].map(metricJson), [1.5, 0, null, 'inf', '-inf']);
  const travelled: MetricJson[] = [1.5, null, 'inf', '-inf'];
  assert.deepEqual(travelled.map(metricNumber), [1.5, NaN, Infinity, -Infinity]);
  const caveats = {
    ambiguous_bars: 2,
    total_return_pct_tp_first: 21,
    possible_trails: 1,
    total_return_pct_trail_hit: 19,
    bust: 0,
    written_off: 0,
    avg_drawdown_episode: 4,
    waited_fills: 0,
    carried_close: 0,
  } as const;
  const { num_trades, profit_factor, sqn, ...rest } = metricsJson(measured('LLL', [100, 110, 120]), caveats);
  assert.deepEqual([num_trades, profit_factor, sqn], [1, 'inf', null]);
  assert.deepEqual(Object.keys(rest), [
    ...METRICS.map(({ name }) => name).filter((name) => name !== 'profit_factor' && name !== 'sqn'),
    ...Object.keys(caveats),
  ]);
});

describe('on random input', () => {
  const stepMs = 4 * 3_600_000;
  const room = openBuffers(250);

  function* cases(count: number) {
    for (let seed = 0; seed < count; seed += 1) {
      const next = random(seed);
      const target = randomCandles(seed, 250, { stepMs, volatility: 0.02 });
      const setting = randomSetting(next);
      const simulation = simulate(target, randomSignal(next, 250), setting, null, room);
      const context: MeasureContext = { initCash: setting.initCash, periodsPerYear: 365, timeframeMs: stepMs };
      yield { target, simulation, context };
    }
  }

  test('score = report: a metric alone, with shared days or without, is the one in the report, bit for bit', () => {
    for (const { target, simulation, context } of cases(200)) {
      const days = daysOf(target, { timeframeMs: stepMs });
      const { metrics } = report(simulation, target, context);
      for (const { name } of METRICS) {
        assert.ok(Object.is(measureOne(name, simulation, { target, context }), metrics[name]), name);
        assert.ok(Object.is(measureOne(name, simulation, { target, context, days }), metrics[name]), name);
      }
    }
  });

  test('the maximum drawdown is that of the drawdown path, bit for bit', () => {
    for (const { target, simulation, context } of cases(200)) {
      const path = drawdown(simulation.equity, context.initCash);
      assert.equal(measureOne('max_drawdown_pct', simulation, { target, context }), Math.max(...path));
    }
  });

  test('metrics that need no path do not read the equity', () => {
    for (const { target, simulation, context } of cases(20)) {
      const blind = { ...simulation, equity: new Float64Array(250).fill(NaN) };
      for (const { name, path } of METRICS) {
        if (path) continue;
        const value = measureOne(name, simulation, { target, context });
        assert.ok(Object.is(measureOne(name, blind, { target, context }), value), name);
      }
    }
  });
});

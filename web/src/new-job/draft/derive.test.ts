import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGrid, parseSpec } from '@backtest-jobs/engine';
import { boxed, narrowed, validated, widened, type JobGrid } from './derive.ts';
import { at, type PlainObject } from './plain.ts';

const DEMO = {
  time_range: { start: '2000-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' },
  template: {
    instrument_id: { market_id: 5, symbol: '^GSPC' },
    timeframe: '1d',
    indicator_grids: [
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 2, stop_incl: 30, step: 1 } } },
      {
        indicator_id: 'ma.sma',
        source: { mode: 'explicit', values: ['open', 'high', 'low', 'close'] },
        params: { window: { mode: 'range', start: 5, stop_incl: 200, step: 1 } },
      },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: { mode: 'range', start: 10, stop_incl: 90, step: 1 } } },
    risk_grid: {
      sl: { mode: 'explicit', values: ['off', 0.5, 1, 2, 4] },
      tp: { mode: 'explicit', values: ['off', 2] },
    },
  },
};

/** Makes what `GET /backtests/jobs/{id}/request` tells of a job. */
function jobOf(input: object): JobGrid {
  const effective = parseSpec(input);
  const grid = buildGrid(effective);
  const { runtime: _, ...spec } = JSON.parse(JSON.stringify(effective)) as PlainObject & { runtime: unknown };
  const axes = grid.axes.map(({ values, ...axis }, position) => ({
    ...axis,
    length: values.length,
    stride: grid.strides[position] ?? 1,
  }));
  const risks = Object.entries(grid.risks).map(([key, { length }]) => ({
    key: key === 'maxBars' ? 'max_bars' : key,
    length,
  }));
  const risk_axes = risks.map(({ key, length }, position) => ({
    key,
    length,
    stride: risks.slice(position + 1).reduce((product, other) => product * other.length, 1),
  }));
  return { spec, axes, risk_axes, risk_settings: grid.riskTotal };
}

/** Returns the index of the variant that has these places on the axes, the others the first. */
function indexOf({ axes, risk_axes, risk_settings }: JobGrid, places: Readonly<Record<string, number>>): number {
  const base = axes.reduce((sum, { key, stride }) => sum + stride * (places[key] ?? 0), 0);
  return base * risk_settings + risk_axes.reduce((sum, { key, stride }) => sum + stride * (places[key] ?? 0), 0);
}

const job = jobOf(DEMO);
const sma = ['template', 'indicator_grids', 0, 'params', 'window'];
const rsi = ['template', 'indicator_grids', 1, 'params', 'window'];
const long = ['template', 'signal_grids', 'momentum.rsi', 'long_threshold'];

test('around a variant every axis is a tenth of its span on each side, and at least three values', () => {
  const index = indexOf(job, {
    'ma.sma.window': 95,
    'ma.sma.source': 3,
    'momentum.rsi.window': 28,
    'momentum.rsi.long_threshold': 1,
    sl: 2,
    tp: 1,
  });
  const spec = narrowed(job, index);
  assert.deepEqual(at(spec, sma), { mode: 'range', start: 81, stop_incl: 119, step: 1 });
  assert.deepEqual(at(spec, rsi), { mode: 'range', start: 28, stop_incl: 30, step: 1 });
  assert.deepEqual(at(spec, long), { mode: 'range', start: 10, stop_incl: 19, step: 1 });
  assert.deepEqual(at(spec, ['template', 'indicator_grids', 0, 'source', 'values']), ['close']);
  assert.deepEqual(at(spec, ['template', 'risk_grid', 'sl', 'values']), [0.5, 1, 2]);
  assert.deepEqual(at(spec, ['template', 'risk_grid', 'tp', 'values']), ['off', 2]);
  assert.equal(spec['warmup_bars'], undefined);
  assert.equal(spec['luck'], undefined);
  parseSpec(spec);
});

test('around a stop that is off the next ones stay', () => {
  const spec = narrowed(job, indexOf(job, {}));
  assert.deepEqual(at(spec, ['template', 'risk_grid', 'sl', 'values']), ['off', 0.5, 1]);
  assert.deepEqual(at(spec, sma), { mode: 'range', start: 5, stop_incl: 24, step: 1 });
});

test('a box keeps what lies in it, ends in any order, between values and by word', () => {
  const spec = boxed(job, {
    'ma.sma.window': '40..20',
    'momentum.rsi.long_threshold': '20.4..31.6',
    sl: 'off..1',
    tp: 'x..2',
    nothing: '1..2',
  });
  assert.deepEqual(at(spec, sma), { mode: 'range', start: 20, stop_incl: 40, step: 1 });
  assert.deepEqual(at(spec, long), { mode: 'range', start: 20, stop_incl: 32, step: 1 });
  assert.deepEqual(at(spec, ['template', 'risk_grid', 'sl', 'values']), ['off', 0.5, 1]);
  assert.deepEqual(at(spec, rsi), at(job.spec, rsi));
  parseSpec(spec);
});

test('an axis is widened at the end where the variant lies, within its bounds', () => {
  const bounds = () => ({ min: 2, max: 250 });
  const atEnd = widened(job, 'ma.sma.window', indexOf(job, { 'ma.sma.window': 195 }), bounds);
  assert.deepEqual(at(atEnd, sma), { mode: 'range', start: 5, stop_incl: 250, step: 1 });
  const atStart = widened(job, 'ma.sma.window', indexOf(job, {}), bounds);
  assert.deepEqual(at(atStart, sma), { mode: 'range', start: 2, stop_incl: 200, step: 1 });
  const inside = widened(job, 'momentum.rsi.long_threshold', null, () => ({ min: 0, max: 100 }));
  assert.deepEqual(at(inside, long), { mode: 'range', start: 0, stop_incl: 100, step: 1 });
  const stops = widened(job, 'sl', indexOf(job, { sl: 4 }), () => null);
  assert.deepEqual(at(stops, ['template', 'risk_grid', 'sl', 'values']), ['off', 0.5, 1, 2, 4, 8, 16]);
  parseSpec(atEnd);
});

test('a list of whole numbers is widened by whole numbers, none of them twice', () => {
  const widenedOf = (values: readonly number[]): unknown => {
    const risk_grid = { max_bars: { mode: 'explicit', values: [...values] } };
    const whole = jobOf({ ...DEMO, template: { ...DEMO.template, risk_grid } });
    const wide = widened(whole, 'max_bars', null, () => ({ min: 1, max: Infinity }));
    parseSpec(wide);
    return at(wide, ['template', 'risk_grid', 'max_bars', 'values']);
  };
  assert.deepEqual(widenedOf([4, 6, 9]), [3, 4, 6, 9, 14]);
  assert.deepEqual(widenedOf([1, 2, 4, 8, 16]), [1, 2, 4, 8, 16, 32, 64]);
});

test('bars are held out in two ways', () => {
  assert.deepEqual(validated(job.spec, 'holdout')['validation'], { mode: 'holdout', fraction: 0.3 });
  parseSpec(validated(job.spec, 'walk_forward'));
});

test('parameters of rules are narrowed like all others', () => {
  const rules = jobOf({
    ...DEMO,
    template: {
      instrument_id: DEMO.template.instrument_id,
      timeframe: '1d',
      rules: { long: 'ema(close, fast) > ema(close, slow)' },
      params: { slow: { mode: 'range', start: 20, stop_incl: 100, step: 10 }, fast: 5 },
    },
  });
  const spec = narrowed(rules, indexOf(rules, { slow: 4 }));
  assert.deepEqual(at(spec, ['template', 'params']), {
    slow: { mode: 'range', start: 50, stop_incl: 70, step: 10 },
    fast: { mode: 'explicit', values: [5] },
  });
});

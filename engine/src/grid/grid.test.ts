import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { NO_RISK } from '../simulate/setting.ts';
import type { Sample, Spec } from '../spec.ts';
import { specInput } from '../testing/specs.ts';
import { buildGrid, digitsAt, hasRiskOff, rawTotalOf, riskAt, riskOff, valuesAt, type Grid } from './grid.ts';
import { random } from './random.ts';
import { draw, selectFrom } from './sample.ts';

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });
const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });

function gridOf(template: object): { spec: Spec; grid: Grid } {
  const spec = parseSpec(specInput({}, template));
  return { spec, grid: buildGrid(spec) };
}

/** A template of rules in the place of the indicators. */
function rulesGrid(template: object): Grid {
  return gridOf({ indicator_grids: undefined, ...template }).grid;
}

test('axes: indicators by id with source and params, then signal axes by id and name; last fastest', () => {
  const { grid } = gridOf({
    indicator_grids: [
      { indicator_id: 'momentum.rsi', params: { window: values(7, 14) } },
      { indicator_id: 'ma.sma', source: values('open', 'close'), params: { window: values(5, 3) } },
    ],
    signal_grids: { 'momentum.rsi': { short_threshold: values(60, 70), long_threshold: values(20, 30) } },
  });
  assert.deepEqual(
    grid.axes.map(({ indicator_id, kind, name, values: { length } }) => [indicator_id, kind, name, length].join(' ')),
    [
      'ma.sma source source 2',
      'ma.sma param window 2',
      'momentum.rsi source source 1',
      'momentum.rsi param window 2',
      'ma.sma signal inverted 1',
      'momentum.rsi signal long_threshold 2',
      'momentum.rsi signal short_threshold 2',
    ],
  );
  assert.equal(grid.rawTotal, 32);
  assert.equal(grid.baseTotal, 32);
  const shown = [0, 1, 2, 4, 8, 16, 31].map((index) => Object.values(valuesAt(grid, index) ?? {}));
  assert.deepEqual(shown, [
    ['open', 5, 'close', 7, 0, 20, 60],
    ['open', 5, 'close', 7, 0, 20, 70],
    ['open', 5, 'close', 7, 0, 30, 60],
    ['open', 5, 'close', 14, 0, 20, 60],
    ['open', 3, 'close', 7, 0, 20, 60],
    ['close', 5, 'close', 7, 0, 20, 60],
    ['close', 3, 'close', 14, 0, 30, 70],
  ]);
});

test('risk: sl outermost, then tp, trail and max_bars, off is null', () => {
  const { grid } = gridOf({ risk_grid: { sl: values('off', 2), tp: values(1, 'off', 3) } });
  assert.equal(grid.riskTotal, 6);
  assert.deepEqual(
    Array.from({ length: 6 }, (_, index) => riskAt(grid, index)),
    [
      { ...NO_RISK, sl: null, tp: 1 },
      { ...NO_RISK, sl: null, tp: null },
      { ...NO_RISK, sl: null, tp: 3 },
      { ...NO_RISK, sl: 2, tp: 1 },
      { ...NO_RISK, sl: 2, tp: null },
      { ...NO_RISK, sl: 2, tp: 3 },
    ],
  );
  assert.equal(riskOff(grid), 1);
  const { grid: four } = gridOf({
    risk_grid: { sl: values(1, 'off'), tp: values(3, 4, 5), trail: values('off', 6), max_bars: values(7, 8, 'off') },
  });
  assert.equal(four.riskTotal, 2 * 3 * 2 * 3);
  const at = (index: number) => Object.values(riskAt(four, index));
  assert.deepEqual([0, 1, 2, 3, 6, 18, 35].map(at), [
    [1, 3, null, 7],
    [1, 3, null, 8],
    [1, 3, null, null],
    [1, 3, 6, 7],
    [1, 4, null, 7],
    [null, 3, null, 7],
    [null, 5, 6, null],
  ]);
  assert.deepEqual(riskAt(four, riskOff(four)), { ...NO_RISK, tp: 3 });
  assert.deepEqual([hasRiskOff(four), hasRiskOff(grid)], [false, true]);
});

/** A random template over the whole catalogue, macd with senseless combinations included. */
function randomTemplate(next: () => number): object {
  const some = (pool: readonly (number | string)[]) => {
    const picked = pool.filter(() => next() < 0.5);
    return values(...(picked.length === 0 ? [pool[0]] : picked));
  };
  const all = [
    { indicator_id: 'ma.sma', source: some(['open', 'hl2', 'close']), params: { window: some([3, 9, 5]) } },
    { indicator_id: 'volatility.atr', params: { window: some([7, 14]) } },
    {
      indicator_id: 'momentum.macd',
      source: some(['close', 'ohlc4']),
      params: { fast_window: some([2, 8, 12, 5]), slow_window: values(30, 8, 4, 12), signal_window: some([9]) },
    },
    { indicator_id: 'momentum.rsi', params: { window: some([2, 14]) } },
  ];
  const chosen = all.filter(() => next() < 0.7);
  const indicator_grids = chosen.length === 0 ? all : chosen;
  const used = (id: string) => indicator_grids.some(({ indicator_id }) => indicator_id === id);
  return {
    indicator_grids,
    signal_grids: {
      ...(used('momentum.rsi') && { 'momentum.rsi': { long_threshold: some([10, 20, 30]) } }),
      ...(used('momentum.macd') && { 'momentum.macd': { rule: some(['sign', 'macd_vs_signal']) } }),
    },
  };
}

test('indexes are the mixed-radix positions of the axes, and senseless combinations are skipped, not renumbered', () => {
  const next = random(5);
  let excluded = 0;
  for (let round = 0; round < 200; round += 1) {
    const { grid, spec } = gridOf(randomTemplate(next));
    assert.equal(grid.rawTotal, rawTotalOf(spec.template));
    const digits = new Int32Array(grid.axes.length);
    const seen = new Set<string>();
    for (let index = 0; index < grid.rawTotal; index += 1) {
      const positions = grid.axes.map((_, at) => {
        const inner = grid.axes.slice(at + 1).reduce((product, axis) => product * axis.values.length, 1);
        return Math.floor(index / inner) % grid.axes[at].values.length;
      });
      const expected = Object.fromEntries(grid.axes.map((axis, at) => [axis.key, axis.values[positions[at]]]));
      const sensible = !(
        Number(expected['momentum.macd.fast_window']) >= Number(expected['momentum.macd.slow_window'])
      );
      assert.equal(digitsAt(grid, index, digits), sensible);
      assert.deepEqual([...digits], positions);
      assert.deepEqual(valuesAt(grid, index), sensible ? expected : null);
      if (sensible) seen.add(JSON.stringify(expected));
      else excluded += 1;
    }
    assert.equal(seen.size, grid.baseTotal, 'two indexes are the same variant, or the count is wrong');
  }
  assert.ok(excluded > 1000);
});

test('ten million points cost nothing until they are asked for', () => {
  const { grid } = gridOf({
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: range(2, 1001) } },
      { indicator_id: 'momentum.rsi', params: { window: range(2, 101) } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: range(0, 9), short_threshold: range(60, 69) } },
  });
  assert.equal(grid.baseTotal, 10_000_000);
  assert.deepEqual(Object.values(valuesAt(grid, 9_999_999) ?? {}), ['close', 1001, 'close', 101, 0, 9, 69]);
});

test('rules: axes are the parameters by name, constraints and senseless calls exclude', () => {
  const grid = rulesGrid({
    rules: { long: 'ema(close, fast) > ema(close, slow) and macd(close, fast, slow * 2, 9) > rsi(close, fast + 1)' },
    params: { slow: values(5, 20), fast: values(5, 10, 30) },
    constraints: ['fast < slow'],
  });
  assert.deepEqual(
    grid.axes.map(({ key, indicator_id, kind }) => [key, indicator_id, kind]),
    [
      ['fast', null, 'param'],
      ['slow', null, 'param'],
    ],
  );
  const kept = Array.from({ length: grid.rawTotal }, (_, index) => valuesAt(grid, index)).filter((one) => one !== null);
  assert.deepEqual(kept, [
    { fast: 5, slow: 20 },
    { fast: 10, slow: 20 },
  ]);
  assert.equal(grid.baseTotal, 2);
});

test('rules: constraints that share a parameter are one group, others multiply', () => {
  const grid = rulesGrid({
    rules: { long: 'sma(close, a) > sma(close, b) and sma(close, c) > close[d] and rsi(close, e) < f' },
    params: { a: range(2, 9), b: range(2, 9), c: range(2, 9), d: range(0, 7), e: range(2, 4), f: values(30, 40) },
    constraints: ['a < b', 'b < c', 'd * 10 > f'],
  });
  let counted = 0;
  for (let index = 0; index < grid.rawTotal; index += 1) {
    const one = valuesAt(grid, index);
    if (one === null) continue;
    counted += 1;
    assert.ok(one.a < one.b && one.b < one.c && Number(one.d) * 10 > Number(one.f));
  }
  assert.equal(grid.groups.length, 2);
  // 56 ascending triples of 8 values; d above 3 or above 4: 4 + 3; 3 windows.
  assert.deepEqual([counted, grid.baseTotal], [56 * 7 * 3, 56 * 7 * 3]);
});

test('a computed parameter out of its bounds excludes the combination', () => {
  const grid = rulesGrid({
    rules: { long: 'highest(close, n - 2) > close[m / 2] and sma(close, n * 100) > 0' },
    params: { n: values(2, 3, 20, 21), m: values(0, 1, 2) },
  });
  const kept = Array.from({ length: grid.rawTotal }, (_, index) => valuesAt(grid, index)).filter((one) => one !== null);
  assert.deepEqual(kept, [
    { m: 0, n: 3 },
    { m: 0, n: 20 },
    { m: 2, n: 3 },
    { m: 2, n: 20 },
  ]);
});

function drawSample(grid: Grid, sample: Sample): Float64Array {
  const drawing = draw(grid, sample, () => null);
  for (;;) {
    const { done, value } = drawing.next();
    if (done === true) return value;
  }
}

test('a sample is so many variants, the same for a seed, others for another, and ascending', () => {
  const { grid } = gridOf({
    indicator_grids: [
      { indicator_id: 'momentum.macd', params: { fast_window: range(2, 60), slow_window: range(2, 100) } },
    ],
  });
  const sample = drawSample(grid, { n: 500, seed: 7 });
  assert.equal(sample.length, 500);
  assert.deepEqual(sample, drawSample(grid, { n: 500, seed: 7 }));
  assert.notDeepEqual(sample, drawSample(grid, { n: 500, seed: 8 }));
  assert.ok(sample.every((index, at) => at === 0 || index > sample[at - 1]));
  assert.ok(sample.every((index) => valuesAt(grid, index) !== null));
  const all = drawSample(grid, { n: 1e6, seed: 1 });
  assert.equal(all.length, grid.baseTotal);
});

test('drawing from millions gives turns and the same sample, and a selection is of its list', () => {
  const grid = rulesGrid({
    rules: { long: 'sma(close, a) > sma(close, b) and rsi(close, c) < 50' },
    params: { a: range(2, 130), b: range(2, 130), c: range(2, 80) },
  });
  assert.ok(grid.rawTotal > 2 ** 20);
  const drawing = draw(grid, { n: 700, seed: 4 }, () => 'turn');
  assert.deepEqual(drawing.next(), { value: 'turn', done: false });
  const drawn = drawing.next().value;
  assert.ok(drawn instanceof Float64Array && drawn.length === 700 && drawn[699] > 2 ** 20);
  assert.deepEqual(drawn, drawSample(grid, { n: 700, seed: 4 }));
  const selected = selectFrom(drawn, 50, 9);
  assert.equal(selected.length, 50);
  assert.ok(selected.every((index, at) => drawn.includes(index) && (at === 0 || index > selected[at - 1])));
  assert.deepEqual(selectFrom(selected, 60, 9), selected);
});

test('a sample takes each variant as often as any other', () => {
  const { grid } = gridOf({ indicator_grids: [{ indicator_id: 'ma.sma', params: { window: range(2, 21) } }] });
  const times = new Float64Array(20);
  for (let seed = 0; seed < 4000; seed += 1) for (const index of drawSample(grid, { n: 5, seed })) times[index] += 1;
  assert.ok(
    times.every((count) => count > 850 && count < 1150),
    String(times),
  ); // 1000 expected, 5.5 deviations
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGrid, pointAt, rawTotalOf, riskAt, selectionsAt, validBelow } from './grid.ts';
import type { Grid, Selection } from './grid.ts';
import { parseSpec } from './parse-spec.ts';
import type { Spec } from './spec.ts';
import { random } from './testing/random.ts';
import { specInput } from './testing/specs.ts';

const values = (...list: readonly (number | string)[]) => ({ mode: 'explicit', values: list });

const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });
const sma = (source: string, window: number) => ['ma.sma', source, window, 0];
const rsi = (window: number, long: number, short: number) => ['momentum.rsi', 'close', window, long, short];

function gridOf(template: object): { spec: Spec; grid: Grid } {
  const spec = parseSpec(specInput({}, template));
  return { spec, grid: buildGrid(spec) };
}

/** A selection as plain values, in the order of the axes. */
function plain({ indicator, source, params, signal }: Selection): unknown[] {
  return [indicator.id, source, ...params, ...Object.values(signal)];
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
  const shown = [0, 1, 2, 4, 8, 16, 31].map((index) => selectionsAt(grid, index)?.map(plain));
  assert.deepEqual(shown, [
    [sma('open', 5), rsi(7, 20, 60)],
    [sma('open', 5), rsi(7, 20, 70)],
    [sma('open', 5), rsi(7, 30, 60)],
    [sma('open', 5), rsi(14, 20, 60)],
    [sma('open', 3), rsi(7, 20, 60)],
    [sma('close', 5), rsi(7, 20, 60)],
    [sma('close', 3), rsi(14, 30, 70)],
  ]);
});

test('risk: sl outermost, off is null', () => {
  const { grid } = gridOf({ risk_grid: { sl: values('off', 2), tp: values(1, 'off', 3) } });
  assert.equal(grid.riskTotal, 6);
  assert.deepEqual(
    Array.from({ length: 6 }, (_, index) => riskAt(grid, index)),
    [
      { sl: null, tp: 1 },
      { sl: null, tp: null },
      { sl: null, tp: 3 },
      { sl: 2, tp: 1 },
      { sl: 2, tp: null },
      { sl: 2, tp: 3 },
    ],
  );
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
    const point = new Float64Array(2 * grid.parts.length);
    const seen = new Set<string>();
    let valid = 0;
    for (let index = 0; index < grid.rawTotal; index += 1) {
      const positions = grid.axes.map((_, at) => {
        const inner = grid.axes.slice(at + 1).reduce((product, axis) => product * axis.values.length, 1);
        return Math.floor(index / inner) % grid.axes[at].values.length;
      });
      const expected = new Map(
        grid.axes.map((axis, at) => [`${axis.indicator_id} ${axis.name}`, axis.values[positions[at]]]),
      );
      const sensible = !(
        Number(expected.get('momentum.macd fast_window')) >= Number(expected.get('momentum.macd slow_window'))
      );
      assert.equal(validBelow(grid, index), valid);
      assert.equal(pointAt(grid, index, point), sensible);
      const selections = selectionsAt(grid, index);
      assert.equal(selections !== null, sensible);
      if (selections === null) {
        excluded += 1;
        continue;
      }
      valid += 1;
      for (const { indicator, source, params, signal, seriesAt, signalAt } of selections) {
        const value = (name: string) => expected.get(`${indicator.id} ${name}`) ?? null;
        assert.equal(source, value('source'));
        assert.deepEqual(
          params,
          indicator.params.map(({ name }) => value(name)),
        );
        for (const [name, chosen] of Object.entries(signal)) assert.equal(chosen, value(name));
        const part = grid.parts.findIndex((one) => one.indicator === indicator);
        assert.deepEqual([seriesAt, signalAt], [point[2 * part], point[2 * part + 1]]);
      }
      seen.add(JSON.stringify(selections.map(plain)));
    }
    assert.equal(valid, grid.baseTotal);
    assert.equal(seen.size, grid.baseTotal, 'two indexes are the same variant');
    assert.equal(validBelow(grid, grid.rawTotal), valid);
  }
  assert.ok(excluded > 1000);
});

test('the same ordinals mean the same series and signals', () => {
  const { grid } = gridOf(randomTemplate(random(6)));
  const meanings = new Map<string, string>();
  for (let index = 0; index < grid.rawTotal; index += 1) {
    for (const selection of selectionsAt(grid, index) ?? []) {
      const { indicator, source, params, signal, seriesAt, signalAt } = selection;
      for (const [key, meaning] of [
        [`${indicator.id} series ${seriesAt}`, JSON.stringify([source, params])],
        [`${indicator.id} signal ${signalAt}`, JSON.stringify(signal)],
      ]) {
        assert.equal(meanings.get(key) ?? meaning, meaning);
        meanings.set(key, meaning);
      }
    }
  }
  assert.ok(meanings.size > 4);
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
  assert.deepEqual(selectionsAt(grid, 9_999_999)?.map(plain), [
    ['ma.sma', 'close', 1001, 0],
    ['momentum.rsi', 'close', 101, 9, 69],
  ]);
  assert.equal(validBelow(grid, 1_234_567), 1_234_567);
});

test('a large constrained grid knows its progress anywhere', () => {
  const { grid } = gridOf({
    indicator_grids: [
      {
        indicator_id: 'momentum.macd',
        params: {
          fast_window: range(2, 60),
          slow_window: range(2, 100),
        },
      },
    ],
  });
  const valid = Array.from({ length: grid.rawTotal }, (_, index) => selectionsAt(grid, index) !== null);
  let before = 0;
  valid.forEach((one, index) => {
    assert.equal(validBelow(grid, index), before);
    before += Number(one);
  });
  assert.equal(before, grid.baseTotal);
});

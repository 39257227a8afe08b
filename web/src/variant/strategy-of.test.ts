import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategyOf } from './strategy-of.ts';

const one = (value: unknown) => ({ mode: 'explicit', values: [value] });

test('a strategy of a variant has its values alone and keeps the rest of the template', () => {
  const template = {
    timeframe: '1d',
    indicator_grids: [
      { indicator_id: 'ma.sma', source: one('close'), params: { window: { mode: 'range', start: 5 } } },
    ],
    signal_grids: { 'ma.sma': { inverted: { mode: 'explicit', values: [0, 1] } } },
    risk_grid: { sl: { mode: 'explicit', values: ['off', 1] }, trigger: 'intrabar' },
  };
  const payload = {
    indicator_selections: [{ indicator_id: 'ma.sma', inputs: { source: 'close' }, params: { window: 20 } }],
    signal_params: { 'ma.sma': { inverted: 1 } },
    params: null,
    risk_params: { sl_pct: 1, tp_pct: null, trail_pct: null, max_bars: null },
  };
  assert.deepEqual(strategyOf(template, payload), {
    timeframe: '1d',
    indicator_grids: [{ indicator_id: 'ma.sma', source: one('close'), params: { window: one(20) } }],
    signal_grids: { 'ma.sma': { inverted: one(1) } },
    risk_grid: { sl: one(1), tp: one('off'), trail: one('off'), max_bars: one('off'), trigger: 'intrabar' },
  });
});

test('each indicator has its own values, also two of one name, and a source where none was named', () => {
  const many = { mode: 'range', start: 1, stop_incl: 9, step: 1 };
  const template = {
    indicator_grids: [
      { indicator_id: 'ma.sma', source: one('close'), params: { window: many } },
      { indicator_id: 'ma.sma', params: { window: many } },
    ],
  };
  const payload = {
    rules: null,
    params: null,
    indicator_selections: [
      { indicator_id: 'ma.sma', inputs: { source: 'high' }, params: { window: 3 } },
      { indicator_id: 'ma.sma', inputs: { source: 'close' }, params: { window: 7 } },
    ],
    signal_params: { 'ma.sma': { inverted: 1 } },
    risk_params: { sl_pct: 2, tp_pct: null, trail_pct: null, max_bars: 5, trigger: 'intrabar' },
  };
  assert.deepEqual(strategyOf(template, payload), {
    indicator_grids: [
      { indicator_id: 'ma.sma', source: one('high'), params: { window: one(3) } },
      { indicator_id: 'ma.sma', source: one('close'), params: { window: one(7) } },
    ],
    signal_grids: { 'ma.sma': { inverted: one(1) } },
    risk_grid: { sl: one(2), tp: one('off'), trail: one('off'), max_bars: one(5) },
  });
});

test('rules keep their text and get one value for each name', () => {
  const template = { rules: { long: 'close > sma(close, n)' }, params: { n: { mode: 'range' } } };
  const payload = { params: { n: 7 }, rules: template.rules, indicator_selections: null };
  const made = strategyOf(template, payload) as typeof template;
  const { rules, params } = made;
  assert.deepEqual([rules, params], [template.rules, { n: one(7) }]);
  assert.equal('indicator_grids' in made, false);
});

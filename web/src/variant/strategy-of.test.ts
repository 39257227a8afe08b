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

test('rules keep their text and get one value for each name', () => {
  const template = { rules: { long: 'close > sma(close, n)' }, params: { n: { mode: 'range' } } };
  const { rules, params } = strategyOf(template, { params: { n: 7 }, rules: template.rules }) as typeof template;
  assert.deepEqual([rules, params], [template.rules, { n: one(7) }]);
});

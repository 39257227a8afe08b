import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strategyOf } from './strategy-of.ts';

const many = { mode: 'range', start: 1, stop_incl: 9, step: 1 };
const one = (value: unknown) => ({ mode: 'explicit', values: [value] });

test('a variant of indicators becomes a template with one value on each axis', () => {
  const template = {
    timeframe: '1d',
    indicator_grids: [
      { indicator_id: 'ma.sma', source: one('close'), params: { window: many } },
      { indicator_id: 'ma.sma', params: { window: many } },
    ],
    signal_grids: { 'ma.sma': { inverted: many } },
    risk_grid: { trigger: 'intrabar', sl: many, tp: many },
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
    timeframe: '1d',
    indicator_grids: [
      { indicator_id: 'ma.sma', source: one('high'), params: { window: one(3) } },
      { indicator_id: 'ma.sma', source: one('close'), params: { window: one(7) } },
    ],
    signal_grids: { 'ma.sma': { inverted: one(1) } },
    risk_grid: { trigger: 'intrabar', sl: one(2), tp: one('off'), trail: one('off'), max_bars: one(5) },
  });
});

test('a variant of rules keeps its rules and has one value of each name', () => {
  const template = { rules: { long: 'close > sma(close, n)' }, params: { n: many }, risk_grid: { sl: many } };
  const payload = {
    rules: template.rules,
    params: { n: 4 },
    indicator_selections: null,
    risk_params: { sl_pct: null },
  };
  const made = strategyOf(template, payload) as Record<string, unknown>;
  assert.deepEqual(made['params'], { n: one(4) });
  assert.deepEqual(made['rules'], template.rules);
  assert.equal('indicator_grids' in made, false);
});

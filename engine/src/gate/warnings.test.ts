import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS } from '../defaults.ts';
import { specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';
import { specWarnings } from './warnings.ts';

/** Warns of a spec on a futures market, unless the template says another one. */
function warned(template: object, changes: object = {}): readonly string[] {
  const instrument_id = { market_id: 2, symbol: 'BTCUSDT' };
  const spec = parseSpec(specInput(changes, { instrument_id, ...template }));
  return specWarnings(spec, DEFAULTS.markets).map(({ path, code }) => `${path} ${code}`);
}

const rules = (one: object) => ({ indicator_grids: undefined, rules: one });
const ON_SPOT = { instrument_id: { market_id: 3, symbol: 'ETHUSDT' } };

test('a spec without anything odd has no warning', () => {
  assert.deepEqual(warned({}), []);
  assert.deepEqual(
    warned({ execution: { fee_pct: 0 }, risk_grid: { sl: 2, tp: { mode: 'explicit', values: [0.1, 1] } } }),
    [],
  );
});

test('one side only, without a rule for it, never enters', () => {
  const path = 'template.direction_mode never_enters';
  assert.deepEqual(warned({ ...rules({ long: 'close > open' }), direction_mode: 'short-only' }), [path]);
  assert.deepEqual(warned({ ...rules({ short: 'close > open' }), direction_mode: 'long-only' }), [path]);
  assert.deepEqual(warned({ ...rules({ short: 'close > open' }), direction_mode: 'short-only' }), []);
  assert.deepEqual(warned({ direction_mode: 'short-only' }), [], 'indicators have signals for both sides');
});

test('short positions on a market for spot', () => {
  const path = 'template.direction_mode shorts_on_spot';
  assert.deepEqual(warned(ON_SPOT), [path], 'long-short is the default');
  assert.deepEqual(warned({ ...ON_SPOT, direction_mode: 'short-only' }), [path]);
  assert.deepEqual(warned({ ...ON_SPOT, direction_mode: 'long-only' }), []);
  assert.deepEqual(warned({ ...ON_SPOT, ...rules({ long: 'close > open' }) }), [], 'no rule goes short');
  assert.deepEqual(warned({ ...ON_SPOT, ...rules({ long: 'close > open', short: 'close < open' }) }), [path]);
});

test('fractions that were probably meant as percents', () => {
  const execution = { fee_pct: 0.001, slippage_pct: 0.0005, equity_percent: 0.5, safe_profit_percent: 0.3 };
  const range = { mode: 'range', start: 0.01, stop_incl: 0.05, step: 0.01 };
  const risk_grid = { sl: range, tp: { mode: 'explicit', values: ['off', 0.02] }, trail: 0.1 };
  const found = warned({ execution, risk_grid }, { filters: { max_drawdown_pct: 0.25 } });
  assert.deepEqual(
    found,
    [
      'template.execution.fee_pct',
      'template.execution.slippage_pct',
      'template.execution.equity_percent',
      'template.execution.safe_profit_percent',
      'template.risk_grid.sl',
      'template.risk_grid.tp',
      'template.risk_grid.trail',
      'filters.max_drawdown_pct',
    ].map((path) => `${path} looks_like_fraction`),
  );
});

test('a message says what would be meant', () => {
  const spec = parseSpec(specInput({}, { ...ON_SPOT, direction_mode: 'long-only', execution: { fee_pct: 0.00075 } }));
  const [{ message }] = specWarnings(spec, DEFAULTS.markets);
  assert.equal(message, '0.00075 is 0.00075 percent: write 0.075 if you mean 0.075 %');
});

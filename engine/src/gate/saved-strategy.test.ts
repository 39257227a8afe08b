// A spec with a saved strategy is the spec with its template in it; what is wrong with it is said where the user wrote
// it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS } from '../defaults.ts';
import { SpecError } from '../problems.ts';
import { requestHash } from '../spec.ts';
import { specInput } from '../testing/specs.ts';
import { parseSpec } from './parse-spec.ts';
import { parseStrategy } from './parse-strategy.ts';
import type { SavedStrategy } from './saved-strategy.ts';

const ID = '0199b0a0-0000-7000-8000-000000000001';
const values = (...list: readonly unknown[]) => ({ mode: 'explicit', values: list });

/** The template that `specInput` has, with a trading part of its own. */
const TRADING = {
  direction_mode: 'long-only',
  execution: { init_cash_quote: 500, fee_pct: 0.2 },
  risk_grid: { sl: values('off', 2), tp: 4, trigger: 'intrabar' },
  signal_grids: { 'momentum.rsi': { long_threshold: values(20, 25), short_threshold: 80 } },
};
const { template: TEMPLATE } = specInput({}, TRADING) as { template: object };
const SAVED = parseStrategy({ name: 'mine', template: TEMPLATE });

const withStrategy = (changes: object = {}) => specInput({ template: undefined, strategy_id: ID, ...changes });
const parsed = (overrides?: object) => parseSpec(withStrategy({ overrides }), DEFAULTS, SAVED);

function problems(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ path, code }) => `${path} ${code}`);
    throw error;
  }
  return [];
}
const refused = (changes: object, saved: SavedStrategy | null | undefined = SAVED) =>
  problems(() => parseSpec(withStrategy(changes), DEFAULTS, saved));

test('a strategy is kept with every default filled in, and saving it again changes nothing', () => {
  assert.deepEqual(SAVED, { name: 'mine', template: parseSpec(specInput({}, TRADING)).template });
  assert.deepEqual(parseStrategy(JSON.parse(JSON.stringify(SAVED))), SAVED);
});

test('a spec with a strategy is the spec with its template in it', () => {
  const inline = parseSpec(specInput({}, TRADING));
  assert.deepEqual(parsed(), inline);
  assert.equal(requestHash(parsed({})), requestHash(inline));
});

test('an override replaces what it names and nothing else', () => {
  const overrides = {
    direction_mode: 'short-only',
    sizing_mode: 'fixed_quote',
    execution: { fee_pct: 0 },
    risk_grid: { tp: 'off', trail: values(1, 2) },
    signal_grids: { 'momentum.rsi': { short_threshold: values(70, 75) } },
  };
  const inline = {
    direction_mode: 'short-only',
    sizing_mode: 'fixed_quote',
    execution: { ...TRADING.execution, fee_pct: 0 },
    risk_grid: { sl: values('off', 2), trail: values(1, 2), trigger: 'intrabar' },
    signal_grids: { 'momentum.rsi': { long_threshold: values(20, 25), short_threshold: values(70, 75) } },
  };
  assert.deepEqual(parsed(overrides), parseSpec(specInput({}, inline)));
});

test('a stop may be overridden in each of the ways it can be written', () => {
  const stops = (risk_grid: object) => parsed({ risk_grid }).template.risk_grid;
  assert.deepEqual(stops({ sl_pct: 7 }).sl, values(7));
  assert.deepEqual(stops({ sl_enabled: false }).sl, values('off'));
  assert.deepEqual(stops({ sl_enabled: true }).sl, values('off', 2));
  assert.deepEqual(stops({ sl_pct: null, tp_pct: 9 }), { ...SAVED.template.risk_grid, tp: values(9) });
  const bare = parseStrategy({ name: 'bare', template: { ...TEMPLATE, risk_grid: {} } });
  assert.deepEqual(refused({ overrides: { risk_grid: { sl_enabled: true } } }, bare), [
    'overrides.risk_grid.sl required',
  ]);
});

test('an indicator may be overridden under an alias', () => {
  const indicator_grids = [{ indicator_id: 'ma.wma', params: { window: 10 } }];
  const saved = parseStrategy({ name: 'wma', template: { ...TEMPLATE, indicator_grids, signal_grids: {} } });
  const overrides = { signal_grids: { 'ma.lwma': { inverted: 1 } } };
  const { template } = parseSpec(withStrategy({ overrides }), DEFAULTS, saved);
  assert.ok('signal_grids' in template);
  assert.deepEqual(template.signal_grids, { 'ma.wma': { inverted: values(1) } });
});

test('problems of overrides are told at their places, all at once with those of the spec', () => {
  const overrides = {
    direction_mode: 'up',
    sizing_mode: null,
    execution: { fee_pct: -1, fees: 1 },
    risk_grid: 5,
    signal_grids: { 'momentum.rsi': { threshold: 1 }, 'ma.ema': {} },
    timeframe: '1d',
  };
  assert.deepEqual(refused({ overrides, top_k: 0 }), [
    'overrides.direction_mode invalid_value',
    'overrides.execution.fee_pct invalid_value',
    'overrides.execution.fees unknown_field',
    'overrides.risk_grid invalid_type',
    'overrides.signal_grids.ma.ema unused_indicator',
    'overrides.signal_grids.momentum.rsi.threshold unknown_field',
    'overrides.timeframe unknown_field',
    'top_k invalid_value',
  ]);
  assert.deepEqual(refused({ overrides: [] }), ['overrides invalid_type']);
});

test('guards speak of the overrides where they have the axis, else of the strategy', () => {
  const few = { ...DEFAULTS, guards: { ...DEFAULTS.guards, max_variants_per_compute: 20 } };
  const risk_grid = { trail: values(1, 2, 3, 4, 5) };
  assert.deepEqual(
    problems(() => parseSpec(withStrategy({ overrides: { risk_grid } }), few, SAVED)),
    ['overrides.risk_grid too_many_variants'],
  );
  assert.deepEqual(
    problems(() => parseSpec(withStrategy(), few, SAVED)),
    ['strategy_id too_many_variants'],
  );
});

test('what has become of the strategy since is told at strategy_id', () => {
  const markets = { 2: DEFAULTS.markets[2] };
  const [problem, ...more] = problems(() => parseSpec(withStrategy(), { ...DEFAULTS, markets }, SAVED));
  assert.deepEqual([problem, more], ['strategy_id unknown_market', []]);
});

test('which strategy is meant', () => {
  assert.deepEqual(refused({}, null), ['strategy_id unknown_strategy']);
  assert.deepEqual(
    problems(() => parseSpec(withStrategy())),
    ['strategy_id not_available'],
  );
  assert.deepEqual(refused({ strategy_id: 'mine' }, null), ['strategy_id invalid_value']);
  assert.deepEqual(refused({ strategy_id: 7 }, null), ['strategy_id invalid_value']);
  assert.deepEqual(refused({ strategy_id: null }), ['template required']);
  assert.deepEqual(
    problems(() => parseSpec(specInput({ strategy_id: ID }, { timeframe: 'x' }), DEFAULTS, SAVED)),
    ['strategy_id conflict', 'template.timeframe unknown_timeframe'],
  );
  // The rest of the spec is judged all the same.
  assert.deepEqual(refused({ top_k: 0, overrides: { x: 1 } }, null), [
    'overrides.x unknown_field',
    'strategy_id unknown_strategy',
    'top_k invalid_value',
  ]);
});

test('a strategy of rules has no signal_grids to override', () => {
  const { instrument_id, timeframe } = SAVED.template;
  const rules = { long: 'close > open' };
  const saved = parseStrategy({ name: 'rules', template: { instrument_id, timeframe, rules } });
  const overrides = { signal_grids: { 'ma.sma': {} } };
  assert.deepEqual(refused({ overrides }, saved), ['overrides.signal_grids conflict']);
});

test('a strategy is judged before it is kept, all of it at once', () => {
  const judged = (input: unknown) => problems(() => parseStrategy(input));
  assert.deepEqual(judged(undefined), [' required']);
  assert.deepEqual(judged([]), [' invalid_type']);
  assert.deepEqual(judged({}), ['name required', 'template required']);
  assert.deepEqual(judged({ name: '', template: { ...TEMPLATE, timeframe: '2d', topk: 1 }, top_k: 3 }), [
    'name invalid_value',
    'template.timeframe unknown_timeframe',
    'template.topk unknown_field',
    'top_k unknown_field',
  ]);
  assert.deepEqual(judged({ name: 'x'.repeat(201), template: TEMPLATE }), ['name invalid_value']);
  assert.deepEqual(judged({ name: null, template: TEMPLATE }), ['name required']);
  assert.deepEqual(judged({ name: 1, template: TEMPLATE }), ['name invalid_type']);
  const million = { mode: 'range', start: 0, stop_incl: 99.9999, step: 0.0001 };
  const signal_grids = { 'momentum.rsi': { long_threshold: million, short_threshold: million } };
  assert.deepEqual(judged({ name: 'n', template: { ...TEMPLATE, signal_grids } }), ['template too_many_variants']);
});

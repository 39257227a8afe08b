// Reads a template: which instrument and timeframe, which indicators, and how their signals become trades.

import { single, type Axis } from '../axis.ts';
import { type Defaults } from '../defaults.ts';
import {
  DIRECTIONS,
  FILLS,
  isTimeframe,
  SIZINGS,
  TIMEFRAMES,
  TRIGGERS,
  type Execution,
  type IndicatorTemplate,
  type RiskGrid,
  type RuleTemplate,
  type Template,
  type Timeframe,
} from '../spec.ts';
import { BOUNDS } from './bounds.ts';
import {
  at,
  isAbsent,
  isObject,
  numberProblem,
  onlyKnown,
  readChoice,
  readNumber,
  readText,
  complain,
  shown,
  type Field,
} from './fields.ts';
import { readSymbol } from './instrument.ts';
import { readAxisWithOff } from './read-axis.ts';
import { readGrids } from './read-grids.ts';
import { readRuleTemplate } from './read-rules.ts';

const FIELDS = [
  'instrument_id',
  'timeframe',
  'indicator_grids',
  'signal_grids',
  'rules',
  'params',
  'constraints',
  'direction_mode',
  'sizing_mode',
  'execution',
  'risk_grid',
];

export function readTemplate(field: Field, defaults: Defaults): Template | null {
  if (isAbsent(field)) complain(field, 'required', 'is required');
  if (isAbsent(field) || !isObject(field)) return null;
  onlyKnown(field, FIELDS);
  const instrument_id = readInstrument(at(field, 'instrument_id'), defaults);
  return {
    instrument_id,
    timeframe: readTimeframe(at(field, 'timeframe')),
    ...readSignals(field, periodsOf(instrument_id.market_id, defaults)),
    direction_mode: readChoice(at(field, 'direction_mode'), DIRECTIONS, 'long-short'),
    sizing_mode: readChoice(at(field, 'sizing_mode'), SIZINGS, 'all_in'),
    execution: readExecution(at(field, 'execution'), defaults, instrument_id.market_id),
    risk_grid: readRisk(at(field, 'risk_grid')),
  };
}

function periodsOf(market: number, { markets }: Defaults): number | null {
  return Object.hasOwn(markets, market) ? markets[market].periods_per_year : null;
}

/** Reads signals, which are written in one of two ways, and reports what belongs to the other one. */
function readSignals(field: Field, periodsPerYear: number | null): IndicatorTemplate | RuleTemplate {
  const given = (name: string): boolean => !isAbsent(at(field, name)) && at(field, name).value !== null;
  const byRules = given('rules');
  if (!byRules && !given('indicator_grids')) {
    complain(at(field, 'indicator_grids'), 'required', 'give indicator_grids, or rules');
    return { indicator_grids: [], signal_grids: {} };
  }
  const others = byRules ? ['indicator_grids', 'signal_grids'] : ['params', 'constraints'];
  const way = byRules ? 'rules' : 'indicator_grids';
  for (const name of others) if (given(name)) complain(at(field, name), 'conflict', `does not go with ${way}`);
  return byRules ? readRuleTemplate(field) : readGrids(field, periodsPerYear);
}

function readInstrument(field: Field, { markets }: Defaults): Template['instrument_id'] {
  if (isAbsent(field)) complain(field, 'required', 'is required');
  if (isAbsent(field) || !isObject(field)) return { market_id: NaN, symbol: '' };
  onlyKnown(field, ['market_id', 'symbol']);
  const marketField = at(field, 'market_id');
  const market_id = readNumber(marketField, BOUNDS.instrument_id.market_id);
  if (!Number.isNaN(market_id) && !Object.hasOwn(markets, market_id)) {
    const known = Object.entries(markets).map(([id, { name }]) => `${id} (${name})`);
    complain(marketField, 'unknown_market', `there is no market ${market_id}; known are ${known.join(', ')}`);
  }
  const symbolField = at(field, 'symbol');
  const text = readText(symbolField);
  if (text === undefined) return { market_id, symbol: '' };
  const { symbol, problem } = readSymbol(text);
  if (problem !== null) complain(symbolField, 'invalid_value', problem);
  return { market_id, symbol };
}

function readTimeframe(field: Field): Timeframe {
  const timeframe = readText(field);
  if (timeframe !== undefined && isTimeframe(timeframe)) return timeframe;
  if (timeframe !== undefined) {
    const message = `there is no timeframe ${shown(timeframe)}; known are ${Object.keys(TIMEFRAMES).join(', ')}`;
    complain(field, 'unknown_timeframe', message);
  }
  return '1d';
}

function readExecution(field: Field, defaults: Defaults, market: number): Execution {
  // An unknown market has no fee; it is reported as unknown already.
  const fee_pct = Object.hasOwn(defaults.markets, market) ? defaults.fee_pct_by_market[market] : NaN;
  const fallback = { ...defaults.execution, fee_pct, fill: 'close' } as const;
  if (!isObject(field)) return fallback;
  onlyKnown(field, Object.keys(fallback));
  const number = (name: keyof typeof BOUNDS.execution): number =>
    readNumber(at(field, name), BOUNDS.execution[name], fallback[name]);
  return {
    init_cash_quote: number('init_cash_quote'),
    fee_pct: number('fee_pct'),
    slippage_pct: number('slippage_pct'),
    fixed_quote: number('fixed_quote'),
    equity_percent: number('equity_percent'),
    safe_profit_percent: number('safe_profit_percent'),
    fill: readChoice(at(field, 'fill'), FILLS, fallback.fill),
  };
}

const OFF = single('off');

function readRisk(field: Field): RiskGrid {
  if (!isObject(field)) return { sl: OFF, tp: OFF, trail: OFF, max_bars: OFF, trigger: 'close' };
  onlyKnown(field, ['sl_enabled', 'sl', 'sl_pct', 'tp_enabled', 'tp', 'tp_pct', 'trail', 'max_bars', 'trigger']);
  return {
    sl: readStop(field, 'sl'),
    tp: readStop(field, 'tp'),
    trail: readRiskAxis(field, 'trail') ?? OFF,
    max_bars: readRiskAxis(field, 'max_bars') ?? OFF,
    trigger: readChoice(at(field, 'trigger'), TRIGGERS, 'close'),
  };
}

/** Reads the axis of one exit; null: the field is absent. */
function readRiskAxis(risk: Field, name: keyof typeof BOUNDS.risk_grid): Axis | null {
  const field = at(risk, name);
  if (isAbsent(field)) return null;
  const bounds = { ...BOUNDS.risk_grid[name], or: 'off' };
  return readAxisWithOff(field, (value) => numberProblem(value, bounds));
}

/** Reads a stop: an axis, or one percentage under another name. Either switches it on, unless `enabled` is false. */
function readStop(risk: Field, name: 'sl' | 'tp'): Axis {
  const axisField = at(risk, name);
  const percentField = at(risk, `${name}_pct`);
  const hasPercent = !isAbsent(percentField) && percentField.value !== null;
  const percent = hasPercent ? single(readNumber(percentField, BOUNDS.risk_grid[name])) : null;
  const axis = readRiskAxis(risk, name) ?? percent;
  if (hasPercent && !isAbsent(axisField)) complain(percentField, 'conflict', `give ${name} or ${name}_pct, not both`);
  const enabled = at(risk, `${name}_enabled`);
  if (!isAbsent(enabled) && typeof enabled.value !== 'boolean') {
    complain(enabled, 'invalid_type', `must be true or false, got ${shown(enabled.value)}`);
  }
  if (enabled.value === true && axis === null) {
    complain(axisField, 'required', `${name}_enabled is true: give ${name} or ${name}_pct`);
  }
  return enabled.value === false ? OFF : (axis ?? OFF);
}

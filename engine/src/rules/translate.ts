// Templates of indicators as rules: each indicator LONG where one rule holds and SHORT where the other does, NEUTRAL where
// both do; the strategy LONG when all say LONG, SHORT when all say SHORT.

import { axisValues, type AxisValue } from '../axis.ts';
import { SOURCES, type Source } from '../bars/candles.ts';
import { indicatorById, ruleOf, signalParams, type Indicator, type SignalRule } from '../indicators/catalogue.ts';
import type { IndicatorGrid, IndicatorTemplate } from '../spec.ts';
import type { ConditionExpr, Expr, SeriesExpr } from './expression.ts';
import { FAMILIES } from './families.ts';
import { readRule } from './read-rule.ts';

export interface Sides {
  readonly long: ConditionExpr;
  readonly short: ConditionExpr;
}

/** The key of an indicator's axis: of its source, a parameter or a signal parameter. */
export function axisKey(indicator_id: string, name: string): string {
  return `${indicator_id}.${name}`;
}

export function translate({ indicator_grids, signal_grids }: IndicatorTemplate): Sides {
  const sides = indicator_grids.map((grid) => sidesOf(grid, signal_grids[grid.indicator_id]));
  const alone = sides.length > 1 ? sides.map(cancelled) : sides; // of one, a signal that is both is none already
  return alone.reduce((a, b) => ({
    long: { kind: 'and', left: a.long, right: b.long },
    short: { kind: 'and', left: a.short, right: b.short },
  }));
}

interface Judged extends Sides {
  readonly overlap: boolean;
}

/** What both sides claim belongs to neither. */
function cancelled({ long, short, overlap }: Judged): Sides {
  if (!overlap) return { long, short };
  return { long: without(long, short), short: without(short, long) };
}

function without(side: ConditionExpr, other: ConditionExpr): ConditionExpr {
  return { kind: 'and', left: side, right: { kind: 'not', of: { kind: 'holds', of: other } } };
}

type SignalGrid = IndicatorTemplate['signal_grids'][string];

function sidesOf(grid: IndicatorGrid, signals: SignalGrid): Judged {
  const indicator = rowOf(grid.indicator_id);
  const names = signals.rule === undefined ? [undefined] : axisValues(signals.rule).map(String);
  const judged = names.map((name) => judgeBy(ruleNamed(indicator, name), indicator, grid, signals));
  if (judged.length === 1) return judged[0];
  const axis = axisKey(indicator.id, 'rule');
  const choose = (side: keyof Sides): ConditionExpr => {
    const cases = Object.fromEntries(names.map((name, at) => [String(name), judged[at][side]]));
    return { kind: 'choose_condition', axis, cases };
  };
  return { long: choose('long'), short: choose('short'), overlap: judged.some(({ overlap }) => overlap) };
}

function judgeBy(rule: SignalRule, indicator: Indicator, grid: IndicatorGrid, signals: SignalGrid): Judged {
  const family = FAMILIES[rule.family];
  const { long, short, overlap = false } = family.rules((name) => axisValues(signals[name]));
  const price = priceOf(grid);
  const params = indicator.params.map(({ name }) => ({ kind: 'param', name: axisKey(indicator.id, name) }) as const);
  const input = indicator.source ? price : null;
  const bindings = new Map<string, Expr>([['price', price]]);
  rule.outputs.forEach((output, at) =>
    bindings.set(family.outputs[at], { kind: 'indicator', indicator, input, params, output }),
  );
  for (const { name } of signalParams(indicator))
    bindings.set(name, { kind: 'param', name: axisKey(indicator.id, name) });
  const read = (text: string): ConditionExpr => {
    const result = readRule(text, { params: new Set(), bindings });
    if ('problems' in result) throw new TypeError(`${rule.name}: ${text}: ${result.problems[0].message}`);
    return result.expr;
  };
  return { long: read(long), short: read(short), overlap };
}

/** The source of an indicator is the price it is compared with; close where it has none. */
function priceOf({ indicator_id, source }: IndicatorGrid): SeriesExpr {
  if (source === undefined) return { kind: 'column', column: 'close' };
  const values = axisValues(source).map(sourceNamed);
  if (values.length === 1) return { kind: 'column', column: values[0] };
  const cases = Object.fromEntries(values.map((column) => [column, { kind: 'column', column } as const]));
  return { kind: 'choose_series', axis: axisKey(indicator_id, 'source'), cases };
}

function sourceNamed(value: AxisValue): Source {
  const source = SOURCES.find((name) => name === value);
  if (source === undefined) throw new RangeError(`there is no source ${value}`);
  return source;
}

function ruleNamed(indicator: Indicator, name: string | undefined): SignalRule {
  const rule = ruleOf(indicator, name);
  if (rule === undefined) throw new RangeError(`${indicator.id} has no rule ${name}`);
  return rule;
}

export function rowOf(id: string): Indicator {
  const indicator = indicatorById(id);
  if (indicator === undefined) throw new RangeError(`there is no indicator ${id}`);
  return indicator;
}

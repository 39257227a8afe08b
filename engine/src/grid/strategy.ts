// A strategy, whichever way a template writes it: the axes of its grid, the rules that make its signals, and the
// combinations that make no sense. Indicators with signal families are a table of rules; so one evaluator serves both.

import { axisValues, type Axis, type Digits, type GridAxis } from '../axis.ts';
import { paramProblem, signalParams } from '../indicators/catalogue.ts';
import type { ConditionExpr, Expr, IndicatorExpr, NumberExpr, Rules } from '../rules/expression.ts';
import { readConstraint, readRule } from '../rules/read-rule.ts';
import { walk } from '../rules/reads.ts';
import { axisKey, rowOf, translate } from '../rules/translate.ts';
import type { IndicatorTemplate, RuleTemplate, Template } from '../spec.ts';
import { numberNode, testNode, unionOf } from './numbers.ts';

/** Some axes, and why a combination of their values makes no sense, or null. */
export interface Exclusion {
  readonly axes: readonly number[];
  /** Parts of the expressions that one judgement computes. */
  readonly weight: number;
  readonly why: (digits: Digits) => string | null;
}

export interface Strategy {
  /** In the order of the index, last fastest. */
  readonly axes: readonly GridAxis[];
  readonly rules: Rules;
  readonly exclusions: readonly Exclusion[];
}

/** The strategy of a template that a spec has checked, in a market of so many periods a year. */
export function strategyOf(template: Template, periodsPerYear?: number): Strategy {
  if ('rules' in template) return strategyOfRules(template, periodsPerYear);
  const axes = indicatorAxes(template);
  const { long, short } = translate(template);
  const rules = { long, short, exit_long: null, exit_short: null };
  return { axes, rules, exclusions: senseless(rules, axes) };
}

function strategyOfRules({ rules: texts, params, constraints }: RuleTemplate, periodsPerYear?: number): Strategy {
  const names = Object.keys(params).sort();
  const axes = names.map((name): GridAxis => {
    return { key: name, indicator_id: null, kind: 'param', name, values: axisValues(params[name]) };
  });
  const scope = { params: new Set(names), ...(periodsPerYear !== undefined && { periodsPerYear }) };
  const read = (text: string | null): ConditionExpr | null =>
    text === null ? null : valid(text, readRule(text, scope));
  const rules = {
    long: read(texts.long),
    short: read(texts.short),
    exit_long: read(texts.exit_long),
    exit_short: read(texts.exit_short),
  };
  const broken = constraints.map((text) => unmet(text, valid(text, readConstraint(text, scope)), axes));
  return { axes, rules, exclusions: [...broken, ...senseless(rules, axes)] };
}

/** Indicators by id with source and parameters, then signal axes by id and name. */
function indicatorAxes({ indicator_grids, signal_grids }: IndicatorTemplate): readonly GridAxis[] {
  const ofSeries = indicator_grids.flatMap(({ indicator_id, source, params }) => {
    const own = rowOf(indicator_id).params.map(({ name }) => axisOf(indicator_id, 'param', name, params[name]));
    return source === undefined ? own : [axisOf(indicator_id, 'source', 'source', source), ...own];
  });
  const ofSignals = indicator_grids.flatMap(({ indicator_id }) => {
    const own = signalParams(rowOf(indicator_id));
    return own.map(({ name }) => axisOf(indicator_id, 'signal', name, signal_grids[indicator_id][name]));
  });
  return [...ofSeries, ...ofSignals];
}

function axisOf(indicator_id: string, kind: GridAxis['kind'], name: string, values: Axis): GridAxis {
  return { key: axisKey(indicator_id, name), indicator_id, kind, name, values: axisValues(values) };
}

function valid(text: string, read: ReturnType<typeof readRule>): ConditionExpr {
  if ('problems' in read) throw new TypeError(`${text}: ${read.problems[0].message}`);
  return read.expr;
}

/** Combinations in which a constraint does not hold. */
function unmet(text: string, constraint: ConditionExpr, axes: readonly GridAxis[]): Exclusion {
  const test = testNode(constraint, axes);
  const why = (digits: Digits): string | null => (test.at(digits) === true ? null : `${text} does not hold`);
  return { axes: test.axes, weight: weightOf(constraint), why };
}

function weightOf(...exprs: readonly Expr[]): number {
  let parts = 0;
  for (const expr of exprs) walk(expr, () => (parts += 1));
  return parts;
}

/** Combinations that give an indicator, a lag or a window numbers it cannot work with. */
function senseless(rules: Rules, axes: readonly GridAxis[]): readonly Exclusion[] {
  const exclusions: Exclusion[] = [];
  for (const rule of Object.values(rules)) {
    if (rule === null) continue;
    walk(rule, (part) => {
      if (part.kind === 'indicator') exclusions.push(...senselessParams(part, axes));
      if (part.kind === 'lag') exclusions.push(...senselessBars(part.bars, 0, axes));
      if (part.kind === 'extreme') exclusions.push(...senselessBars(part.window, 1, axes));
    });
  }
  return exclusions;
}

/** Of parameters by themselves every value was checked; what is computed from them is known for a combination only. */
function senselessParams({ indicator, params }: IndicatorExpr, axes: readonly GridAxis[]): readonly Exclusion[] {
  if (indicator.invalid === undefined && !params.some(isComputed)) return [];
  const nodes = params.map((param) => numberNode(param, axes));
  const why = (digits: Digits): string | null => {
    const values = nodes.map((node) => node.at(digits));
    const outside = values.map((value, at) => paramProblem(indicator.params[at], value)).find((one) => one !== null);
    return outside ?? indicator.invalid?.(values) ?? null;
  };
  return [{ axes: unionOf(...nodes.map((node) => node.axes)), weight: 4 + weightOf(...params), why }];
}

function senselessBars(bars: NumberExpr, least: number, axes: readonly GridAxis[]): readonly Exclusion[] {
  if (!isComputed(bars)) return [];
  const node = numberNode(bars, axes);
  const why = (digits: Digits): string | null => barsProblem(node.at(digits), least);
  return [{ axes: node.axes, weight: weightOf(bars), why }];
}

/** What is wrong with a number of bars, or null. */
export function barsProblem(bars: number, least: number): string | null {
  return Number.isInteger(bars) && bars >= least
    ? null
    : `needs a whole number of bars of at least ${least}, got ${bars}`;
}

function isComputed({ kind }: NumberExpr): boolean {
  return kind === 'number_op' || kind === 'number_abs';
}

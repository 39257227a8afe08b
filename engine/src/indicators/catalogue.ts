// Every indicator, one row each. An indicator is added by three edits: a kernel and its row in `indicators/`, and a file of
// golden numbers. Nothing else in the engine knows an indicator by name.

import { SOURCES, sourceSeries, type Candles, type Source } from '../bars/candles.ts';
import { lengthProblems } from '../bars/check-candles.ts';
import { SpecError, specError, type Problem } from '../problems.ts';
import { MOMENTUM } from './momentum.ts';
import { MOVING_AVERAGES } from './moving-averages.ts';
import type { Indicator, Param, SignalRule } from './row.ts';
import { STRUCTURE } from './structure.ts';
import { TREND } from './trend.ts';
import { VOLATILITY } from './volatility.ts';
import { VOLUME } from './volume.ts';

export type { Family, Indicator, Param, SignalRule } from './row.ts';

/** The signal parameter that picks one of an indicator's rules. */
export interface RuleChoice {
  readonly name: 'rule';
  readonly kind: 'name';
  readonly values: readonly string[];
  readonly default: string;
}

type Params = Readonly<Record<string, number | string | undefined>>;

/** Every indicator: parameters with bounds and defaults, outputs, rules. Its formula, and whose it is, stands at its kernel. */
export const CATALOGUE: readonly Indicator[] = [
  ...MOVING_AVERAGES,
  ...TREND,
  ...VOLATILITY,
  ...MOMENTUM,
  ...VOLUME,
  ...STRUCTURE,
];

const BY_ID: ReadonlyMap<string, Indicator> = new Map(
  CATALOGUE.flatMap((row) => [row.id, ...row.aliases].map((id) => [id, row] as const)),
);

/** The row of a canonical id or an alias. */
export function indicatorById(id: string): Indicator | undefined {
  return BY_ID.get(id);
}

const SHORT_NAMES: ReadonlyMap<string, Indicator> = new Map(
  [...BY_ID].map(([id, row]) => [id.slice(id.indexOf('.') + 1), row] as const),
);

/** The row that rules call by this name: the last part of its id or of an alias. */
export function indicatorByShortName(name: string): Indicator | undefined {
  return SHORT_NAMES.get(name);
}

/** Every name rules can call an indicator by. */
export const INDICATOR_NAMES: readonly string[] = [...SHORT_NAMES.keys()];

/** The rule a signal asks for by its parameter `rule`; without one, the default. */
export function ruleOf(indicator: Indicator, name?: string | number): SignalRule | undefined {
  return name === undefined ? indicator.rules[0] : indicator.rules.find((rule) => rule.name === name);
}

/** Axes of an indicator's signal grid, sorted by name: the parameters of all its rules, and `rule` where there is a choice. */
export function signalParams(indicator: Indicator): readonly (Param | RuleChoice)[] {
  const byName = new Map<string, Param | RuleChoice>();
  for (const rule of indicator.rules) for (const param of rule.params) byName.set(param.name, param);
  if (indicator.rules.length > 1) {
    const values = indicator.rules.map((rule) => rule.name);
    byName.set('rule', { name: 'rule', kind: 'name', values, default: values[0] });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Whether a parameter can change the signals of a rule: a parameter of the indicator (or its source) through the outputs
 * the rule reads, a signal parameter when the rule reads it. A rule that does not exist settles nothing: true.
 */
export function paramHasEffect(indicator: Indicator, ruleName: string, paramName: string): boolean {
  const rule = ruleOf(indicator, ruleName);
  if (rule === undefined || paramName === 'rule') return true;
  if (rule.params.some((param) => param.name === paramName)) return true;
  const ofIndicator = paramName === 'source' ? indicator.source : indicator.params.some((p) => p.name === paramName);
  return ofIndicator && rule.outputs.some((output) => !(indicator.unaffected[output] ?? []).includes(paramName));
}

/** The value of a parameter that is left out, in a market of so many periods a year. */
export function defaultOf({ yearly, default: usual, min, max }: Param, periodsPerYear: number | null): number {
  if (yearly !== true || periodsPerYear === null || Number.isNaN(periodsPerYear)) return usual;
  return Math.min(max, Math.max(min, periodsPerYear));
}

/** What is wrong with a value for a parameter, or null. */
export function paramProblem(param: Param, value: unknown): string | null {
  const { name, kind, min, max, nonzero } = param;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${name} must be a finite number`;
  if (kind === 'int' && !Number.isInteger(value)) return `${name} must be a whole number, got ${value}`;
  if (value < min || value > max) return `${name} must be ${min} to ${max}, got ${value}`;
  if (nonzero && value === 0) return `${name} must not be 0`;
  return null;
}

/** Computes an indicator's outputs, in the order of its row. `params` in catalogue order, checked by the caller. */
export function outputsOf(
  indicator: Indicator,
  candles: Candles,
  source: Source | null,
  params: readonly number[],
): readonly Float64Array[] {
  const sources = indicator.source ? [source ?? 'close', ...indicator.reads] : indicator.reads;
  const inputs = sources.map((name) => sourceSeries(candles, name));
  const outputs = indicator.outputs.map(() => new Float64Array(candles.close.length));
  indicator.kernel(inputs, params, outputs);
  return outputs;
}

/**
 * Computes an indicator by id or alias: each output by its name, one value a bar, NaN where there is none yet.
 * Prices and volumes are finite, or NaN where there is none. `params` may name the `source` too; what is missing or
 * undefined takes the default of the catalogue.
 * @throws {SpecError} with every problem: unknown indicator or parameter, value out of bounds, senseless combination,
 *   columns of unequal length.
 */
export function computeIndicator(candles: Candles, id: string, params: Params = {}): Record<string, Float64Array> {
  const indicator = indicatorById(id);
  if (indicator === undefined) throw specError('indicator_id', 'unknown_indicator', `there is no indicator ${id}`);
  const problems = [...paramsProblems(indicator, params), ...lengthProblems(candles)];
  if (problems.length > 0) throw new SpecError(problems);
  const source = SOURCES.find((name) => name === params.source) ?? null;
  const outputs = outputsOf(indicator, candles, source, valuesOf(indicator, params));
  return Object.fromEntries(indicator.outputs.map((name, index) => [name, outputs[index]]));
}

function paramsProblems(indicator: Indicator, params: Params): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const param = indicator.params.find((candidate) => candidate.name === name);
    if (param !== undefined) {
      const message = paramProblem(param, value);
      if (message !== null) problems.push({ path: `params.${name}`, code: 'invalid_value', message });
    } else if (name !== 'source' || !indicator.source) {
      const names = [...(indicator.source ? ['source'] : []), ...indicator.params.map((known) => known.name)];
      const message = `${indicator.id} has no ${name}; it has ${names.join(', ') || 'no parameters'}`;
      problems.push({ path: `params.${name}`, code: 'unknown_field', message });
    } else if (!SOURCES.some((source) => source === value)) {
      const message = `source must be one of ${SOURCES.join(' ')}, got ${value}`;
      problems.push({ path: 'params.source', code: 'invalid_value', message });
    }
  }
  if (problems.length > 0) return problems;
  const message = indicator.invalid?.(valuesOf(indicator, params)) ?? null;
  return message === null ? [] : [{ path: 'params', code: 'invalid_value', message }];
}

/** In catalogue order, with the defaults for what is missing. */
function valuesOf(indicator: Indicator, params: Params): readonly number[] {
  return indicator.params.map((param) => Number(params[param.name] ?? param.default));
}

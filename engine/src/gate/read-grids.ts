// Reads the indicators of a template with their axes and signal axes, fills in the defaults of the catalogue, and
// refuses axes that would only score the same variants again.

import { axisLength, axisValues, single, type Axis } from '../axis.ts';
import { SOURCES } from '../bars/candles.ts';
import {
  defaultOf,
  CATALOGUE,
  indicatorById,
  paramHasEffect,
  paramProblem,
  signalParams,
  type Indicator,
  type Param,
  type RuleChoice,
} from '../indicators/catalogue.ts';
import { nearest } from '../rules/nearest.ts';
import type { IndicatorGrid, IndicatorTemplate } from '../spec.ts';
import { MOST } from './bounds.ts';
import {
  at,
  isAbsent,
  isObject,
  isTooLong,
  names,
  onlyKnown,
  readText,
  complain,
  shown,
  suggestion,
  type Field,
} from './fields.ts';
import { readAxis, type ValueRule } from './read-axis.ts';

/** One indicator as it stands in the input. */
interface Entry {
  readonly indicator: Indicator;
  readonly field: Field;
  readonly grid: IndicatorGrid;
  /** Whether something is wrong with it: its combinations are not judged then. */
  readonly faulty: boolean;
}

/** `periodsPerYear`: of the market; null where it is not known. */
export function readGrids(template: Field, periodsPerYear: number | null): IndicatorTemplate {
  const entries = readIndicators(at(template, 'indicator_grids'), periodsPerYear).sort((a, b) =>
    a.indicator.id < b.indicator.id ? -1 : 1,
  );
  const grids = at(template, 'signal_grids');
  const fields = signalFields(grids, entries);
  const signals = entries.map((entry) => {
    const { indicator, field, grid } = entry;
    const signalField = fields.get(indicator) ?? at(grids, indicator.id);
    const signal = readSignals(signalField, indicator);
    const rules = signal.rule === undefined ? [indicator.rules[0].name] : axisValues(signal.rule).map(String);
    const effective = (name: string): boolean => rules.some((rule) => paramHasEffect(indicator, rule, name));
    const inUse = `under ${rules.join(' and ')} several values would score the same`;
    const before = field.problems.length;
    checkEffects(field, { ...(grid.source && { source: grid.source }) }, { effective, inUse });
    checkEffects(at(field, 'params'), grid.params, { effective, inUse });
    checkEffects(signalField, signal, { effective, inUse });
    if (field.problems.length === before) checkSense(entry);
    return [indicator.id, signal] as const;
  });
  return { indicator_grids: entries.map(({ grid }) => grid), signal_grids: Object.fromEntries(signals) };
}

function readIndicators(grids: Field, periodsPerYear: number | null): Entry[] {
  const { value } = grids;
  if (!Array.isArray(value) || value.length === 0) {
    if (isAbsent(grids)) complain(grids, 'required', 'is required');
    else if (!Array.isArray(value)) complain(grids, 'invalid_type', `must be a list, got ${shown(value)}`);
    else complain(grids, 'empty_list', 'must name at least one indicator');
    return [];
  }
  if (isTooLong(grids, MOST.indicators, 'indicators')) return [];
  const first = new Map<Indicator, string>();
  const entries: Entry[] = [];
  for (let position = 0; position < value.length; position += 1) {
    const field = at(grids, position);
    const before = field.problems.length;
    const indicator = readIndicator(field);
    if (indicator === undefined) continue;
    const id = at(field, 'indicator_id');
    const earlier = first.get(indicator);
    if (earlier !== undefined) complain(id, 'duplicate_indicator', `${indicator.id} is already at ${earlier}`);
    else first.set(indicator, field.path);
    const grid = readIndicatorGrid(field, indicator, periodsPerYear);
    entries.push({ indicator, field, grid, faulty: field.problems.length > before });
  }
  return entries;
}

function readIndicator(field: Field): Indicator | undefined {
  if (!isObject(field)) return undefined;
  onlyKnown(field, ['indicator_id', 'source', 'params']);
  const idField = at(field, 'indicator_id');
  const id = readText(idField);
  if (id === undefined) return undefined;
  const indicator = indicatorById(id);
  if (indicator === undefined) complain(idField, 'unknown_indicator', unknownIndicator(id));
  return indicator;
}

const IDS = CATALOGUE.flatMap(({ id, aliases }) => [id].concat(aliases));

function unknownIndicator(id: string): string {
  // A name without its family is the usual slip: `rsi`.
  const byName = CATALOGUE.find(({ short }) => short === id)?.id;
  const meant = byName ?? nearest(id, IDS);
  return `there is no indicator ${shown(id)}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function readIndicatorGrid(field: Field, indicator: Indicator, periodsPerYear: number | null): IndicatorGrid {
  const source = at(field, 'source');
  const known = indicator.params.map((param) => ({ ...param, default: defaultOf(param, periodsPerYear) }));
  const params = readAxes(at(field, 'params'), known, `${indicator.id} has no parameters`);
  if (indicator.source) {
    const axis = isAbsent(source) ? single('close') : readAxis(source, oneOf('source', SOURCES));
    return { indicator_id: indicator.id, source: axis, params };
  }
  if (!isAbsent(source)) complain(source, 'unknown_field', `${indicator.id} has no source`);
  return { indicator_id: indicator.id, params };
}

/** Finds the entries of `signal_grids` by their indicator. */
function signalFields(grids: Field, entries: readonly Entry[]): ReadonlyMap<Indicator, Field> {
  const fields = new Map<Indicator, Field>();
  if (!isObject(grids) || isTooLong(grids, MOST.indicators, 'indicators')) return fields;
  const inUse = new Set(entries.map(({ indicator }) => indicator));
  for (const id of names(grids)) {
    const field = at(grids, id);
    const indicator = indicatorById(id);
    if (indicator === undefined) complain(field, 'unknown_indicator', unknownIndicator(id));
    else if (!inUse.has(indicator)) complain(field, 'unused_indicator', `${id} is not in indicator_grids`);
    else if (fields.has(indicator)) complain(field, 'duplicate_indicator', `${indicator.id} is there by another name`);
    else fields.set(indicator, field);
  }
  return fields;
}

function readSignals(field: Field, indicator: Indicator): Readonly<Record<string, Axis>> {
  return readAxes(field, signalParams(indicator), `${indicator.id} has no signal parameters`);
}

/** Reads an axis for each parameter; a missing one takes its default. */
function readAxes(field: Field, params: readonly (Param | RuleChoice)[], none: string): Readonly<Record<string, Axis>> {
  if (!isObject(field)) return {};
  const known = params.map(({ name }) => name);
  for (const name of names(field).filter((one) => !known.includes(one))) {
    complain(
      at(field, name),
      'unknown_field',
      known.length === 0 ? none : `unknown parameter; ${suggestion(name, known)}`,
    );
  }
  const axes = params.map((param) => {
    const axis = at(field, param.name);
    return [param.name, isAbsent(axis) ? single(param.default) : readAxis(axis, ruleOfParam(param))] as const;
  });
  return Object.fromEntries(axes);
}

function ruleOfParam(param: Param | RuleChoice): ValueRule {
  return param.kind === 'name' ? oneOf(param.name, param.values) : (value) => paramProblem(param, value);
}

function oneOf(name: string, known: readonly string[]): ValueRule {
  return (value) =>
    known.some((one) => one === value) ? null : `${name} must be one of ${known.join(', ')}, got ${shown(value)}`;
}

interface Effects {
  readonly effective: (name: string) => boolean;
  readonly inUse: string;
}

function checkEffects(field: Field, axes: Readonly<Record<string, Axis>>, { effective, inUse }: Effects): void {
  for (const [name, axis] of Object.entries(axes)) {
    if (axisLength(axis) > 1 && !effective(name))
      complain(at(field, name), 'no_effect', `${name} has no effect: ${inUse}`);
  }
}

/** Combinations that are tried to find one that makes sense; a longer list is left to the guards of the whole grid. */
const TRIED = 10_000;

function checkSense({ field, grid: { params }, indicator, faulty }: Entry): void {
  const { params: rows, invalid } = indicator;
  if (invalid === undefined || faulty) return;
  const total = rows.reduce((product, { name }) => product * axisLength(params[name]), 1);
  if (total > TRIED) return;
  const axes = rows.map(({ name }) => axisValues(params[name]).map(Number));
  for (let ordinal = 0; ordinal < total; ordinal += 1) if (invalid(combinationAt(axes, ordinal)) === null) return;
  const first = String(invalid(combinationAt(axes, 0)));
  const message = total === 1 ? first : `no combination makes sense; the first: ${first}`;
  complain(at(field, 'params'), 'no_valid_combination', message);
}

/** Returns a combination by mixed radix, last axis fastest. */
function combinationAt(axes: readonly (readonly number[])[], ordinal: number): readonly number[] {
  let rest = ordinal;
  return axes
    .toReversed()
    .map((values) => {
      const position = rest % values.length;
      rest = (rest - position) / values.length;
      return values[position];
    })
    .toReversed();
}

// Reads an axis: a bare value, a list of values or a range. The caller has the rule for a single value.

import {
  axisLength,
  decidingValues,
  isExact,
  MAX_AXIS_VALUES,
  single,
  type Axis,
  type AxisValue,
  type Range,
} from '../axis.ts';
import { BOUNDS } from './bounds.ts';
import {
  at,
  complain,
  countUnlisted,
  isAbsent,
  isFull,
  onlyKnown,
  readChoice,
  readNumber,
  shown,
  type Field,
} from './fields.ts';

/** Rule for one value: returns what is wrong with it, or null. */
export type ValueRule = (value: unknown) => string | null;

const FORMS = '{mode: explicit, values: [...]} or {mode: range, start, stop_incl, step}';

/** Reads an axis whose values may be `off`: so do false and null read, the words of JSON and of older YAML for it. */
export function readAxisWithOff(field: Field, rule: ValueRule): Axis {
  const { value, ...rest } = field;
  return readAxis({ ...rest, value: withOff(value) }, (one) => (one === OFF ? null : rule(one)));
}

const OFF = 'off';

function withOff(value: unknown): unknown {
  if (value === false || value === null) return OFF;
  if (typeof value !== 'object' || !('values' in value) || !Array.isArray(value.values)) return value;
  const values = value.values as readonly unknown[];
  return { ...value, values: values.map((one) => (one === false || one === null ? OFF : one)) };
}

export function readAxis(field: Field, rule: ValueRule): Axis {
  const { value } = field;
  if (typeof value === 'number' || typeof value === 'string') {
    return single(checkValue(field, rule) ?? value);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    complain(field, 'invalid_type', `must be a value, ${FORMS}, got ${shown(value)}`);
    return NO_AXIS;
  }
  const mode = readChoice(at(field, 'mode'), ['explicit', 'range']);
  if (at(field, 'mode').value !== mode) return NO_AXIS;
  return mode === 'explicit' ? readExplicit(field, rule) : readRange(field, rule);
}

/** Stand-in for an axis that could not be read. */
const NO_AXIS: Axis = { mode: 'explicit', values: [] };

function readExplicit(field: Field, rule: ValueRule): Axis {
  onlyKnown(field, ['mode', 'values']);
  const values = at(field, 'values');
  if (!Array.isArray(values.value)) {
    if (isAbsent(values)) complain(values, 'required', 'is required');
    else complain(values, 'invalid_type', `must be a list, got ${shown(values.value)}`);
    return NO_AXIS;
  }
  const { length } = values.value;
  if (length === 0) complain(values, 'empty_axis', 'must have at least one value');
  if (length > MAX_AXIS_VALUES) {
    tooMany(values, length);
    return NO_AXIS;
  }
  const positions = new Map<AxisValue, number>();
  for (let position = 0; position < length; position += 1) {
    const value = checkValue(values, rule, position);
    if (value === null) continue;
    const earlier = positions.get(value);
    if (earlier === undefined) positions.set(value, position);
    else complain(at(values, position), 'duplicate_value', `${shown(value)} is already at position ${earlier}`);
  }
  return { mode: 'explicit', values: [...positions.keys()] };
}

function readRange(field: Field, rule: ValueRule): Axis {
  onlyKnown(field, ['mode', 'start', 'stop_incl', 'step']);
  const start = readNumber(at(field, 'start'), {});
  const stop_incl = readNumber(at(field, 'stop_incl'), {});
  const step = readNumber(at(field, 'step'), BOUNDS.range.step);
  const range: Range = { mode: 'range', start, stop_incl, step };
  if ([start, stop_incl, step].some(Number.isNaN)) return range;
  if (start > stop_incl) complain(field, 'empty_axis', `start ${start} is above stop_incl ${stop_incl}`);
  else if (!isExact(range)) complain(field, 'too_precise', 'a range has at most 15 digits and 22 decimal places');
  else if (axisLength(range) > MAX_AXIS_VALUES) tooMany(field, axisLength(range));
  else checkRange(field, range, rule);
  return range;
}

/** Checks both ends where they are written, and the values between them for the range as a whole. */
function checkRange(field: Field, range: Range, rule: ValueRule): void {
  const values = decidingValues(range);
  const first = rule(values[0]);
  const last = rule(values[values.length - 1]);
  if (first !== null) complain(at(field, 'start'), 'invalid_value', first);
  if (last !== null && values.length > 1) complain(at(field, 'stop_incl'), 'invalid_value', last);
  if (first !== null || last !== null) return;
  const between = values.map(rule).find((message) => message !== null);
  if (between) complain(field, 'invalid_value', between);
}

/**
 * Checks a value, or that at a position of a list, and returns it, good or bad; null for what cannot be one. It makes a
 * path for a problem only: a list may have hundreds of thousands of values.
 */
function checkValue(field: Field, rule: ValueRule, position?: number): AxisValue | null {
  const list: unknown = field.value;
  const value: unknown = position !== undefined && Array.isArray(list) ? list[position] : list;
  const isValue = typeof value === 'number' || typeof value === 'string';
  if (!isValue && isFull(field)) {
    countUnlisted(field);
    return null;
  }
  const message = rule(value);
  if (message !== null) {
    const one = position === undefined ? field : at(field, position);
    complain(one, isValue ? 'invalid_value' : 'invalid_type', message);
  }
  if (!isValue) return null;
  return value === 0 ? 0 : value; // -0 is 0
}

function tooMany(field: Field, length: number): void {
  complain(field, 'too_many_values', `an axis has at most ${MAX_AXIS_VALUES} values, this one has ${length}`);
}

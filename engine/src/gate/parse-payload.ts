// Reads a payload: one variant as JSON, back from where it was kept. It becomes the spec of a single variant and passes
// the gate that every spec passes, so a payload is judged by the same rules; only the paths are its own.

import { DEFAULTS } from '../defaults.ts';
import { buildGrid, riskAt, valuesAt } from '../grid/grid.ts';
import { payloadOf, type Payload } from '../grid/variant.ts';
import { indicatorById } from '../indicators/catalogue.ts';
import { SpecError, type Problem } from '../problems.ts';
import { requestJson, type Spec } from '../spec.ts';
import { at, isAbsent, isObject, names, onlyKnown, complain, shown, type Field } from './fields.ts';
import { parseSpec } from './parse-spec.ts';

const PAYLOAD = 'payload';

const FIELDS = [
  'indicator_selections',
  'signal_params',
  'rules',
  'params',
  'risk_params',
  'execution_params',
  'direction_mode',
  'sizing_mode',
];
const RISKS = ['sl', 'tp', 'trail', 'max_bars'] as const;
const RISK_FIELDS = [...RISKS.map((name) => `${name}_enabled`), 'sl_pct', 'tp_pct', 'trail_pct', 'max_bars', 'trigger'];

/** Places of the parts of a template in a payload; the first that matches counts. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^template\.indicator_grids(\[\d+\])\.source/, `${PAYLOAD}.indicator_selections$1.inputs.source`],
  [/^template\.indicator_grids/, `${PAYLOAD}.indicator_selections`],
  [/^template\.signal_grids/, `${PAYLOAD}.signal_params`],
  [/^template\.execution/, `${PAYLOAD}.execution_params`],
  [/^template\.risk_grid\.(sl|tp|trail)$/, `${PAYLOAD}.risk_params.$1_pct`],
  [/^template\.risk_grid/, `${PAYLOAD}.risk_params`],
  [/^template/, PAYLOAD],
];

/**
 * Returns the spec whose grid is this one variant, on the instrument, bars and settings of `spec`.
 * @throws {SpecError} with all problems, their paths beginning with `payload`
 */
export function readPayload(spec: Spec, payload: unknown): Spec {
  const problems: Problem[] = [];
  const field: Field = { path: PAYLOAD, value: payload, problems };
  if (isAbsent(field)) complain(field, 'required', 'is required');
  if (isAbsent(field) || !isObject(field)) throw new SpecError(problems);
  onlyKnown(field, FIELDS);
  const template = { ...signalsOf(field), ...tradingOf(field) };
  const read = judged(spec, template, problems);
  if (read !== null && problems.length === 0) complete(field, payloadOfOne(read));
  if (read === null || problems.length > 0) throw new SpecError(problems);
  return read;
}

/** Parses the spec; null: it has problems, which stand at their places in the payload. */
function judged(spec: Spec, template: object, problems: Problem[]): Spec | null {
  const { instrument_id, timeframe } = spec.template;
  const { runtime, ...request } = requestJson(spec);
  // The spec has passed its own guards, and one variant needs no other.
  const guards = { max_variants_per_compute: Infinity, max_compute_bytes_total: Infinity };
  const markets = { [instrument_id.market_id]: { name: '', ...runtime } };
  try {
    const input = { ...request, sample: null, luck: 0, template: { instrument_id, timeframe, ...template } };
    return { ...parseSpec(input, { ...DEFAULTS, markets, guards }), runtime, name: spec.name, priority: spec.priority };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const problem of error.problems) problems.push({ ...problem, path: placed(problem.path) });
    return null;
  }
}

function placed(path: string): string {
  const place = PLACES.find(([pattern]) => pattern.test(path));
  return place === undefined ? path : path.replace(...place);
}

/** Builds the part of a template that gives signals. A wrong shape passes as it is, for the gate to report. */
function signalsOf(field: Field): object {
  const [rules, params] = [at(field, 'rules'), at(field, 'params')];
  const [selections, signals] = [at(field, 'indicator_selections'), at(field, 'signal_params')];
  for (const name of names(params)) oneValue(at(params, name));
  const indicator_grids = Array.isArray(selections.value)
    ? selections.value.map((_, position) => selectionOf(at(selections, position)))
    : selections.value;
  for (const id of names(signals)) for (const name of names(at(signals, id))) oneValue(at(at(signals, id), name));
  const byRules = !isAbsent(rules) && rules.value !== null;
  return {
    ...(byRules && isEmpty(selections.value) ? {} : { indicator_grids }),
    ...(byRules && isEmpty(signals.value) ? {} : { signal_grids: signals.value }),
    rules: rules.value,
    params: params.value,
  };
}

function selectionOf(field: Field): unknown {
  const { value } = field;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  onlyKnown(field, ['indicator_id', 'inputs', 'params']);
  const [inputs, params] = [at(field, 'inputs'), at(field, 'params')];
  for (const name of names(params)) oneValue(at(params, name));
  if (isObject(inputs)) onlyKnown(inputs, ['source']);
  const source = at(inputs, 'source');
  oneValue(source);
  return { indicator_id: at(field, 'indicator_id').value, source: source.value, params: params.value };
}

function tradingOf(field: Field): object {
  const risk = at(field, 'risk_params');
  if (isObject(risk)) onlyKnown(risk, RISK_FIELDS);
  return {
    direction_mode: at(field, 'direction_mode').value,
    sizing_mode: at(field, 'sizing_mode').value,
    execution: at(field, 'execution_params').value,
    risk_grid: {
      sl_enabled: at(risk, 'sl_enabled').value,
      sl_pct: at(risk, 'sl_pct').value,
      tp_enabled: at(risk, 'tp_enabled').value,
      tp_pct: at(risk, 'tp_pct').value,
      trail: switched(at(risk, 'trail_enabled'), at(risk, 'trail_pct')),
      max_bars: switched(at(risk, 'max_bars_enabled'), at(risk, 'max_bars')),
      trigger: at(risk, 'trigger').value,
    },
  };
}

/** Returns the number of an exit that may be switched off. */
function switched(enabled: Field, number: Field): unknown {
  if (enabled.value === false || isAbsent(enabled)) return 'off';
  if (enabled.value !== true) complain(enabled, 'invalid_type', `must be true or false, got ${shown(enabled.value)}`);
  if (typeof number.value === 'number') return number.value;
  complain(number, 'required', 'must be a number where it is enabled');
  return 'off';
}

/** Requires one value where a grid has an axis. */
function oneValue(field: Field): void {
  const { value } = field;
  if (typeof value !== 'object') return;
  complain(field, 'invalid_type', `must be one value, got ${shown(value)}`);
}

/** Requires every field: one that is left out would take the default of today. What is off may be left out. */
function complete(field: Field, payload: Payload): void {
  const { indicator_selections: whole_selections, ...rest } = payload;
  const selections = at(field, 'indicator_selections');
  names(selections).forEach((_, position) => {
    const selection = at(selections, position);
    const row = indicatorById(String(at(selection, 'indicator_id').value));
    const other = whole_selections.find(({ indicator_id }) => indicator_id === row?.id);
    if (other !== undefined) completeMembers(selection, other);
  });
  completeMembers(field, rest);
}

function completeMembers(field: Field, members: object): void {
  for (const [name, value] of Object.entries(members)) {
    const member = at(field, name);
    if (isAbsent(member) && !isOff(value)) complain(member, 'required', 'is required');
    else if (typeof value === 'object' && value !== null) completeMembers(member, value);
  }
}

function isOff(value: unknown): boolean {
  return value === null || value === false || isEmpty(value);
}

/** Tests whether a value is absent, or without members. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function payloadOfOne(spec: Spec): Payload {
  const grid = buildGrid(spec);
  return payloadOf(spec, valuesAt(grid, 0) ?? {}, riskAt(grid, 0));
}

// A strategy that is kept under a name and that specs refer to by `strategy_id`. The engine keeps none: it gets the
// one that a spec means and lays the overrides of the spec over its template, which is then read like any other. A spec
// with a strategy thus becomes the spec that has the template in it.

import { axisLength, axisValues, type Axis } from '../axis.ts';
import { indicatorById } from '../indicators/catalogue.ts';
import type { Problem } from '../problems.ts';
import type { Template } from '../spec.ts';
import { at, isAbsent, isObject, onlyKnown, complain, shown, type Field } from './fields.ts';

/** Template with every default filled in, under a name. */
export interface SavedStrategy {
  readonly name: string;
  readonly template: Template;
}

/** Fields of a template that a spec may override, and the number of their levels that are laid over one by one. */
const OVERRIDES = { direction_mode: 0, sizing_mode: 0, execution: 1, risk_grid: 1, signal_grids: 2 } as const;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Returns the template of a spec, not yet read: its own, or that of its strategy under its overrides, at the path of
 * its own.
 * @param saved the strategy the spec means; null: there is none with this id; undefined: strategies are not kept here
 * @returns null when there is none to read, which is reported
 */
export function templateField(root: Field, saved: SavedStrategy | null | undefined): Field | null {
  const [own, id, overrides] = [at(root, 'template'), at(root, 'strategy_id'), at(root, 'overrides')];
  if (!isGiven(id)) {
    if (isGiven(overrides)) complain(overrides, 'conflict', 'goes with strategy_id only');
    return own;
  }
  if (isGiven(own)) {
    complain(id, 'conflict', 'give template or strategy_id, not both');
    return own;
  }
  if (isGiven(overrides) && isObject(overrides)) onlyKnown(overrides, Object.keys(OVERRIDES));
  if (typeof id.value !== 'string' || !UUID.test(id.value)) {
    complain(id, 'invalid_value', `must be the id of a strategy, a UUID, got ${shown(id.value)}`);
  } else if (saved === undefined) {
    const message = 'saved strategies are kept by the API: submit the spec there, or give a template instead';
    complain(id, 'not_available', message);
  } else if (saved === null) {
    complain(id, 'unknown_strategy', `there is no strategy ${id.value}`);
  } else {
    return { ...own, value: laidOver(saved.template, overrides) };
  }
  return null;
}

/** Moves a problem with the template of a spec to where the input has it: to the overrides, or to the strategy. */
export function placeProblem(problem: Problem, input: unknown): Problem {
  const { path, code, message } = problem;
  const root: Field = { path: '', value: input, problems: [] };
  const strategy = at(root, 'strategy_id');
  if (!/^template\b/.test(path) || !isGiven(strategy) || isGiven(at(root, 'template'))) return problem;
  const [, name = ''] = /^template\.(\w+)/.exec(path) ?? [];
  const overridden = Object.hasOwn(OVERRIDES, name) && isGiven(at(at(root, 'overrides'), name));
  if (overridden) return { path: path.replace('template', 'overrides'), code, message };
  return { path: strategy.path, code, message: `${path}: ${message}` };
}

function isGiven(field: Field): boolean {
  return !isAbsent(field) && field.value !== null;
}

/** Lays overrides over a template; what they do not name stays as it was saved. */
function laidOver(template: Template, overrides: Field): object {
  const laid: Record<string, unknown> = { ...template };
  for (const [name, levels] of Object.entries(OVERRIDES)) {
    const { value } = at(overrides, name);
    if (value === undefined || value === null) continue;
    const saved = name === 'risk_grid' ? withoutReplaced(template.risk_grid, value) : laid[name];
    laid[name] = over(saved, value, levels);
  }
  return laid;
}

/** Lays one value over another. Indicators may go by aliases; what stands below an alias belongs to the indicator. */
function over(saved: unknown, value: unknown, levels: number): unknown {
  if (levels === 0 || !isMembers(saved) || !isMembers(value)) return value;
  const rest = { ...saved };
  const laid = Object.entries(value).map(([name, member]) => {
    const own = Object.hasOwn(saved, name) ? name : (indicatorById(name)?.id ?? name);
    delete rest[own];
    return [name, over(saved[own], member, levels - 1)] as const;
  });
  return { ...rest, ...Object.fromEntries(laid) };
}

/** Drops each saved stop that the overrides give as a percentage, or switch on: the two must not meet. */
function withoutReplaced(saved: Template['risk_grid'], overrides: unknown): object {
  if (!isMembers(overrides)) return saved;
  const kept: Record<string, unknown> = { ...saved };
  for (const name of ['sl', 'tp'] as const) {
    const percent = overrides[`${name}_pct`] ?? null;
    if (percent !== null || (overrides[`${name}_enabled`] === true && isOff(saved[name]))) delete kept[name];
  }
  return kept;
}

function isOff(axis: Axis): boolean {
  return axisLength(axis) === 1 && axisValues(axis)[0] === 'off';
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

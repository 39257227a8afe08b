// The gate of saved strategies: what is kept is as sound as a spec's own template, as far as that can be known without
// a time range; the rest is judged with each spec that uses it.

import { DEFAULTS, type Defaults } from '../defaults.ts';
import { refusal, type Problem } from '../problems.ts';
import { at, isAbsent, isObject, onlyKnown, readName, complain, type Field } from './fields.ts';
import { guardTemplate } from './guards.ts';
import { readTemplate } from './read-template.ts';
import type { SavedStrategy } from './saved-strategy.ts';

/**
 * Returns `{name, template}` with every default of the template filled in.
 * @param defaults what configuration decides
 * @throws {SpecError} with all problems, sorted by path
 */
export function parseStrategy(input: unknown, defaults: Defaults = DEFAULTS): SavedStrategy {
  return parseStrategyWithin(Infinity, input, defaults);
}

/**
 * Does the same with at most so much work (see `buildGrid`), for a caller that others wait for.
 * @throws {WorkExceeded} when the combinations of the grid take more to count
 */
export function parseStrategyWithin(work: number, input: unknown, defaults: Defaults): SavedStrategy {
  const problems: Problem[] = [];
  const root: Field = { path: '', value: input, problems };
  const strategy = readStrategy(root, defaults);
  if (strategy !== null) guardTemplate(root, strategy.template, { ...defaults.guards, work });
  if (strategy !== null && problems.length === 0) return strategy;
  throw refusal(problems);
}

function readStrategy(root: Field, defaults: Defaults): SavedStrategy | null {
  if (isAbsent(root)) complain(root, 'required', 'a strategy is required');
  if (isAbsent(root) || !isObject(root)) return null;
  onlyKnown(root, ['name', 'template']);
  const nameField = at(root, 'name');
  const name = readName(nameField);
  if (name === '') complain(nameField, 'invalid_value', 'must have at least one character');
  if (name === null && (isAbsent(nameField) || nameField.value === null))
    complain(nameField, 'required', 'is required');
  const template = readTemplate(at(root, 'template'), defaults);
  if (name === null || template === null) return null;
  return { name, template };
}

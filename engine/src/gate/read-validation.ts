// Reads how a spec wants its search to be validated.

import type { Validation } from '../spec.ts';
import { BOUNDS } from './bounds.ts';
import { at, isAbsent, isObject, onlyKnown, readChoice, readNumber, type Field } from './fields.ts';

const MODES = ['holdout', 'walk_forward'] as const;

export function readValidation(field: Field): Validation | null {
  if (isAbsent(field) || field.value === null || !isObject(field)) return null;
  const mode = readChoice(at(field, 'mode'), MODES);
  if (at(field, 'mode').value !== mode) {
    onlyKnown(field, ['mode', 'fraction', 'folds', 'train_fraction']); // its mode would decide which of them belong here
    return null;
  }
  if (mode === 'holdout') {
    onlyKnown(field, ['mode', 'fraction']);
    return { mode, fraction: readNumber(at(field, 'fraction'), BOUNDS.validation.fraction) };
  }
  onlyKnown(field, ['mode', 'folds', 'train_fraction']);
  return {
    mode,
    folds: readNumber(at(field, 'folds'), BOUNDS.validation.folds),
    train_fraction: readNumber(at(field, 'train_fraction'), BOUNDS.validation.train_fraction),
  };
}

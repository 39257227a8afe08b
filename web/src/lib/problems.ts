// What a server finds wrong with the fields of a form, so that each problem stands at its field.

import { ApiError } from '@backtest-jobs/client';

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** Returns the problems of fields that an error names; none for any other error. */
export function problemsOf(error: unknown): readonly FieldProblem[] {
  if (!(error instanceof ApiError)) return [];
  const { errors } = error.details as { readonly errors?: readonly FieldProblem[] };
  return Array.isArray(errors) ? errors : [];
}

/** Returns what is wrong with one field, in words; null: nothing. */
export function problemAt(error: unknown, field: string): string | null {
  const messages = problemsOf(error).flatMap(({ path, message }) => (isAt(path, field) ? [message] : []));
  return messages.length === 0 ? null : messages.join('; ');
}

/** Returns the problems of no field of the form. */
export function otherProblems(error: unknown, fields: readonly string[]): readonly FieldProblem[] {
  return problemsOf(error).filter(({ path }) => !fields.some((field) => isAt(path, field)));
}

const isAt = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`);

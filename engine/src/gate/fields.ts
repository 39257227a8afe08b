// Readers of unchecked input: a field is a value with its path and the list of problems. A reader reports everything
// that is wrong and still returns a value of the right type, so that reading goes on; the gate drops the result when
// there are problems.

import { MOST_PROBLEMS, type Problem } from '../problems.ts';
import { nearest } from '../rules/nearest.ts';

export interface Field {
  readonly path: string;
  readonly value: unknown;
  readonly problems: Problem[];
}

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** Exclusive bounds. */
  readonly above?: number;
  readonly below?: number;
  readonly whole?: true;
  /** Word that is allowed too; the caller accepts it. */
  readonly or?: string;
}

export function complain({ path, problems }: Field, code: string, message: string): void {
  problems.push(problems.length < MOST_PROBLEMS ? { path, code, message } : UNLISTED);
}

/** Stand-in for problems beyond those that are listed: they are counted only, whatever a body has. */
const UNLISTED: Problem = { path: '', code: 'more_problems', message: '' };

/** Returns whether no further problem is listed: what makes a message is not worth its time then. */
export function isFull({ problems }: Field): boolean {
  return problems.length >= MOST_PROBLEMS;
}

export function countUnlisted({ problems }: Field): void {
  problems.push(UNLISTED);
}

/** Reports a list or an object with more members than a spec may have. Returns whether it has. */
export function isTooLong(field: Field, most: number, things: string): boolean {
  const { value } = field;
  const count = Array.isArray(value) ? value.length : names(field).length;
  if (count > most)
    complain(field, 'too_many_items', `has ${count} ${things}, at most ${most} are allowed: leave some out`);
  return count > most;
}

/** Returns a field inside another: `at(template, 'params')`, `at(values, 2)`. */
export function at({ path, value, problems }: Field, key: string | number): Field {
  const member = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof key === 'number') return { path: `${path}[${key}]`, value: member, problems };
  return { path: path === '' ? key : `${path}.${key}`, value: member, problems };
}

export function isAbsent({ value }: Field): boolean {
  return value === undefined;
}

/** The word for a number that the gate finds; a field that is left out says the same. */
export const AUTO = 'auto';

export function isAutomatic(field: Field): boolean {
  return isAbsent(field) || field.value === AUTO;
}

/** Checks that a field can be read as an object: it is one, or absent and so without members. */
export function isObject(field: Field): boolean {
  const { value } = field;
  if (value === undefined) return true;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return true;
  complain(field, 'invalid_type', `must be an object, got ${shown(value)}`);
  return false;
}

/** Lists the names in an object. */
export function names({ value }: Field): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** Reports every unknown name as a problem of its own. */
export function onlyKnown(field: Field, known: readonly string[]): void {
  for (const name of names(field)) {
    if (known.includes(name)) continue;
    if (isFull(field)) countUnlisted(field);
    else complain(at(field, name), 'unknown_field', `unknown field; ${suggestion(name, known)}`);
  }
}

export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  return known.length === 0 ? 'there are none here' : `known are ${known.join(', ')}`;
}

export function readNumber(field: Field, bounds: Bounds, fallback?: number): number {
  const { value } = field;
  if (value === undefined && fallback !== undefined) return fallback;
  const message = numberProblem(value, bounds);
  if (message === null && typeof value === 'number') return value === 0 ? 0 : value; // -0 is 0
  complain(field, numberCode(value), String(message));
  return NaN;
}

/** Reads a number; null and an absent field are none. */
export function readNumberOrNull(field: Field, bounds: Bounds): number | null {
  return field.value === null || isAbsent(field) ? null : readNumber(field, bounds);
}

/** Returns what is wrong with a number, or null. */
export function numberProblem(value: unknown, bounds: Bounds): string | null {
  if (value === undefined) return 'is required';
  const or = bounds.or === undefined ? '' : `${bounds.or} or `;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `must be ${or}a finite number, got ${shown(value)}`;
  if (bounds.whole && !Number.isInteger(value)) return `must be a whole number, got ${value}`;
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = bounds;
  const fits = value >= min && value <= max && value > above && value < below;
  return fits ? null : `must be ${or}${boundsText(bounds)}, got ${value}`;
}

function numberCode(value: unknown): string {
  if (value === undefined) return 'required';
  return typeof value === 'number' ? 'invalid_value' : 'invalid_type';
}

/** Reads one of a few words. */
export function readChoice<T extends string>(field: Field, choices: readonly T[], fallback?: T): T {
  const { value } = field;
  if (value === undefined && fallback !== undefined) return fallback;
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  const near = typeof value === 'string' ? nearest(value, choices) : undefined;
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  if (value === undefined) complain(field, 'required', 'is required');
  else complain(field, 'invalid_value', `must be one of ${choices.join(', ')}, got ${shown(value)}${hint}`);
  return choices[0];
}

export function readText(field: Field): string | undefined {
  const { value } = field;
  if (typeof value === 'string') return value;
  if (value === undefined) complain(field, 'required', 'is required');
  else complain(field, 'invalid_type', `must be text, got ${shown(value)}`);
  return undefined;
}

export const MAX_NAME_LENGTH = 200;

/** Reads the name that a user gives to something; null: none. */
export function readName(field: Field): string | null {
  if (isAbsent(field) || field.value === null) return null;
  const name = readText(field);
  if (name === undefined) return null;
  // PostgreSQL can store neither NUL nor half a character.
  const storable = name.isWellFormed() && !name.includes('\0');
  if (!storable) complain(field, 'invalid_value', 'must be text without NUL and lone surrogates');
  const { length } = Array.from(name);
  if (length > MAX_NAME_LENGTH) {
    complain(field, 'invalid_value', `must be at most ${MAX_NAME_LENGTH} characters, got ${length}`);
  }
  return name;
}

function isRecord(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Writes a value as a message names it: short, whatever it is. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function boundsText({ min, max, above, below }: Bounds): string {
  const words = { 'at least': min, above, 'at most': max, below };
  const given = Object.entries(words).filter(([, bound]) => bound !== undefined);
  return given.map(([word, bound]) => `${word} ${bound}`).join(' and ');
}

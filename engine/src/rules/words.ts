// The names rules come with. A parameter may have none of them, so that a name means one thing wherever it stands.

import { SOURCES } from '../bars/candles.ts';
import { indicatorByShortName } from '../indicators/catalogue.ts';

export const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not']);
export const CLOCKS = ['hour', 'dayofweek'] as const;

/** What each function takes. */
export const FUNCTIONS = {
  cross_above: ['a', 'b'],
  cross_below: ['a', 'b'],
  highest: ['x', 'n'],
  lowest: ['x', 'n'],
  abs: ['x'],
  min: ['a', 'b'],
  max: ['a', 'b'],
  exists: ['x'],
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

/** Why a parameter of rules cannot have this name, or null. */
export function paramNameProblem(name: string): string | null {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) {
    return 'the name of a parameter is small letters, digits and _, and begins with no digit';
  }
  const taken = meaningOf(name);
  return taken === null ? null : `${name} is ${taken} of the rule language; choose another name`;
}

function meaningOf(name: string): string | null {
  if (name === '__proto__' || WORDS.has(name)) return 'a reserved word';
  if ([...SOURCES, ...CLOCKS].some((series) => series === name)) return 'a series';
  if (isFunction(name)) return 'a function';
  return indicatorByShortName(name) === undefined ? null : 'an indicator';
}

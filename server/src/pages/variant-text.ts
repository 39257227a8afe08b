// The parameters of a variant in one line.

import { axisValue } from './words.ts';

type Value = number | string | null;

/** Writes name and value of each parameter; stops that are off are left out. */
export function variantText(parameters: readonly string[], values: readonly Value[]): string {
  const words = parameters.flatMap((name, at) => {
    const value = values[at] ?? null;
    return value === null ? [] : [`${name} ${axisValue(value)}`];
  });
  return words.length === 0 ? 'the only variant' : words.join(' · ');
}

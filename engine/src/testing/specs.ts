// Specs for tests: a small valid input, and the problems of a bad one as text.

import type { Defaults } from '../defaults.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { SpecError } from '../problems.ts';
import type { IndicatorTemplate } from '../spec.ts';

/** As a user sends it: two indicators, no luck test, everything else by default, 30 days of hours. */
export function specInput(changes: object = {}, template: object = {}): object {
  return {
    time_range: { start: '2024-01-01T00:00:00Z', end: '2024-01-31T00:00:00Z' },
    template: {
      instrument_id: { market_id: 1, symbol: 'BTCUSDT' },
      timeframe: '1h',
      indicator_grids: [
        { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 10, stop_incl: 14, step: 2 } } },
        { indicator_id: 'ma.sma', params: { window: { mode: 'explicit', values: [50, 20] } } },
      ],
      ...template,
    },
    luck: 0,
    ...changes,
  };
}

/** The signals of a spec that is written with indicators. */
export function indicatorTemplate(input: unknown): IndicatorTemplate {
  const { template } = parseSpec(input);
  if ('rules' in template) throw new Error('the template is written with rules');
  return template;
}

/** Each problem as `path code`. */
export function problemsOf(input: unknown, defaults?: Defaults): readonly string[] {
  return errorOf(input, defaults).problems.map(({ path, code }) => `${path} ${code}`);
}

export function errorOf(input: unknown, defaults?: Defaults): SpecError {
  try {
    parseSpec(input, defaults);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('the spec has no problem');
}

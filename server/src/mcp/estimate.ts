// estimate: what a spec would cost. The same gate judges it as at submission, and reports every problem at once.

import { z } from 'zod';
import { SpecInput, SpecWarnings } from './spec-input.ts';
import { tool } from './tool.ts';

export const estimateTool = tool({
  name: 'estimate',
  title: 'Estimate a spec',
  about:
    'Checks a spec and tells what it would cost: variants, memory, seconds, and whether there is history enough for so many trials. ' +
    'Nothing runs. A spec with mistakes is answered with all of them, each with its path. Call it before submit.',
  input: z.strictObject({ spec: SpecInput }),
  output: z.object({
    stage_a_variants: z.int(),
    stage_b_variants: z.int().describe('at most'),
    total_units: z.int(),
    threads: z.int(),
    bytes: z.int().describe('memory'),
    time: z.object({ low_seconds: z.number(), high_seconds: z.number() }),
    luck: z.object({ permutations: z.int().describe('permuted markets of the luck test; 0: none'), variants: z.int() }),
    trials: z.int(),
    minimum_backtest_years: z
      .number()
      .describe('history below which so many trials are expected to find a Sharpe ratio of 1 by luck alone'),
    years: z.number().describe('history that the time range has'),
    warnings: SpecWarnings,
  }),
  lists: ['warnings'],
  run: ({ spec }, { ask }) => ask({ method: 'POST', path: '/backtests/jobs/estimate', body: spec }),
});

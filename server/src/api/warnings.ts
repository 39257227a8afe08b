// Warnings of a spec as clients see them, in an estimate and in the reply to a submission.

import { z } from 'zod';
import { WARNINGS } from '../reports/estimate-json.ts';

export const Warnings = z
  .array(z.object({ path: z.string(), code: z.enum(WARNINGS), message: z.string() }))
  .readonly()
  .describe(
    [
      'what is allowed and seldom meant, with the path of the field: too_little_history: years is below minimum_backtest_years',
      'short_history: warmup_bars is below what an indicator needs',
      'never_enters: one side only, without a rule for it',
      'shorts_on_spot: short positions on a market whose name has the word spot',
      'looks_like_fraction: a percentage so small that a fraction may be meant',
    ].join('; '),
  );

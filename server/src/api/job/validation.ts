// What a validation came to, fold by fold, as clients see it.

import { z } from 'zod';
import { VariantMetrics } from './top-variants.ts';
import { Counts, Payload } from './variant-parts.ts';

const span = z
  .looseObject({ start: z.iso.datetime(), end: z.iso.datetime(), bars: z.int().min(0) })
  .describe('from the open of the first bar to the close of the last');
const metrics = VariantMetrics.loose();

export const ValidationResult = z
  .looseObject({
    mode: z.enum(['holdout', 'walk_forward']),
    folds: z.array(
      z.looseObject({
        in_sample: span,
        out_of_sample: span,
        counts: Counts,
        best: z
          .looseObject({
            variant_index: z.int().min(0),
            payload: Payload,
            in_sample: metrics,
            out_of_sample: metrics,
          })
          .nullable()
          .describe('null: no variant was ranked'),
      }),
    ),
    out_of_sample: z
      .looseObject({
        metrics,
        report_table_md: z.string(),
        series: z
          .looseObject({ time: z.array(z.number()), equity: z.array(z.number()), benchmark: z.array(z.number()) })
          .describe('at most 500 rows, lowest and highest equity kept: close in epoch milliseconds, quote, quote'),
      })
      .describe('trading the best of each fold on its bars out of sample'),
  })
  .meta({ id: 'ValidationResult', description: 'What it came to on bars it was not searched on' });

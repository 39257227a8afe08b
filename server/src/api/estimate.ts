// POST /backtests/jobs/estimate: what a spec would cost if it were submitted. The same gate judges it as at
// submission; nothing is stored, nothing is counted against a quota.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { CandleSource } from '../candles/source.ts';
import { defaultsOf, threadsOf, type Config } from '../config/config.ts';
import type { Judges } from '../reports/judges.ts';
import { BODY_ERRORS, errorReplies } from './errors.ts';
import { acceptSpec, strategyOf } from './gate.ts';
import { hungUp, reply } from './replies.ts';
import { allButBodies, SpecBody } from './spec-body.ts';
import { ShortHistory } from './verdict.ts';
import { Warnings } from './warnings.ts';

interface EstimateParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly source: CandleSource;
  readonly judges: Judges;
}

const count = z.int().min(0);

export const Estimate = z
  .object({
    stage_a_variants: count.describe('base variants scored with risk off, over all folds'),
    stage_b_variants: count.describe('the shortlist under every risk setting, over all folds, at most'),
    total_units: count.describe(
      'of progress: both stages, the variants that are re-run at the end and those that the luck test scores',
    ),
    threads: z
      .int()
      .min(1)
      .describe('of one job, as this server is configured; its workers may be configured otherwise'),
    bytes: count.describe('memory of a search with so many threads'),
    guard_bytes: count.describe('the same with one thread: what max_compute_bytes_total is compared with'),
    time: z
      .object({ low_seconds: z.number().min(0), high_seconds: z.number().min(0) })
      .describe(
        'from the first candle to the result with so many threads, on a machine that has as many cores to spare',
      ),
    luck: z
      .object({
        permutations: count.describe('permuted markets that the search is repeated on; 0: no luck test'),
        variants: count.describe('base variants of each of these searches'),
        blocks: z.int().nullable().describe('bars that stay together; null: each moves by itself'),
        walk: z.boolean().describe('whether all folds of a walk forward are searched'),
        units: count.describe('of total_units'),
        bytes: count.describe('of bytes'),
        low_seconds: z.number().min(0).describe('of time.low_seconds'),
        high_seconds: z.number().min(0).describe('of time.high_seconds'),
      })
      .describe('the luck test as auto or the spec has it, and its part of the cost'),
    trials: z.int().min(1).describe('different variants scored, at most, counted as the verdict does'),
    minimum_backtest_years: z
      .number()
      .min(0)
      .describe(
        'history below which the best of so many trials is expected to reach an annual Sharpe ratio of 1 by luck',
      ),
    years: z
      .number()
      .min(0)
      .describe('days searched on / periods_per_year: of the time range, even where candles reach over less of it'),
    short_history: ShortHistory,
    warnings: Warnings,
  })
  .meta({ id: 'Estimate', description: 'What a spec would cost, and whether there is history enough for it' });

export const estimateRoute: FastifyPluginAsyncZod<EstimateParts> = async (app, { pool, config, source, judges }) => {
  const defaults = defaultsOf(config);
  const threads = threadsOf(config);

  app.setValidatorCompiler(allButBodies);
  app.post(
    '/backtests/jobs/estimate',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'estimateJob',
        summary: 'What a spec would cost if it were submitted; nothing is stored',
        description: 'Refuses what submitting refuses, with the same errors, but for quota and Idempotency-Key.',
        tags: ['jobs'],
        body: SpecBody,
        response: {
          200: reply(Estimate, 'the estimate'),
          ...errorReplies(...BODY_ERRORS),
        },
      },
    },
    async ({ body, user_id }, answer) => {
      const signal = hungUp(answer);
      const strategy = await strategyOf(pool, body, { user_id });
      return (await acceptSpec(body, { defaults, source, judges, strategy, user_id, signal, threads })).estimate;
    },
  );
};

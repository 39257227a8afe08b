// /backtests/jobs/{id}/top: the best variants of a job, a page at a time, so far or at the end.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { top } from '../../queue/top.ts';
import type { Admission } from '../../reports/admission.ts';
import { actingAs } from '../auth/acting-as.ts';
import { errorReplies } from '../errors.ts';
import { JobIdInput, wholeInput } from '../inputs.ts';
import { admitted, reply, requireReading, streamJson } from '../replies.ts';
import { notMine } from '../user.ts';
import { topJson } from './top-json.ts';
import { TopVariants } from './top-variants.ts';

interface TopParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  /** Reads that take long. */
  readonly looking: Admission;
}

/** Largest rank that the tables can hold. */
const MOST_RANK = 2 ** 31 - 1;

export const topRoute: FastifyPluginAsyncZod<TopParts> = async (app, { pool, looking, config }) => {
  const { top_k_persisted_default: most, max_trades_persisted_per_row } = config.backtest.jobs;
  const TopQuery = z.strictObject({
    limit: wholeInput(1, most, most),
    after_rank: wholeInput(0, MOST_RANK, 0).describe('next_after_rank of the page before; 0 is the first page'),
  });

  app.get(
    '/backtests/jobs/:job_id/top',
    {
      config: { costly: true },
      schema: {
        operationId: 'getTopVariants',
        summary: 'The best variants, so far or at the end',
        description:
          'A page by rank, which may be shorter than asked for. Of a row with very many trades the first and the last are stored.',
        tags: ['jobs'],
        params: JobIdInput,
        querystring: TopQuery,
        response: {
          200: reply(TopVariants, 'the best variants'),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params, query, user }, answer) => {
      admitted(looking, user.user_id, answer);
      requireReading(answer);
      const found = await top(pool, { ...params, ...query, user_id: await actingAs(pool, user, params.job_id) });
      if (found.outcome !== 'found') throw notMine(found.outcome, params.job_id);
      // As text it skips the serializer: hundreds of rows with reports are not validated on their way out.
      return streamJson(answer, topJson(pool, found, max_trades_persisted_per_row));
    },
  );
};

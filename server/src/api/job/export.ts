// GET /backtests/jobs/{id}/export: best variants, trades, scores or the equity of a variant, as a file.

import { Readable } from 'node:stream';
import { SpecError, type Problem } from '@backtest-jobs/engine';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import type { SourceSettings } from '../../config/settings.ts';
import { exported } from '../../exports/exports.ts';
import { EXPORTS, FORMATS, type Exported, type Format } from '../../exports/messages.ts';
import { scoreBytes, topLines, tradeLines } from '../../exports/rows.ts';
import { variant } from '../../queue/variant.ts';
import type { Admission } from '../../reports/admission.ts';
import { actingAs } from '../auth/acting-as.ts';
import { ApiError, errorReplies } from '../errors.ts';
import { choiceInput, JobIdInput, wholeBetween } from '../inputs.ts';
import { admitted, bytesReply, hungUp, requireReading } from '../replies.ts';
import { notMine, requireUser, type CurrentUser } from '../user.ts';

interface ExportParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly settings: SourceSettings;
  /** Exports on their way to their clients. */
  readonly exporting: Admission;
  readonly user: CurrentUser;
}

const MOST = 2 ** 31 - 1;
const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[];

const ExportQuery = z.strictObject({
  what: choiceInput(EXPORTS)
    .default('top')
    .describe(
      'top: the best variants; trades: of those that keep theirs; surface: a row for each base variant; equity: a row for each bar of one variant. Parameters are columns',
    ),
  format: z.enum(FORMAT_NAMES, `must be one of ${FORMAT_NAMES.join(', ')}`).default('csv'),
  rank: wholeBetween(1, MOST)
    .optional()
    .describe('of trades and equity: this variant alone; of an equity 1 by default'),
  variant_index: wholeBetween(0, Number.MAX_SAFE_INTEGER).optional().describe('of an equity: any variant of the grid'),
});

export const exportRoutes: FastifyPluginAsyncZod<ExportParts> = async (app, { exporting, ...parts }) => {
  requireUser(app, parts.user);
  app.get(
    '/backtests/jobs/:job_id/export',
    {
      config: { costly: true },
      schema: {
        operationId: 'exportJob',
        summary: 'What a job found, as a file: CSV, NDJSON or Parquet',
        description:
          'Written while it is read. A connection that breaks off means that the file is not whole. Text cells of CSV that begin with = + - @ have an apostrophe before them.',
        tags: ['jobs'],
        params: JobIdInput,
        querystring: ExportQuery,
        response: {
          200: bytesReply('the file', ...FORMAT_NAMES.map((name) => FORMATS[name].type)),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, query, user }, answer) => {
      admitted(exporting, user.user_id, answer);
      requireReading(answer);
      requireFitting(query);
      const user_id = await actingAs(parts.pool, user, job_id);
      const rank = query.rank ?? (query.what === 'equity' && query.variant_index === undefined ? 1 : null);
      const found = await variant(parts.pool, { job_id, user_id, rank });
      if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
      if (rank !== null && found.variant_index === null)
        throw new ApiError('not_found', `job ${job_id} has no variant on rank ${rank}`);
      const { what, format } = query;
      const variant_index = query.variant_index ?? found.variant_index;
      const question = { what, format, spec: found.request, variant_index, settings: parts.settings };
      const bytes = exported(question, rowsOf(what, { job_id, user_id, rank }, parts), { signal: hungUp(answer) });
      const first = await bytes.next(); // what goes wrong before it is an error reply as usual
      const { type, end } = FORMATS[format];
      void answer
        .type(type)
        .header('content-disposition', `attachment; filename="backtest-${job_id}-${what}.${end}"`)
        .header('content-security-policy', "default-src 'none'; sandbox");
      const all = async function* (): AsyncGenerator<Buffer, void> {
        if (!first.done) yield first.value;
        yield* bytes;
      };
      return answer.send(Readable.from(all(), { objectMode: false }));
    },
  );
};

function requireFitting({ what, rank, variant_index }: z.infer<typeof ExportQuery>): void {
  const problems: Problem[] = [];
  const say = (path: string, message: string): void => void problems.push({ path, code: 'conflict', message });
  if (rank !== undefined && (what === 'top' || what === 'surface')) say('rank', `does not go with ${what}`);
  if (variant_index !== undefined && what !== 'equity') say('variant_index', `does not go with ${what}`);
  if (variant_index !== undefined && rank !== undefined) say('variant_index', 'does not go with rank');
  if (problems.length > 0) throw new SpecError(problems);
}

interface OfJob {
  readonly job_id: string;
  readonly user_id: string;
  readonly rank: number | null;
}

function rowsOf(
  what: Exported,
  job: OfJob,
  { pool, config }: Pick<ExportParts, 'pool' | 'config'>,
): AsyncIterable<string | Buffer> {
  switch (what) {
    case 'top':
      return topLines(pool, job);
    case 'trades':
      return tradeLines(pool, job, config.backtest.jobs.max_trades_persisted_per_row);
    case 'surface':
      return scoreBytes(pool, job.job_id);
    case 'equity':
      return none();
  }
}

async function* none(): AsyncGenerator<Buffer, void> {}

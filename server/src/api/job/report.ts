// GET /backtests/jobs/{id}/report: a job, or one variant of it, as a page to share. What is stored comes from the database; the
// child of reporter.ts runs the variant and writes the page.

import { ENGINE_VERSION } from '@backtest-jobs/engine';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { countText, minute, span } from '../../pages/words.ts';
import { get, type JobDetail } from '../../queue/get.ts';
import { topReports } from '../../queue/portions/top-details.ts';
import { top, type BareRow } from '../../queue/top.ts';
import { variant } from '../../queue/variant.ts';
import type { Admission } from '../../reports/admission.ts';
import { PAGE_ROWS, type FoundSearch } from '../../reports/page-data.ts';
import type { PageQuestion, VariantReports } from '../../reports/reporter.ts';
import { actingAs } from '../auth/acting-as.ts';
import { errorReplies } from '../errors.ts';
import { JobIdInput, wholeBetween } from '../inputs.ts';
import { admitted, bytesReply, hungUp, requireReading } from '../replies.ts';
import { notMine, requireUser, type CurrentUser } from '../user.ts';

interface PageParts {
  readonly pool: pg.Pool;
  readonly reports: VariantReports;
  /** Reports that are asked for, or on their way to their clients. */
  readonly open: Admission;
  readonly user: CurrentUser;
}

const PageQuery = z.strictObject({
  variant_index: wholeBetween(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('instead of the job, this variant of its grid, kept or not'),
});

export const reportRoute: FastifyPluginAsyncZod<PageParts> = async (
  app,
  { pool, reports, open, user: currentUser },
) => {
  requireUser(app, currentUser);
  app.get(
    '/backtests/jobs/:job_id/report',
    {
      config: { costly: true },
      schema: {
        operationId: 'getReportPage',
        summary: 'A job, or one variant of it, as one HTML file to share',
        description:
          'The file runs no scripts and loads nothing: verdict, best variants, equity, months, trades, candles, spec. Lists are cut where they are long, with their counts.',
        tags: ['jobs'],
        params: JobIdInput,
        querystring: PageQuery,
        response: {
          200: bytesReply('the page', 'text/html'),
          ...errorReplies('unauthorized', 'not_found', 'validation_error', 'quota_exceeded'),
        },
      },
    },
    async ({ params: { job_id }, query: { variant_index }, user }, answer) => {
      admitted(open, user.user_id, answer);
      const user_id = await actingAs(pool, user, job_id);
      const question = await questionOf(pool, { job_id, user_id }, variant_index);
      const bytes = await reports.page(question, hungUp(answer));
      requireReading(answer);
      const name = `backtest-${job_id}${variant_index === undefined ? '' : `-${variant_index}`}.html`;
      return answer
        .type('text/html; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    },
  );
};

interface OfJob {
  readonly job_id: string;
  readonly user_id: string;
}

async function questionOf(pool: pg.Pool, of: OfJob, asked: number | undefined): Promise<PageQuestion> {
  const { job_id } = of;
  const got = await get(pool, of);
  if (got.outcome !== 'found') throw notMine(got.outcome, job_id);
  const best = await top(pool, { ...of, limit: PAGE_ROWS });
  if (best.outcome !== 'found') throw notMine(best.outcome, job_id);
  const result = await variant(pool, { ...of, rank: null });
  if (result.outcome !== 'found') throw notMine(result.outcome, job_id);
  const { job } = got;
  const { items, request, next_after_rank } = best;
  const { data_digest, engine_version } = result;
  const index = asked ?? items[0]?.variant_index;
  const found: FoundSearch = {
    about: asked === undefined ? 'search' : 'variant',
    job_id,
    unfinished: job.state === 'succeeded' ? null : job.state,
    verdict: job.verdict,
    validation: job.validation,
    ledger: job.ledger,
    rows: await rowsOf(pool, job, items),
    kept: next_after_rank === null ? items.length : null,
    ran: ranOf(job, engine_version),
    data_digest,
    same_engine: engine_version === null ? null : engine_version === ENGINE_VERSION,
  };
  return { spec: request, which: index === undefined ? null : { variant_index: index }, found };
}

/** Adds to the rows of a succeeded job what they came to on the bars held out. */
async function rowsOf(pool: pg.Pool, job: JobDetail, items: readonly BareRow[]): Promise<FoundSearch['rows']> {
  const ranks = items.map(({ rank }) => rank);
  const isJudged = job.state === 'succeeded' && job.validation !== null;
  const reports = isJudged ? await topReports(pool, job.job_id, ranks) : null;
  return items.map(({ rank, variant_index, metrics, equity_line }) => {
    const text = reports?.get(rank)?.out_of_sample ?? null;
    const unseen = text === null ? null : (JSON.parse(text) as { metrics: Row['metrics'] }).metrics;
    return { rank, variant_index, metrics: metrics as Row['metrics'], unseen, equity_line };
  });
}

type Row = FoundSearch['rows'][number];

function ranOf(job: JobDetail, engine_version: string | null): FoundSearch['ran'] {
  const { started_at, finished_at, result_hash } = job;
  const took = started_at === null || finished_at === null ? null : Date.parse(finished_at) - Date.parse(started_at);
  return [
    ['State', job.state],
    ['Simulations', `${countText(job.processed_units)} of ${countText(job.total_units)}`],
    ['Submitted', `${minute(job.created_at)} UTC`],
    ...(finished_at === null ? [] : [['Ended', `${minute(finished_at)} UTC`] as const]),
    ...(took === null ? [] : [['Took', span(took / 1000)] as const]),
    ['Attempts', `${countText(job.attempt)}, ${countText(job.crash_count)} crashed`],
    ...(engine_version === null ? [] : [['Engine', engine_version] as const]),
    ['Request', job.request_hash],
    ...(result_hash === null ? [] : [['Result', result_hash] as const]),
  ];
}

// POST /backtests/variant-report: everything about one variant, of a job or of a spec, kept or not. The process of
// reporter.ts runs it; this file decides which variant is meant, and whether the user may see it.

import { SpecError, type Problem, type Which } from '@backtest-jobs/engine';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import type { CandleSource } from '../candles/source.ts';
import { defaultsOf, type Config } from '../config/config.ts';
import { variant } from '../queue/variant.ts';
import type { Admission } from '../reports/admission.ts';
import type { Questioner, Judges } from '../reports/judges.ts';
import type { ReportQuestion, VariantReports } from '../reports/reporter.ts';
import { actingAs } from './auth/acting-as.ts';
import { ApiError, BODY_ERRORS, errorReplies } from './errors.ts';
import { acceptSpec, strategyOf } from './gate.ts';
import { jobId, problemsOf } from './inputs.ts';
import { MonteCarlo, VariantMetrics } from './job/top-variants.ts';
import { Ledger, Payload, TradeItem } from './job/variant-parts.ts';
import { admitted, hungUp, reply, requireReading, sendJson } from './replies.ts';
import { allButBodies, SpecBody } from './spec-body.ts';
import { notMine, requireUser, type CurrentUser, type User } from './user.ts';

interface ReportParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly source: CandleSource;
  readonly reports: VariantReports;
  readonly judges: Judges;
  /** Reports that are asked for, or on their way to their clients. */
  readonly open: Admission;
  readonly user: CurrentUser;
}

function wholeFrom(min: number) {
  const rule = `must be a whole number, ${min} or more`;
  return z.int(rule).min(min, rule);
}

const Body = z.strictObject({
  spec: z.unknown().optional(),
  job_id: jobId.optional().describe('a job of yours, instead of spec; an administrator names any'),
  variant_index: wholeFrom(0).optional().describe('any variant of the grid, kept or not'),
  rank: wholeFrom(1).optional().describe('of the best variants of the job'),
  payload: z.unknown().optional(),
  points: wholeFrom(4)
    .optional()
    .describe('at most so many rows of series, lowest and highest equity kept; without it one for each bar'),
});

/** Body for the document only: the gate reports more about a spec, and the engine about a payload, than a schema. */
const DocumentedBody = Body.extend({
  spec: SpecBody.optional(),
  payload: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('of a variant, as a report or a job gave it; it need not be in the grid'),
}).meta({ id: 'VariantReportRequest', description: 'spec or job_id, and one of variant_index, rank, payload' });

const numbers = (what: string) => z.array(z.number()).describe(what);

const PartReport = z.object({
  metrics: VariantMetrics,
  rows: z
    .array(z.object({ metric: z.string(), value: z.string(), definition: z.string().optional() }))
    .describe('the 25 rows of the report'),
  table_md: z.string().describe('the rows as |Metric|Value| markdown'),
  trades: z.array(TradeItem).describe('all of them, in time order'),
  monte_carlo: MonteCarlo.nullable().describe('null: fewer than 10 trades'),
  series: z
    .object({
      time: numbers('close of the bar, epoch milliseconds'),
      equity: numbers('quote'),
      drawdown: numbers('positive percent below the peak'),
      benchmark: numbers('quote: buy and hold, without costs'),
      position: numbers('held into the next bar: 1 long, -1 short, 0 flat'),
    })
    .describe('columns of equal length, for plots'),
  monthly: z
    .array(
      z.object({
        month: z.string().meta({ examples: ['2024-01'] }),
        return_pct: z.number(),
        benchmark_pct: z.number().describe('of buy and hold'),
      }),
    )
    .describe('calendar months in UTC, exact whatever points says'),
});

export const VariantReportReply = PartReport.extend({
  variant_key: z.string(),
  variant_index: z.int().min(0).nullable().describe('null when a payload was asked for'),
  payload: Payload,
  out_of_sample: PartReport.nullable().describe(
    'the same on the bars that the spec holds out; all else is of the others',
  ),
  ledger: Ledger,
  job: z
    .object({
      job_id: z.uuid(),
      same_candles: z.boolean().nullable().describe('false: the candles have changed since the job; null: unfinished'),
      same_engine: z
        .boolean()
        .nullable()
        .describe('false: another version of the engine made the result, so numbers may differ; null: unfinished'),
      engine_version: z.string().nullable().describe('version that made the result; null: unfinished'),
    })
    .nullable()
    .describe('null when a spec was asked about'),
}).meta({ id: 'VariantReport', description: 'Everything about one variant' });

export const variantReports: FastifyPluginAsyncZod<ReportParts> = async (app, { reports, open, ...parts }) => {
  requireUser(app, parts.user);
  app.setValidatorCompiler(allButBodies);
  app.post(
    '/backtests/variant-report',
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'reportVariant',
        summary: 'Report, trades and plot series of any variant',
        tags: ['variants'],
        body: DocumentedBody,
        response: {
          200: reply(VariantReportReply, 'the variant, run again'),
          ...errorReplies('not_found', ...BODY_ERRORS),
        },
      },
    },
    async ({ body, user }, answer) => {
      admitted(open, user.user_id, answer);
      const signal = hungUp(answer);
      const json = await reports.report(await questionOf(body, { user, signal }, parts), signal);
      requireReading(answer);
      return sendJson(answer, Buffer.from(json.buffer, json.byteOffset, json.length));
    },
  );
};

type Parts = Pick<ReportParts, 'pool' | 'config' | 'source' | 'judges'>;
type Asked = z.infer<typeof Body>;

interface Asker extends Pick<Questioner, 'signal'> {
  readonly user: User;
}

async function questionOf(body: unknown, { user, signal }: Asker, parts: Parts): Promise<ReportQuestion> {
  const asked = askedOf(body);
  const points = asked.points ?? null;
  const { job_id } = asked;
  if (job_id !== undefined) {
    const acting = await actingAs(parts.pool, user, job_id);
    return { points, ...(await ofJob(parts.pool, asked, job_id, acting)) };
  }
  const { user_id } = user;
  const strategy = await strategyOf(parts.pool, asked.spec, { user_id });
  const { config, source, judges } = parts;
  const gate = { defaults: defaultsOf(config), source, judges, strategy, user_id, signal, threads: 1 };
  const { spec } = await underSpec(() => acceptSpec(asked.spec, gate));
  return { spec, which: whichOf(asked, null), points, job: null };
}

async function ofJob(pool: pg.Pool, asked: Asked, job_id: string, user_id: string) {
  const { rank = null } = asked;
  const found = await variant(pool, { job_id, user_id, rank });
  if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
  if (rank !== null && found.variant_index === null)
    throw new ApiError('not_found', `job ${job_id} has no variant on rank ${rank}`);
  const { request, data_digest, engine_version } = found;
  return { spec: request, which: whichOf(asked, found.variant_index), job: { job_id, data_digest, engine_version } };
}

function whichOf({ variant_index, payload }: Asked, ofRank: number | null): Which {
  const index = variant_index ?? ofRank;
  return index === null ? { payload } : { variant_index: index };
}

/** Reads a question and reports every problem with its shape at once. */
function askedOf(body: unknown): Asked {
  const read = Body.safeParse(body);
  if (!read.success) throw new SpecError(problemsOf(read.error.issues, body));
  const { spec, job_id, ...variants } = read.data;
  const problems: Problem[] = [];
  const say = (path: string, code: string, message: string): void => void problems.push({ path, code, message });
  if (spec === undefined && job_id === undefined) say('spec', 'required', 'give spec or job_id');
  if (spec !== undefined && job_id !== undefined) say('job_id', 'conflict', 'give spec or job_id, not both');
  const given = (['variant_index', 'rank', 'payload'] as const).filter((name) => variants[name] !== undefined);
  if (given.length === 0) say('variant_index', 'required', 'give variant_index, payload or, of a job, rank');
  for (const name of given.slice(1)) say(name, 'conflict', `does not go with ${given[0]}`);
  if (variants.rank !== undefined && job_id === undefined) say('rank', 'conflict', 'only a job has ranks');
  if (problems.length > 0) throw new SpecError(problems);
  return read.data;
}

/** Moves the problems of a spec to where the body has the spec. */
async function underSpec<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecError(
      error.problems.map(({ path, code, message }) => ({ path: path === '' ? 'spec' : `spec.${path}`, code, message })),
    );
  }
}

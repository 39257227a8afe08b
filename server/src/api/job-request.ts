// /backtests/jobs/{id}/request and /attempts: what a job was asked to do, with the axes that its indexes count, and how it ran.

import type { Spec } from '@backtest-jobs/engine';
import { layoutOf } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { attempts } from '../queue/attempts.ts';
import { ATTEMPT_OUTCOMES } from '../queue/job.ts';
import { request } from '../queue/request.ts';
import type { Admission } from '../reports/admission.ts';
import { errorReplies } from './errors.ts';
import { JobIdInput, pageLimit, wholeInput } from './inputs.ts';
import { instant, StageUnits } from './job-status.ts';
import { admitted, reply, requireReading, sendJson } from './replies.ts';
import { notMine } from './user.ts';

interface RequestParts {
  readonly pool: pg.Pool;
  /** Reads that take long. */
  readonly looking: Admission;
}

/** Values of an axis that are listed: of a range with more, the spec has what makes them. */
const MOST_VALUES = 10_000;
/** Largest number of an attempt that the tables can hold. */
const MOST_ATTEMPTS = 2 ** 31 - 1;

const axis = {
  values: z
    .array(z.union([z.number(), z.string()]))
    .nullable()
    .describe(`in the order of the index; null where there are more than ${MOST_VALUES}: the spec has them`),
  length: z.int().min(1).describe('how many values there are'),
};

export const JobRequest = z
  .object({
    job_id: z.uuid(),
    parent_job_id: z.uuid().nullable().describe('the job that this one was made from; it may have been deleted since'),
    spec: z.record(z.string(), z.unknown()).describe('complete: submitted again it has the same request_hash'),
    runtime: z.record(z.string(), z.unknown()).describe('values of the configuration at submission'),
    axes: z
      .array(
        z.object({
          key: z.string().describe('its name in rules, holds and brushes, such as momentum.rsi.window'),
          indicator_id: z.string().nullable().describe('null: a parameter of the rules'),
          kind: z.enum(['source', 'param', 'signal']),
          name: z.string(),
          ...axis,
          stride: z.int().min(1).describe('by how much the base index grows with each value'),
        }),
      )
      .describe('of base variants, outermost first: base index = sum of position x stride'),
    risk_axes: z
      .array(
        z.object({
          key: z.enum(['sl', 'tp', 'trail', 'max_bars']),
          ...axis,
          stride: z.int().min(1).describe('by how much variant_index grows with each value'),
        }),
      )
      .describe('of stage_b, outermost first: variant_index = base index x risk_settings + sum of position x stride'),
    combinations: z.int().min(1).describe('base indexes, those that constraints exclude included'),
    risk_settings: z.int().min(1),
    stage_units: StageUnits.nullable(),
  })
  .meta({ id: 'JobRequest', description: 'What a job was asked to do' });

export const JobAttempts = z
  .object({
    items: z
      .array(
        z.object({
          attempt: z.int().min(1),
          claimed_at: instant,
          ended_at: instant.nullable(),
          outcome: z.enum(ATTEMPT_OUTCOMES).nullable().describe('null: it is still open'),
          cause: z.string().nullable().describe('why it ended so, or what it waits for'),
          processed_from: z.int().min(0).nullable().describe('units that lay behind it when it began'),
        }),
      )
      .describe('in order of time'),
    next_after: z.int().nullable().describe('after of the next page; null: that was all'),
  })
  .meta({ id: 'JobAttempts', description: 'How often workers took a job, and how that went' });

export const requestRoutes: FastifyPluginAsyncZod<RequestParts> = async (app, { pool, looking }) => {
  app.get(
    '/backtests/jobs/:job_id/request',
    {
      config: { costly: true },
      schema: {
        operationId: 'getJobRequest',
        summary: 'The complete spec of a job, and its axes',
        tags: ['jobs'],
        params: JobIdInput,
        response: {
          200: reply(JobRequest, 'the request'),
          ...errorReplies('unauthorized', 'not_found', 'validation_error', 'quota_exceeded'),
        },
      },
    },
    async ({ params: { job_id }, user_id }, answer) => {
      admitted(looking, user_id, answer);
      requireReading(answer);
      const found = await request(pool, { job_id, user_id });
      if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
      const { spec, parent_job_id, overview } = found;
      const stage_units = overview?.stage_units ?? null;
      return sendJson(answer, JSON.stringify({ job_id, parent_job_id, ...requestJsonOf(spec), stage_units }));
    },
  );

  app.get(
    '/backtests/jobs/:job_id/attempts',
    {
      schema: {
        operationId: 'listJobAttempts',
        summary: 'The attempts of a job',
        tags: ['jobs'],
        params: JobIdInput,
        querystring: z.strictObject({
          limit: pageLimit,
          after: wholeInput(0, MOST_ATTEMPTS, 0).describe('next_after of the page before'),
        }),
        response: {
          200: reply(JobAttempts, 'one page'),
          ...errorReplies('unauthorized', 'not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, query, user_id }) => {
      const found = await attempts(pool, { job_id, user_id, ...query });
      if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
      return { items: [...found.items], next_after: found.next_after };
    },
  );
};

function requestJsonOf(whole: Spec) {
  const { runtime, ...spec } = whole;
  const { axes, strides, risks, rawTotal, riskTotal } = layoutOf(whole);
  let stride = riskTotal;
  const risk_axes = Object.entries(risks).map(([name, values]) => {
    stride /= values.length;
    return listed({ key: name === 'maxBars' ? 'max_bars' : name, stride }, values);
  });
  return {
    spec,
    runtime,
    axes: axes.map(({ key, indicator_id, kind, name, values }, at) =>
      listed({ key, indicator_id, kind, name, stride: strides[at] }, values),
    ),
    risk_axes,
    combinations: rawTotal,
    risk_settings: riskTotal,
  };
}

function listed(axisFields: object, values: readonly (number | string)[]) {
  return { ...axisFields, values: values.length > MOST_VALUES ? null : values, length: values.length };
}

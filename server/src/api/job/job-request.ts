// /backtests/jobs/{id}/request and /attempts: what a job was asked to do, with the axes that its indexes count, and how it ran.

import type { Spec } from '@backtest-jobs/engine';
import { CALENDARS, layoutOf } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { ATTEMPT_OUTCOMES } from '../../queue/job.ts';
import { attempts } from '../../queue/reads/attempts.ts';
import type { Admission } from '../../reports/admission.ts';
import { actingAs } from '../auth/acting-as.ts';
import { errorReplies } from '../errors.ts';
import { JobIdInput, pageLimit, wholeInput } from '../inputs.ts';
import { StageUnits } from '../job-status.ts';
import { admitted, reply, requireReading, sendJson, utc } from '../replies.ts';
import { SpecBody } from '../spec-body.ts';
import { notMine } from '../user.ts';
import { requestedOf } from './requested.ts';
import { MarketDay } from './top-variants.ts';

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

const Runtime = z
  .looseObject({
    calendar: z.enum(CALENDARS),
    periods_per_year: z.number(),
    day: MarketDay.loose().optional().describe('of a session market whose day is not the UTC day'),
    annualization: z.number().optional().describe('of jobs of 0.1.0'),
    top_k_persisted: z.int(),
    max_trades_persisted_per_row: z.int().optional().describe('where it is not the usual bound'),
  })
  .describe('values of the configuration at submission');

export const JobRequest = z
  .object({
    job_id: z.uuid(),
    parent_job_id: z.uuid().nullable().describe('the job that this one was made from; it may have been deleted since'),
    spec: SpecBody.describe('complete, with every default; `/spec` has it alone, to be submitted again'),
    runtime: Runtime,
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
          claimed_at: utc,
          ended_at: utc.nullable(),
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
        summary: 'What a job was asked to do: its spec, its settings, and the axes that its indexes count',
        tags: ['jobs'],
        params: JobIdInput,
        response: {
          200: reply(JobRequest, 'the request'),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, user }, answer) => {
      admitted(looking, user.user_id, answer);
      requireReading(answer);
      const { spec: whole, parent_job_id, overview } = await requestedOf(pool, user, job_id);
      const { runtime, ...spec } = whole;
      const stage_units = overview?.stage_units ?? null;
      const axes = axesOf(whole);
      return sendJson(answer, JSON.stringify({ job_id, parent_job_id, spec, runtime, ...axes, stage_units }));
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
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, query, user }) => {
      const found = await attempts(pool, { job_id, user_id: await actingAs(pool, user, job_id), ...query });
      if (found.outcome !== 'found') throw notMine(found.outcome, job_id);
      return { items: [...found.items], next_after: found.next_after };
    },
  );
};

/** Returns the axes of a spec with their strides: what its indexes count. */
function axesOf(spec: Spec) {
  const { axes, strides, risks, rawTotal, riskTotal } = layoutOf(spec);
  let stride = riskTotal;
  const risk_axes = Object.entries(risks).map(([name, values]) => {
    stride /= values.length;
    return listed({ key: name === 'maxBars' ? 'max_bars' : name, stride }, values);
  });
  return {
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

// GET /backtests/jobs/{id}/spec: what a job was asked for, as a spec that can be submitted again.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { errorReplies } from '../errors.ts';
import { JobIdInput } from '../inputs.ts';
import { reply, sendJson } from '../replies.ts';
import { SpecBody } from '../spec-body.ts';
import { requestedOf } from './requested.ts';

export const specRoute: FastifyPluginAsyncZod<{ readonly pool: pg.Pool }> = async (app, { pool }) => {
  app.get(
    '/backtests/jobs/:job_id/spec',
    {
      schema: {
        operationId: 'getSpec',
        summary: 'The spec of a job, to be submitted again',
        description:
          'With every default that was filled in, and with the template of the strategy it named, if any. What its numbers count, `/request` has.',
        tags: ['jobs'],
        params: JobIdInput,
        response: {
          200: reply(SpecBody, 'the spec'),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { job_id }, user }, answer) => {
      const { runtime: _, ...spec } = (await requestedOf(pool, user, job_id)).spec;
      return sendJson(answer, JSON.stringify(spec));
    },
  );
};

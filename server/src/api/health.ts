// GET /healthz: the process lives. GET /readyz: it can do its work, so a balancer may send requests.

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { requireSchema } from '../migrate.ts';
import { ApiError, errorReply } from './errors.ts';
import { reply } from './replies.ts';

const healthy = reply(z.object({ status: z.literal('ok') }), 'all is well');

export const health: FastifyPluginAsyncZod<{ pool: pg.Pool }> = async (app, { pool }) => {
  let draining = false;
  app.addHook('preClose', async () => {
    draining = true;
  });

  app.get(
    '/healthz',
    {
      config: { anyHost: true },
      schema: {
        operationId: 'healthz',
        summary: 'The process lives',
        tags: ['health'],
        response: { 200: healthy, 400: errorReply('bad_request') },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { anyHost: true },
      schema: {
        operationId: 'readyz',
        summary: 'The database is there, its schema is the right one, the server is not shutting down',
        tags: ['health'],
        response: { 200: healthy, 400: errorReply('bad_request'), 503: errorReply('service_unavailable') },
      },
    },
    async () => {
      if (draining) throw new ApiError('service_unavailable', 'the server is shutting down');
      try {
        await requireSchema(pool);
      } catch (error) {
        // A probe gets "not now", whatever the reason; the log has the reason.
        throw new ApiError('service_unavailable', 'the database is away or its schema is not ours', {}, error);
      }
      return { status: 'ok' as const };
    },
  );
};

// /strategies: save, list, get, delete. A saved strategy is a template under a name, judged as that of a spec is and
// kept with every default filled in; it never changes, so what a job keeps of it needs no version.

import { MAX_NAME_LENGTH } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { defaultsOf, type Config } from '../config/config.ts';
import { encodeCursor } from '../queue/cursor.ts';
import { uuid7 } from '../queue/uuid7.ts';
import type { Judges } from '../reports/judges.ts';
import { deleteStrategy } from '../strategies/delete.ts';
import { getStrategy } from '../strategies/get.ts';
import { listStrategies } from '../strategies/list.ts';
import { saveStrategy } from '../strategies/save.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { ApiError, BODY_ERRORS, errorReplies } from './errors.ts';
import { acceptStrategy } from './gate.ts';
import { cursorInput, pageLimit, StrategyIdInput } from './inputs.ts';
import { asStored, hungUp, reply, utc } from './replies.ts';
import { allButBodies, TemplateBody } from './spec-body.ts';
import { notMine, requireUser, type CurrentUser } from './user.ts';

interface StrategiesParts {
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly judges: Judges;
  readonly user: CurrentUser;
}

const STRATEGIES = '/strategies';
const tags = ['strategies'];

const summary = z.object({
  strategy_id: z.uuid(),
  name: z.string(),
  created_at: utc,
});

export const SavedStrategy = summary
  .extend({ template: asStored(TemplateBody).describe('with every default filled in') })
  .meta({ id: 'Strategy', description: 'A saved strategy' });

export const StrategyList = z
  .object({
    items: z
      .array(
        summary.extend({
          instrument_id: z.object({ market_id: z.int(), symbol: z.string() }),
          timeframe: z.string(),
        }),
      )
      .describe('newest first'),
    next_cursor: z.string().nullable().describe('for the next page; null: that was all'),
  })
  .meta({ id: 'StrategyList', description: 'One page of strategies' });

const StrategyBody = z
  .strictObject({ name: z.string().min(1).max(MAX_NAME_LENGTH).describe('yours to use once'), template: TemplateBody })
  .meta({ id: 'StrategyRequest', description: 'The template of a spec, under a name' });

export const strategies: FastifyPluginAsyncZod<StrategiesParts> = async (app, parts) => {
  requireUser(app, parts.user);
  await app.register(saveRoute, parts);
  await app.register(readRoutes, parts);
  await app.register(deleteRoute, parts);
};

const saveRoute: FastifyPluginAsyncZod<StrategiesParts> = async (app, { pool, config, judges }) => {
  const defaults = defaultsOf(config);
  const { max_strategies_per_user: most } = config.backtest.jobs;
  app.setValidatorCompiler(allButBodies);
  app.post(
    STRATEGIES,
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'saveStrategy',
        summary: 'Save the template of a spec under a name',
        description:
          'A spec then gives its strategy_id instead of a template. To replace one, delete it and save another.',
        tags,
        body: StrategyBody,
        response: {
          201: reply(SavedStrategy, 'the new strategy'),
          ...errorReplies('conflict', ...BODY_ERRORS),
        },
      },
    },
    async ({ body, user_id }, answer) => {
      const { name, template } = await acceptStrategy(body, { defaults, judges, user_id, signal: hungUp(answer) });
      const saved = await saveStrategy(pool, { strategy_id: uuid7(), user_id, name, template, most });
      if (saved.outcome === 'quota_exceeded') {
        const { limit } = saved;
        const setting = 'max_strategies_per_user';
        const message = `you keep ${limit} strategies, ${limit} are allowed (backtest.jobs.${setting}): delete one first`;
        throw new ApiError('quota_exceeded', message, { kept: limit, limit, setting });
      }
      if (saved.outcome === 'conflict') {
        const { strategy_id } = saved;
        throw new ApiError('conflict', `your strategy ${strategy_id} has this name`, { strategy_id });
      }
      return answer.code(201).send(shown(saved.strategy));
    },
  );
};

const ListQuery = z.strictObject({
  limit: pageLimit,
  cursor: cursorInput('strategy_id'),
});

const readRoutes: FastifyPluginAsyncZod<StrategiesParts> = async (app, { pool }) => {
  app.get(
    STRATEGIES,
    {
      schema: {
        operationId: 'listStrategies',
        summary: 'Your strategies, newest first',
        tags,
        querystring: ListQuery,
        response: { 200: reply(StrategyList, 'one page'), ...errorReplies('validation_error') },
      },
    },
    async ({ query, user_id }) => {
      const { items, next_cursor } = await listStrategies(pool, { ...query, user_id });
      return { items: [...items], next_cursor: next_cursor && encodeCursor(next_cursor) };
    },
  );

  app.get(
    `${STRATEGIES}/:strategy_id`,
    {
      schema: {
        operationId: 'getStrategy',
        summary: 'One strategy with its template',
        tags,
        params: StrategyIdInput,
        response: {
          200: reply(SavedStrategy, 'the strategy'),
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ params: { strategy_id }, user_id }) => {
      const found = await getStrategy(pool, strategy_id, user_id);
      if (found.outcome !== 'found') throw notMine(found.outcome, strategy_id, 'strategy');
      return shown(found.strategy);
    },
  );
};

const deleteRoute: FastifyPluginAsyncZod<StrategiesParts> = async (app, { pool }) => {
  app.delete(
    `${STRATEGIES}/:strategy_id`,
    {
      config: { scope: 'jobs' },
      schema: {
        operationId: 'deleteStrategy',
        summary: 'Delete a strategy; jobs that have used it stay as they are',
        tags,
        params: StrategyIdInput,
        response: {
          200: reply(z.object({ strategy_id: z.uuid() }), 'it is gone'),
          ...errorReplies('not_found', ...BODY_ERRORS),
        },
      },
    },
    async ({ params: { strategy_id }, user_id }) => {
      const outcome = await deleteStrategy(pool, strategy_id, user_id);
      if (outcome !== 'deleted') throw notMine(outcome, strategy_id, 'strategy');
      return { strategy_id };
    },
  );
};

/** Takes the template, which the gate has judged, for what the schema says. */
function shown({ template, ...strategy }: Strategy): z.infer<typeof SavedStrategy> {
  return { ...strategy, template: template as z.infer<typeof SavedStrategy>['template'] };
}

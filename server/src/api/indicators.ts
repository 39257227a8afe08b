// GET /indicators: the catalogue as a form needs it, with the bounds that parseSpec will hold a spec to.

import { CATALOGUE } from '@backtest-jobs/engine';
import { signalParams, SOURCES, type Indicator, type Param } from '@backtest-jobs/engine/internal';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorReplies } from './errors.ts';
import { reply } from './replies.ts';

const NumberAxis = z.object({
  name: z.string(),
  kind: z.enum(['int', 'float']),
  min: z.number(),
  max: z.number(),
  default: z.number(),
  nonzero: z.boolean(),
});

const ChoiceAxis = z.object({
  name: z.string(),
  kind: z.literal('choice'),
  values: z.array(z.string()),
  default: z.string(),
});

export const IndicatorRow = z
  .object({
    indicator_id: z.string(),
    short: z.string().describe('its name in rules'),
    aliases: z.array(z.string()),
    source: ChoiceAxis.nullable().describe('null: it has no source axis'),
    reads: z.array(z.string()).describe('candle columns it reads besides the source'),
    params: z.array(NumberAxis),
    outputs: z.array(z.string()).describe('the first is the primary one'),
    needs: z.array(z.string()).describe('volume, movement: what its bars must have for it to have a value'),
    rules: z.array(
      z.object({ name: z.string(), family: z.string(), outputs: z.array(z.string()), params: z.array(z.string()) }),
    ),
    signal_params: z.array(z.union([NumberAxis, ChoiceAxis])),
  })
  .meta({ id: 'Indicator', description: 'One row of the catalogue' });

export const indicators: FastifyPluginAsyncZod = async (app) => {
  const items = CATALOGUE.map(rowOf);
  app.get(
    '/indicators',
    {
      schema: {
        operationId: 'listIndicators',
        summary: 'The indicators with their axes, bounds and defaults',
        tags: ['catalogue'],
        response: { 200: reply(z.object({ items: z.array(IndicatorRow) }), 'the catalogue'), ...errorReplies() },
      },
    },
    async () => ({ items }),
  );
};

function rowOf(indicator: Indicator): z.infer<typeof IndicatorRow> {
  return {
    indicator_id: indicator.id,
    short: indicator.short,
    aliases: [...indicator.aliases],
    source: indicator.source ? { name: 'source', kind: 'choice', values: [...SOURCES], default: 'close' } : null,
    reads: [...indicator.reads],
    params: indicator.params.map(numberAxis),
    outputs: [...indicator.outputs],
    needs: [...indicator.needs],
    rules: indicator.rules.map(({ name, family, outputs, params }) => ({
      name,
      family,
      outputs: [...outputs],
      params: params.map((param) => param.name),
    })),
    signal_params: signalParams(indicator).map(signalAxis),
  };
}

function signalAxis(param: ReturnType<typeof signalParams>[number]): z.infer<typeof NumberAxis | typeof ChoiceAxis> {
  if (!('values' in param)) return numberAxis(param);
  return { name: param.name, kind: 'choice', values: [...param.values], default: param.default };
}

function numberAxis(param: Param): z.infer<typeof NumberAxis> {
  return { ...param, nonzero: param.nonzero ?? false };
}

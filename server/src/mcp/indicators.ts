// indicators: the catalogue, a line for each with its bounds; one of them in full by its id.

import { z } from 'zod';
import { Refusal } from './ask-api.ts';
import { tool } from './tool.ts';

const NumberAxis = z.object({
  name: z.string(),
  kind: z.string(),
  min: z.number(),
  max: z.number(),
  default: z.number(),
});
const ChoiceAxis = z.object({ name: z.string(), kind: z.string(), values: z.array(z.string()), default: z.string() });

const Row = z.object({
  indicator_id: z.string(),
  short: z.string(),
  aliases: z.array(z.string()),
  source: ChoiceAxis.nullable(),
  reads: z.array(z.string()),
  params: z.array(NumberAxis),
  outputs: z.array(z.string()),
  needs: z.array(z.string()),
  rules: z.array(z.object({ name: z.string(), params: z.array(z.string()) })),
  signal_params: z.array(z.union([NumberAxis, ChoiceAxis])),
});

type Row = z.output<typeof Row>;

export const indicatorsTool = tool({
  name: 'indicators',
  title: 'The indicators',
  about:
    'The catalogue of indicators: how each is called in rules, with bounds and defaults of its parameters. With id one of them in ' +
    'full, with the parameters of its own signals (signal_grids of a spec).',
  input: z.strictObject({
    q: z.string().max(64).optional().describe('part of an id or a name, in any case'),
    id: z.string().max(64).optional().describe('one indicator in full, like momentum.rsi or rsi'),
  }),
  output: z.object({
    total: z.int().describe('that match'),
    items: z.array(
      z.object({
        indicator_id: z.string(),
        call: z.string().describe('in rules; parameters as name min..max=default'),
        outputs: z
          .array(z.string())
          .optional()
          .describe('where there are several: .name after the call; the first counts without'),
      }),
    ),
    indicator: Row.optional().describe('the one that was asked for by id'),
  }),
  lists: ['items'],
  async run({ q = '', id }, { ask }) {
    const { items } = z.object({ items: z.array(Row) }).parse(await ask({ path: '/indicators' }));
    if (id !== undefined) {
      const found = items.find((row) => namesOf(row).includes(id.toLowerCase()));
      if (found === undefined) {
        const errors = [{ path: 'id', code: 'unknown_indicator', message: `there is no indicator ${id}` }];
        throw new Refusal(422, 'validation_error', `id: there is no indicator ${id}; q searches for one`, { errors });
      }
      return { total: 1, items: [lineOf(found)], indicator: found };
    }
    const matching = items.filter((row) => namesOf(row).some((name) => name.includes(q.trim().toLowerCase())));
    return { total: matching.length, items: matching.map(lineOf) };
  },
});

function namesOf({ indicator_id, short, aliases }: Row): readonly string[] {
  return [indicator_id, short, ...aliases].map((name) => name.toLowerCase());
}

function lineOf({ indicator_id, short, source, params, outputs }: Row) {
  const axes = params.map((axis) => `${axis.name} ${axis.min}..${axis.max}=${axis.default}`);
  const call = `${short}(${[...(source === null ? [] : [source.default]), ...axes].join(', ')})`;
  return { indicator_id, call, ...(outputs.length > 1 && { outputs }) };
}

// instruments: what there are candles of.

import { z } from 'zod';
import { tool, wholeFromTo } from './tool.ts';

const Item = z.object({
  market_id: z.int(),
  market: z.string().nullable(),
  symbol: z.string(),
  series: z.array(z.object({ interval: z.string(), start: z.string(), end: z.string(), rows: z.int() })),
});

export const instrumentsTool = tool({
  name: 'instruments',
  title: 'Instruments that have candles',
  about:
    'Instruments that can be tested, with the intervals of their candles and from when to when they reach. ' +
    'instrument_id of a spec is {market_id, symbol}; its timeframe is one of the intervals, or a larger one.',
  input: z.strictObject({
    q: z.string().max(64).optional().describe('part of the symbol or of the name of the market'),
    limit: wholeFromTo(1, 50).default(20),
  }),
  output: z.object({ items: z.array(Item), total: z.int().describe('that match') }),
  lists: ['items'],
  run: ({ q, limit }, { ask }) => ask({ path: '/market-data/instruments', query: { q, limit } }),
});

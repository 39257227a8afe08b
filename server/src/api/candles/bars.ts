// GET /market-data/candles: bars of an instrument for a chart, as columns. A process of reports/chart.ts reads and rolls up.

import { SpecError, TIMEFRAMES, type Timeframe } from '@backtest-jobs/engine';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireSymbol, type CandleSource } from '../../candles/source.ts';
import { defaultsOf, type Config } from '../../config/config.ts';
import type { Admission } from '../../reports/admission.ts';
import type { Charts } from '../../reports/chart.ts';
import { ApiError, errorReplies } from '../errors.ts';
import { orUnavailable } from '../gate.ts';
import { choiceInput, instantInput, SYMBOL, wholeBetween, wholeInput } from '../inputs.ts';
import { admitted, hungUp, notModified, reply, sendTagged } from '../replies.ts';

interface BarsParts {
  readonly config: Config;
  readonly source: CandleSource;
  readonly charts: Charts;
  /** Reads that take long. */
  readonly looking: Admission;
}

const MOST_BARS = 10_000;
const column = z.array(z.number());

export const Bars = z
  .object({
    market_id: z.int(),
    symbol: z.string(),
    timeframe: z.enum(Object.keys(TIMEFRAMES)),
    next_start: z.iso.datetime().nullable().describe('start of the next page; null: the range has no more bars'),
    previous_end: z.iso
      .datetime()
      .nullable()
      .describe('where no start was given, end of the page before; null: there are no earlier bars'),
    time: column.describe('opens, epoch milliseconds'),
    open: column,
    high: column,
    low: column,
    close: column,
    volume: column,
  })
  .meta({
    id: 'Bars',
    description: 'Bars as columns of equal length. A bar without candles is left out',
  });

/** Market data are the same for all users, and have no user. */
const ANYBODY = '';

/** As GET /market-data/coverage takes a market that the configuration has not. */
const UNKNOWN = { calendar: 'continuous' } as const;

const TIMEFRAME_NAMES = Object.keys(TIMEFRAMES) as Timeframe[];

const BarsQuery = z.strictObject({
  market_id: wholeBetween(1, 65_535),
  symbol: z.string('must be a symbol, see GET /market-data/instruments').meta(SYMBOL),
  timeframe: choiceInput(TIMEFRAME_NAMES),
  start: instantInput.optional().describe('bars that open at it or later; without it the last bars before end'),
  end: instantInput.optional().describe('bars that open before it'),
  limit: wholeInput(1, MOST_BARS, 1000).describe('bars of a page; one that needs very many candles is shorter'),
});

export const barsRoute: FastifyPluginAsyncZod<BarsParts> = async (app, { config, source, charts, looking }) => {
  const { markets } = defaultsOf(config);
  app.get(
    '/market-data/candles',
    {
      config: { costly: true },
      schema: {
        operationId: 'getCandles',
        summary: 'Bars of an instrument, rolled up as the engine does, a page at a time',
        description: 'The ETag is that of the bars: with If-None-Match the answer is 304 while they are the same.',
        tags: ['market data'],
        querystring: BarsQuery,
        response: {
          200: reply(Bars, 'bars in order of time'),
          304: notModified,
          ...errorReplies('not_found', 'validation_error'),
        },
      },
    },
    async ({ query }, answer) => {
      const { market_id, symbol: text, timeframe, start = null, end = null, limit } = query;
      admitted(looking, ANYBODY, answer);
      const symbol = requireSymbol(text);
      if (start !== null && end !== null && end <= start) {
        throw new SpecError([{ path: 'end', code: 'invalid_value', message: 'must be later than start' }]);
      }
      const stored = await orUnavailable(() => source.coverage({ market_id, symbol }));
      if (stored.length === 0) throw new ApiError('not_found', `there are no candles of ${market_id}:${symbol}`);
      const question = { market_id, symbol, timeframe, market: markets[market_id] ?? UNKNOWN, start, end, limit };
      const { json, hash } = await ofQuery(() => charts.bars(question, hungUp(answer)));
      return sendTagged(answer, json, hash);
    },
  );
};

/** Names the parameters of the query where the words are those of a spec. */
async function ofQuery<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new SpecError(
      error.problems.map(({ path, code, message }) => ({ path: path.replace(/^template\./, ''), code, message })),
    );
  }
}

// /market-data: which instruments have candles, from when to when, and where holes are in them. Listing is cheap; gaps
// are counted for one instrument at a time, because that takes a look at every bar it has.

import { TIMEFRAMES } from '@backtest-jobs/engine';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkSeries, seriesLedger, type Checked, type SeriesLedger } from '../candles/gaps.ts';
import { requireSymbol, type CandleSource, type Coverage, type Instrument } from '../candles/source.ts';
import type { Config } from '../config/config.ts';
import type { Admission } from '../reports/admission.ts';
import { errorReplies } from './errors.ts';
import { orUnavailable } from './gate.ts';
import { choiceInput, SYMBOL, textInput, wholeBetween, wholeInput } from './inputs.ts';
import { admitted, reply } from './replies.ts';
import { SplitJumps } from './verdict.ts';

interface MarketDataParts {
  readonly config: Config;
  readonly source: CandleSource;
  /** Reads that take long. */
  readonly looking: Admission;
}

const MOST_INSTRUMENTS = 1000;
const MOST_GAPS = 1000;

const instant = z.iso.datetime();
const Series = z.object({
  interval: z.enum(Object.keys(TIMEFRAMES)),
  start: instant.describe('open of the first candle'),
  end: instant.describe('close of the last candle'),
  rows: z.int().describe('candles; a ClickHouse counts versions that are not merged yet too'),
});

export const InstrumentList = z
  .object({
    items: z.array(
      z.object({
        market_id: z.int(),
        market: z.string().nullable().describe('its name in the configuration'),
        symbol: z.string(),
        series: z.array(Series),
      }),
    ),
    total: z.int().describe('instruments that match, also beyond the limit'),
  })
  .meta({ id: 'InstrumentList', description: 'Instruments that have candles' });

export const CoverageList = z
  .object({
    items: z.array(
      Series.extend({
        market_id: z.int(),
        symbol: z.string(),
        present: z.int().nullable().describe('different candles; with the gaps, else null'),
        expected: z.int().nullable().describe('candles between start and end; null in a session market'),
        gaps: z
          .object({
            count: z.int(),
            missing: z.int().describe('candles missing in all of them'),
            longest_missing: z.int().describe('candles missing in the longest of them'),
            longest: z
              .array(z.object({ start: instant, end: instant, missing: z.int() }))
              .describe('the longest ones, in order of time'),
          })
          .nullable()
          .describe(
            'null in a session market, whose calendar nobody knows here, and where no instrument was asked for',
          ),
        split_jumps: SplitJumps.nullable().describe('null where no instrument was asked for'),
      }),
    ),
  })
  .meta({ id: 'CoverageList', description: 'Which candles there are and which are missing' });

export const marketData: FastifyPluginAsyncZod<MarketDataParts> = async (app, parts) => {
  await app.register(instrumentsRoute, parts);
  await app.register(coverageRoute, parts);
};

const instrumentsRoute: FastifyPluginAsyncZod<MarketDataParts> = async (app, { config, source }) => {
  app.get(
    '/market-data/instruments',
    {
      schema: {
        operationId: 'listInstruments',
        summary: 'Instruments that have candles, by market and symbol',
        tags: ['market data'],
        querystring: z.strictObject({
          q: textInput(64).optional().describe('part of the symbol or of the name of the market, in any case'),
          limit: wholeInput(1, MOST_INSTRUMENTS, 100),
        }),
        response: {
          200: reply(InstrumentList, 'instruments'),
          ...errorReplies('validation_error'),
        },
      },
    },
    async ({ query: { q = '', limit } }) => {
      const { markets } = config.backtest;
      const wanted = q.normalize('NFC').trim().toLowerCase();
      const found = byInstrument(await orUnavailable(() => source.coverage())).filter(({ market_id, symbol }) =>
        [symbol, markets[market_id]?.name ?? ''].some((name) => name.toLowerCase().includes(wanted)),
      );
      const items = found.slice(0, limit).map(({ market_id, symbol, series }) => ({
        market_id,
        market: markets[market_id]?.name ?? null,
        symbol,
        series: series.map(({ interval, start, end, rows }) => ({ interval, start, end, rows })),
      }));
      return { items, total: found.length };
    },
  );
};

/** Market data are the same for all users, and have no user. */
const ANYBODY = '';

const coverageRoute: FastifyPluginAsyncZod<MarketDataParts> = async (app, { config, source, looking }) => {
  const count = rememberGaps(source);
  app.get(
    '/market-data/coverage',
    {
      config: { costly: true },
      schema: {
        operationId: 'getCoverage',
        summary: 'Which candles there are; with market_id and symbol also which are missing',
        tags: ['market data'],
        querystring: z.strictObject({
          market_id: wholeBetween(1, 65_535).optional(),
          symbol: z.string().meta(SYMBOL).optional(),
          interval: choiceInput(Object.keys(TIMEFRAMES)).optional(),
          gaps: wholeInput(0, MOST_GAPS, 100).describe('how many gaps to name'),
        }),
        response: {
          200: reply(CoverageList, 'series'),
          ...errorReplies('validation_error'),
        },
      },
    },
    async ({ query: { market_id, symbol: text, interval, gaps: named } }, answer) => {
      if (market_id !== undefined && text !== undefined) admitted(looking, ANYBODY, answer);
      const symbol = text === undefined ? undefined : requireSymbol(text);
      const one = market_id !== undefined && symbol !== undefined ? { market_id, symbol } : undefined;
      const series = (await orUnavailable(() => source.coverage(one))).filter(
        (row) =>
          (market_id === undefined || row.market_id === market_id) &&
          (symbol === undefined || row.symbol === symbol) &&
          (interval === undefined || row.interval === interval),
      );
      const items = [];
      for (const row of series) {
        const calendar = config.backtest.markets[row.market_id]?.calendar ?? 'continuous';
        const counted = one === undefined ? null : await orUnavailable(() => count(row));
        items.push(replyOf(seriesLedger(row, counted, calendar, named)));
      }
      return { items };
    },
  );
};

/** Copies a ledger with lists that zod may change. */
function replyOf({ gaps, ...ledger }: SeriesLedger) {
  return { ...ledger, gaps: gaps && { ...gaps, longest: [...gaps.longest] } };
}

const REMEMBERED = 200;

/** Keeps counts until the series changes: a page that asks again must not read every bar again. */
function rememberGaps(source: CandleSource): (series: Coverage) => Promise<Checked> {
  const known = new Map<string, Promise<Checked>>();
  return (series) => {
    const key = JSON.stringify(series);
    const counted = known.get(key) ?? checkSeries(source, series, MOST_GAPS);
    known.delete(key);
    known.set(key, counted);
    counted.catch(() => known.delete(key));
    for (const old of known.keys()) if (known.size > REMEMBERED) known.delete(old);
    return counted;
  };
}

function byInstrument(coverage: readonly Coverage[]): readonly (Instrument & { readonly series: Coverage[] })[] {
  const found = new Map<string, Instrument & { readonly series: Coverage[] }>();
  for (const series of coverage) {
    const { market_id, symbol } = series;
    const key = `${market_id}:${symbol}`;
    const instrument = found.get(key) ?? { market_id, symbol, series: [] };
    instrument.series.push(series);
    found.set(key, instrument);
  }
  return [...found.values()];
}

// A local server that speaks the part of Binance's API that candles need, for ccxt to talk to.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Candles } from '@backtest-jobs/engine';
import { COLUMNS } from '@backtest-jobs/engine/internal';
import { at } from '../src/candles/at.ts';

const MINUTE = 60_000;

export interface Trouble {
  /** Status of every nth answer to a request for candles. */
  readonly every?: number;
  readonly status?: number;
  /** Called with each request for candles. */
  readonly onKlines?: (count: number) => void;
  /** Clock of the exchange; without it the time after the last candle. */
  readonly now?: () => number;
}

/** Answers GET /api/v3/exchangeInfo and /api/v3/klines as Binance does; prices are strings there. */
export async function binance(candles: Candles, { every = 0, status = 503, onKlines, now }: Trouble = {}) {
  const asked: number[] = [];
  const server = createServer((request, reply) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://local');
    const json = (body: unknown, code = 200): void => {
      reply.writeHead(code, { 'content-type': 'application/json' });
      reply.end(JSON.stringify(body));
    };
    if (pathname === '/api/v3/exchangeInfo') return json(EXCHANGE_INFO);
    if (pathname === '/api/v3/time') return json({ serverTime: now?.() ?? (candles.time.at(-1) ?? 0) + MINUTE });
    if (pathname !== '/api/v3/klines') return json({ code: -1, msg: `no ${pathname}` }, 404);
    const [from, limit] = [Number(searchParams.get('startTime')), Number(searchParams.get('limit') ?? 500)];
    assert.deepEqual([searchParams.get('symbol'), searchParams.get('interval')], ['BTCUSDT', '1m']);
    assert.ok(limit >= 1 && limit <= 1000);
    asked.push(from);
    onKlines?.(asked.length);
    if (every > 0 && asked.length % every === 0) return json({ code: -1003, msg: 'Too many requests.' }, status);
    const rows = [...candles.time.keys()].filter((i) => at(candles.time, i) >= from).slice(0, limit);
    json(rows.map((i) => kline(COLUMNS.map((name) => at(candles[name], i)))));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const EXCHANGE_INFO = {
  timezone: 'UTC',
  serverTime: 0,
  rateLimits: [],
  exchangeFilters: [],
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      baseAsset: 'BTC',
      baseAssetPrecision: 8,
      quoteAsset: 'USDT',
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ['LIMIT', 'MARKET'],
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: false,
      filters: [{ filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000.00', tickSize: '0.01' }],
      permissions: ['SPOT'],
      permissionSets: [['SPOT']],
    },
  ],
};

function kline([time = 0, ...values]: readonly number[]): readonly (string | number)[] {
  return [time, ...values.map(String), time + MINUTE - 1, '1.0', 3, '0.5', '0.5', '0'];
}

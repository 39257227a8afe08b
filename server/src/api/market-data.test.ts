import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sliceCandles } from '@backtest-jobs/engine/internal';
import type { FastifyInstance } from 'fastify';
import { assertShape, REPORTS, testConfig } from '../../test/api.ts';
import { splitAt, walk } from '../../test/candles.ts';
import { buildApi } from '../api.ts';
import { memorySource } from '../candles/memory.ts';
import { CandlesUnreachable, type CandleSource } from '../candles/source.ts';
import { openPool } from '../db.ts';
import { CoverageList, InstrumentList } from './market-data.ts';

const START = Date.UTC(2024, 0, 1);
const MINUTES = walk(START, 1000);
const HOLEY = { ...MINUTES, time: MINUTES.time.map((time, i) => time + (i < 300 ? 0 : i < 600 ? 5 : 7) * 60_000) };
const pool = openPool('postgres://nobody@127.0.0.1:9/nowhere');
let app: FastifyInstance;
let reads = 0;

before(async () => {
  const source = memorySource([
    { market_id: 1, symbol: 'BTCUSDT', interval: '1m', candles: HOLEY },
    { market_id: 1, symbol: 'BTCUSDT', interval: '3m', candles: sliceCandles(MINUTES, 0, 1) },
    { market_id: 2, symbol: 'ETHUSDT', interval: '1m', candles: MINUTES },
    { market_id: 5, symbol: '^GSPC', interval: '1m', candles: HOLEY },
    { market_id: 77, symbol: 'X', interval: '1m', candles: splitAt(walk(START, 1000), 400, 3) },
  ]);
  const counting: CandleSource = {
    ...source,
    times(series) {
      reads += 1;
      return source.times(series);
    },
  };
  app = await buildApi({ pool, config: testConfig({ enabled: false }), source: counting, reports: REPORTS });
});
after(async () => {
  await app.close();
  await pool.end();
});

async function get(path: string, status = 200) {
  const answer = await app.inject(path);
  assert.equal(answer.statusCode, status, answer.body);
  return answer.json();
}

const instruments = async (query: string) => {
  const { items, total } = assertShape(InstrumentList, await get(`/market-data/instruments${query}`));
  return [items.map(({ market_id, symbol }) => `${market_id}:${symbol}`).join(), total];
};

test('instruments, all or those whose symbol or market has the words', async () => {
  assert.deepEqual(await instruments(''), ['1:BTCUSDT,2:ETHUSDT,5:^GSPC,77:X', 4]);
  assert.deepEqual(await instruments('?q=usdt'), ['1:BTCUSDT,2:ETHUSDT', 2]);
  assert.deepEqual(await instruments('?q=USDT&limit=1'), ['1:BTCUSDT', 2]);
  assert.deepEqual(await instruments('?q=futures'), ['2:ETHUSDT', 1]);
  assert.deepEqual(await instruments('?q=%5EG'), ['5:^GSPC', 1]);
  assert.deepEqual(await instruments('?q=nothing'), ['', 0]);
  const { items } = await get('/api/market-data/instruments?q=btc');
  assert.deepEqual(items[0], {
    market_id: 1,
    market: 'binance spot',
    symbol: 'BTCUSDT',
    series: [
      { interval: '1m', start: '2024-01-01T00:00:00.000Z', end: '2024-01-01T16:47:00.000Z', rows: 1000 },
      { interval: '3m', start: '2024-01-01T00:00:00.000Z', end: '2024-01-01T00:03:00.000Z', rows: 1 },
    ],
  });
});

test('coverage of everything names ranges, of one instrument also every gap, and counts once', async () => {
  const all = assertShape(CoverageList, await get('/market-data/coverage'));
  assert.deepEqual(
    all.items.map(({ present, expected, gaps, split_jumps }) => [present, expected, gaps, split_jumps]),
    [
      [null, 1007, null, null],
      [null, 1, null, null],
      [null, 1000, null, null],
      [null, null, null, null],
      [null, 1000, null, null],
    ],
  );
  assert.equal(reads, 0);
  const path = '/market-data/coverage?market_id=1&symbol=BTCUSDT&interval=1m';
  const { items } = assertShape(CoverageList, await get(path));
  const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
  const gaps = {
    count: 2,
    missing: 7,
    longest_missing: 5,
    longest: [
      { start: at(300), end: at(305), missing: 5 },
      { start: at(605), end: at(607), missing: 2 },
    ],
  };
  const [ends] = all.items;
  assert.deepEqual(items, [{ ...ends, present: 1000, expected: 1007, gaps, split_jumps: { count: 0, first: [] } }]);
  const fewer = await get(`${path}&gaps=1`);
  assert.deepEqual(fewer.items[0].gaps, { ...gaps, longest: gaps.longest.slice(0, 1) });
  assert.equal(reads, 1);
  const session = await get('/market-data/coverage?market_id=5&symbol=%5EGSPC');
  assert.deepEqual([session.items[0].present, session.items[0].expected, session.items[0].gaps], [1000, null, null]);
  const split = assertShape(CoverageList, await get('/market-data/coverage?market_id=77&symbol=X'));
  const { count, first } = split.items[0]?.split_jumps ?? assert.fail();
  assert.deepEqual([count, first[0]?.time, first[0]?.split], [1, at(400), '1:3']);
  assert.deepEqual(await get('/market-data/coverage?market_id=1&symbol=NONE'), { items: [] });
  assert.equal((await get('/market-data/coverage?market_id=1')).items.length, 2);
});

test('what is wrong with a question is told', async () => {
  const wrong: [string, string, RegExp][] = [
    ['/market-data/coverage?market_id=0', 'market_id', /whole number from 1 to 65,535/],
    ['/market-data/coverage?symbol=a%20b', 'symbol', /no spaces: leave out U\+0020 after/],
    ['/market-data/coverage?interval=7m', 'interval', /^must be one of 1m, 3m, .*, not "7m"$/],
    ['/market-data/coverage?gaps=1001', 'gaps', /^must be a whole number from 0 to 1,000, not "1001"$/],
    ['/market-data/instruments?limit=0', 'limit', /^must be a whole number from 1 to 1,000/],
    ['/market-data/instruments?query=x', 'query', /is not a parameter here/],
  ];
  for (const [path, field, message] of wrong) {
    const { error } = await get(path, 422);
    assert.deepEqual([error.code, error.details.errors[0].path], ['validation_error', field]);
    assert.match(error.details.errors[0].message, message);
  }
});

test('candles that are away are 503, and what was said of them is not remembered', async () => {
  const away = async (): Promise<never> => {
    throw new CandlesUnreachable('secret host did not answer');
  };
  const series = [
    {
      market_id: 1,
      symbol: 'A',
      interval: '1m',
      start: '2024-01-01T00:00:00.000Z',
      end: '2024-01-01T00:03:00.000Z',
      rows: 3,
    },
  ] as const;
  let answers = false;
  const source: CandleSource = {
    read: away,
    coverage: async () => (answers ? series : away()),
    bars: async () => (answers ? sliceCandles(MINUTES, 0, 3) : away()),
    times: async () => (answers ? Float64Array.of(START, START + 60_000, START + 120_000) : away()),
    [Symbol.asyncDispose]: async () => {},
  };
  const other = await buildApi({ pool, config: testConfig({ enabled: false }), source, reports: REPORTS });
  const path = '/market-data/coverage?market_id=1&symbol=A';
  for (const url of ['/market-data/instruments', path]) {
    const answer = await other.inject(url);
    assert.deepEqual([answer.statusCode, answer.json().error.code], [503, 'service_unavailable']);
    assert.ok(!answer.body.includes('secret'));
  }
  answers = true;
  assert.equal((await other.inject(path)).json().items[0].present, 3);
  await other.close();
});

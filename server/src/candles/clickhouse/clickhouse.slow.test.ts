// The reader against a real server: Debian's clickhouse-server, started here in a temporary folder.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadRange, parseSpec, search, type Candles, type SearchResult, type VariantRow } from '@backtest-jobs/engine';
import { sliceCandles } from '@backtest-jobs/engine/internal';
import { digestOf, walk } from '../../../test/candles.ts';
import { findClickHouse, startClickHouse, type TestClickHouse } from '../../../test/clickhouse.ts';
import type { ClickHouseSettings } from '../../config/clickhouse.ts';
import type { SourceSettings } from '../../config/settings.ts';
import { Child } from '../../worker/child.ts';
import { importSeries } from '../import.ts';
import { memorySource } from '../memory.ts';
import { openSource } from '../open.ts';
import type { CandleSource } from '../source.ts';
import { clickHouseSource } from './clickhouse.ts';

const found = findClickHouse();
const START = Date.UTC(2024, 0, 30);
const BTC = { market_id: 1, symbol: 'BTCUSDT' };
const ODD = { market_id: 2, symbol: "O'Brien\\n'; drop table x --".replaceAll(' ', '_') };
const WHOLE = walk(START, 20_000, { holes: 40 });
const RANGE = { start: START - 1e9, end: START + 1e11, timeframe: '15m' } as const;
const QUICK = { attempts: 3, pauseMs: 10, silenceMs: 400 };

function changed(candles: Candles, by: number): Candles {
  return { ...candles, open: candles.open.map((price) => price + by), close: candles.close.map((price) => price + by) };
}

describe('ClickHouse', { skip: 'skip' in found ? found.skip : false }, () => {
  let server: TestClickHouse;
  let source: CandleSource;

  before(async () => {
    server = await startClickHouse('path' in found ? found.path : '');
    source = await openSource(server.settings);
    // Versions of bars in several parts and in the wrong order: the middle third comes three times.
    const third = sliceCandles(WHOLE, 6000, 12_000);
    await server.insert(BTC, changed(third, 5), 2000);
    await server.insert(BTC, WHOLE, 1000);
    await server.insert(BTC, third, 3000);
    await server.insert({ market_id: 2, symbol: 'BTCUSDT' }, changed(WHOLE, 9), 1000);
    await server.insert(ODD, sliceCandles(WHOLE, 0, 10), 1000);
  });
  after(async () => {
    await source?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('reads what was written, bit for bit, the version ingested last, in order of time', async () => {
    const { candles, baseMs } = await source.read(BTC, RANGE);
    assert.equal(baseMs, 60_000);
    assert.equal(digestOf(candles), digestOf(WHOLE));
    assert.ok(candles.close.buffer instanceof SharedArrayBuffer);
    assert.deepEqual(await source.times((await source.coverage(BTC))[0]!), Float64Array.from(WHOLE.time));
  });

  test('merging parts changes nothing', async () => {
    await server.run('optimize table market_data.canonical_candles_1m final');
    assert.equal(digestOf((await source.read(BTC, RANGE)).candles), digestOf(WHOLE));
  });

  test('two versions of one instant: one of them, whole, and always the same', async () => {
    const twin = { market_id: 3, symbol: 'TWIN' };
    const [one, two] = [sliceCandles(WHOLE, 0, 5), changed(sliceCandles(WHOLE, 0, 5), 1)];
    await server.insert(twin, two, 1000);
    await server.insert(twin, one, 1000);
    for (let round = 0; round < 3; round += 1) {
      assert.equal(digestOf((await source.read(twin, RANGE)).candles), digestOf(two));
    }
  });

  test('only the range that was asked for, half-open', async () => {
    const [start, end] = [WHOLE.time[100]!, WHOLE.time[200]!];
    const { candles } = await source.read(BTC, { start, end, timeframe: '1m' });
    assert.equal(digestOf(candles), digestOf(sliceCandles(WHOLE, 100, 200)));
    const early = await source.read(BTC, { start: -1e15, end: 1e16, timeframe: '1d' });
    assert.equal(early.candles.time.length, WHOLE.time.length);
  });

  test('coverage, of all and of one instrument, whatever its symbol', async () => {
    const end = new Date(WHOLE.time.at(-1)! + 60_000).toISOString();
    const all = await source.coverage();
    assert.deepEqual(
      all.map(({ market_id, symbol }) => `${market_id}:${symbol}`),
      ['1:BTCUSDT', '2:BTCUSDT', `2:${ODD.symbol}`, '3:TWIN'],
    );
    assert.deepEqual(
      { ...all[0], rows: 0 },
      { ...BTC, interval: '1m', start: new Date(START).toISOString(), end, rows: 0 },
    );
    assert.deepEqual(await source.coverage({ market_id: 9, symbol: 'X' }), []);
    assert.equal((await source.coverage(ODD)).length, 1);
    assert.equal(digestOf((await source.read(ODD, RANGE)).candles), digestOf(sliceCandles(WHOLE, 0, 10)));
  });

  test('a symbol is a value, whatever its signs and its script', async () => {
    const real = ['M&M.NS', 'ES1!', '^GSPC', 'BTC/USDT:USDT', '贵州茅台', 'Газпром', 'रिलायंस', '木'.repeat(64)];
    const hostile = ['\\', "\\'", "''", '{x:String}', '%27', '\\x27', '`"', "';--", '\\0', 'a/*', '?'];
    const stored = [...real, ...hostile].map((symbol, n) => [symbol, sliceCandles(WHOLE, n, n + 2)] as const);
    for (const [symbol, candles] of stored) await server.insert({ market_id: 4, symbol }, candles, 1000);
    for (const [symbol, candles] of stored) {
      const [series, ...more] = await source.coverage({ market_id: 4, symbol });
      assert.deepEqual([series?.symbol, series?.rows, more], [symbol, 2, []]);
      assert.deepEqual(await source.times(series!), Float64Array.from(candles.time));
      assert.equal(digestOf((await source.read({ market_id: 4, symbol }, RANGE)).candles), digestOf(candles));
    }
  });

  test('what is not there is a SpecError that says what is', async () => {
    await assert.rejects(source.read({ market_id: 1, symbol: 'ETH' }, RANGE), /there are no candles of 1:ETH/);
    await assert.rejects(source.read(BTC, { ...RANGE, start: 0, end: 1 }), /no market data for requested range/);
    await assert.rejects(source.coverage({ market_id: 1, symbol: 'a b' }), { name: 'SpecError' });
  });

  test('prices that are NULL are no prices, and columns of other types are read as numbers', async () => {
    await server.run('create database odd');
    await server.run(
      `create table odd.canonical_candles_1m engine = MergeTree order by ts_open as
       select toUInt16(1) as market_id, 'X' as symbol, toDateTime(60 * (number + 1)) as ts_open, toFloat32(1.5) as open,
       if(number = 1, null, 2.5) as high, toUInt8(1) as low, toDecimal64(1.25, 4) as close,
       toUInt64(7) as volume_base, now() as ingested_at from numbers(3)`,
    );
    await using odd = clickHouseSource({ ...server.settings, database: 'odd' }, QUICK);
    const { candles } = await odd.read({ market_id: 1, symbol: 'X' }, { start: 0, end: 1e12, timeframe: '1m' });
    assert.deepEqual([...candles.high], [2.5, Number.NaN, 2.5]);
    assert.deepEqual([candles.close[0], candles.volume[2], candles.open[1]], [1.25, 7, 1.5]);
  });

  test('what the server refuses is not asked again, and the reason is told without a password', async () => {
    const wrong: [Partial<ClickHouseSettings>, RegExp][] = [
      [{ password: 'guess' }, /^ClickHouse at 127\.0\.0\.1:\d+ refused: .*(?:password|Authentication)/i],
      [{ database: 'nowhere' }, /there is no table nowhere\.|Database nowhere doesn't exist/],
      [{ database: 'default' }, /there is no table default\.canonical_candles_1m, or this user may not see it/],
    ];
    for (const [settings, message] of wrong) {
      await using other = clickHouseSource({ ...server.settings, ...settings }, { ...QUICK, pauseMs: 60_000 });
      await assert.rejects(other.coverage(), (error: Error) => {
        assert.match(error.message, message);
        assert.ok(!error.message.includes('secret') && !error.message.includes('guess'), error.message);
        return true;
      });
    }
  });

  test('an answer that broke off in the middle is not taken for the whole, and is asked for again', async () => {
    for (const rows of [0, 1, 4000]) {
      await using proxy = await proxyTo(server.settings, { cutRows: rows, times: 2 });
      await using reader = clickHouseSource(proxy.settings, QUICK);
      assert.equal(digestOf((await reader.read(BTC, RANGE)).candles), digestOf(WHOLE));
      assert.equal(proxy.cut(), 2);
    }
    await using proxy = await proxyTo(server.settings, { cutRows: 10, times: 99 });
    await using reader = clickHouseSource(proxy.settings, QUICK);
    await assert.rejects(reader.read(BTC, RANGE), {
      name: 'CandlesUnreachable',
      message: /asked 3 times: 10 candles came/,
    });
  });

  test('silence ends, and so does a read that nobody wants any more', async () => {
    await using proxy = await proxyTo(server.settings, { cutRows: 10, times: 99, hang: true });
    await using reader = clickHouseSource(proxy.settings, { ...QUICK, attempts: 2 });
    await assert.rejects(reader.read(BTC, RANGE), {
      name: 'CandlesUnreachable',
      message: /asked 2 times: nothing within 0\.4 s/,
    });
    await using patient = clickHouseSource(proxy.settings);
    const stop = new AbortController();
    const reading = patient.read(BTC, RANGE, stop.signal);
    const why = new Error('cancelled');
    await proxy.hanging();
    stop.abort(why);
    await assert.rejects(reading, why);
    const [reader2, hanging] = [clickHouseSource(proxy.settings), proxy.hanging()];
    const unwanted = reader2.read(BTC, RANGE);
    await hanging;
    await Promise.all([assert.rejects(unwanted, /the candle source was closed/), reader2[Symbol.asyncDispose]()]);
  });

  test('a job on 15m bars from each source gives identical results', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'backtest-candles-'));
    await importSeries({ folder, ...BTC, interval: '1m', candles: WHOLE });
    await using parquet = await openSource({ kind: 'parquet', folder });
    await using memory = memorySource([{ ...BTC, interval: '1m', candles: WHOLE }]);
    const results: SearchResult[] = [];
    for (const one of [source, parquet, memory]) results.push(await searched(one));
    const jobs = [await computed(server.settings), await computed({ kind: 'parquet', folder })];
    assert.ok(results[0]!.rows.length > 5 && results[0]!.ledger.base_missing! > 100);
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
    assert.deepEqual(jobs[1], jobs[0]);
    // A job counts the trades that it stores of a row.
    const counted = (row: VariantRow): object => Object.assign({ trades_total: row.trades?.length }, row);
    const rows = results[0]!.rows.map(counted);
    assert.deepEqual(JSON.parse(JSON.stringify(jobs[0])), JSON.parse(JSON.stringify(rows)));
    await rm(folder, { recursive: true });
  });

  test('a server that was killed is waited for', async () => {
    await server.kill();
    await using down = clickHouseSource(server.settings, QUICK);
    await assert.rejects(down.coverage(), {
      name: 'CandlesUnreachable',
      message: /did not answer, asked 3 times: .*ECONN/,
    });
    const reading = source.read(BTC, RANGE);
    await server.start();
    assert.equal(digestOf((await reading).candles), digestOf(WHOLE));
  });
});

test('a job waits for candles that are away, then is not failed but given back, and stops when it is told to', async () => {
  const nobody: ClickHouseSettings = {
    kind: 'clickhouse',
    host: '127.0.0.1',
    port: 2,
    database: 'market_data',
    user: 'default',
    password: '',
    secure: false,
    verify: true,
  };
  const job = { ...ONCE, spec: SPEC, source: nobody };
  await using waiting = new Child();
  waiting.send({ type: 'run', job });
  await using stopped = new Child();
  stopped.send({ type: 'run', job });
  stopped.send({ type: 'stop', resumable: true });
  assert.deepEqual(await stopped.next(), { type: 'stopped', saved: null });
  const asked = /^ClickHouse at 127\.0\.0\.1:2 did not answer, asked 2 times: .*ECONNREFUSED/;
  let end = await waiting.next();
  assert.equal(end.type, 'waiting');
  for (; end.type === 'waiting'; end = await waiting.next()) assert.match(end.message, asked);
  assert.ok(end.type === 'exit' && end.cause === 'candles_unreachable', JSON.stringify(end));
  assert.match(end.detail.replace('exit code 75: ', ''), asked);
});

const ONCE = {
  candlePatienceMs: 5000,
  threads: 1,
  snapshotSeconds: 30,
  snapshotVariantsStep: 1e9,
  resume: null,
  requestHash: '',
};

const SPEC = parseSpec({
  time_range: { start: '2024-02-01T00:00:00Z', end: '2024-02-12T00:00:00Z' },
  luck: 0,
  template: {
    instrument_id: BTC,
    timeframe: '15m',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 60, step: 5 } } },
    ],
    risk_grid: { sl: { mode: 'explicit', values: ['off', 1] } },
  },
  top_k: 20,
});

/** The rows of the job as a worker's compute child gives them. */
async function computed(source: SourceSettings): Promise<readonly VariantRow[]> {
  await using child = new Child();
  const rows: VariantRow[] = [];
  child.send({ type: 'run', job: { ...ONCE, spec: SPEC, source } });
  for (;;) {
    const message = await child.next();
    if (message.type === 'result') return rows;
    assert.ok(
      message.type === 'loaded' || message.type === 'part' || message.type === 'snapshot',
      JSON.stringify(message),
    );
    if (message.type === 'part' && message.part.kind === 'rows')
      rows.push(...(JSON.parse(message.part.json) as VariantRow[]));
    if (message.type !== 'loaded') child.send({ type: 'saved' });
  }
}

async function searched(source: CandleSource): Promise<SearchResult> {
  const { candles, baseMs } = await source.read(BTC, { ...loadRange(SPEC), timeframe: '15m' });
  assert.equal(baseMs, 60_000);
  for await (const { result } of search(candles, SPEC)) if (result !== null) return result;
  throw new Error('no result');
}

interface Cutting {
  /** Of a RowBinary answer of candles only so many rows are let through. */
  readonly cutRows: number;
  /** How many answers are cut. */
  readonly times: number;
  /** The rest is not an end but silence. */
  readonly hang?: boolean;
}

interface Proxy extends AsyncDisposable {
  readonly settings: ClickHouseSettings;
  readonly cut: () => number;
  /** Until the next answer hangs. */
  readonly hanging: () => Promise<void>;
}

/** Stands before the server and spoils its answers, as a server does that dies in the middle of one. */
async function proxyTo(to: ClickHouseSettings, { cutRows, times, hang = false }: Cutting): Promise<Proxy> {
  let cut = 0;
  let hung: () => void = () => {};
  const spoil = async (answer: IncomingMessage, reply: ServerResponse): Promise<void> => {
    cut += 1;
    let left = cutRows * 48;
    reply.writeHead(answer.statusCode ?? 500, { 'transfer-encoding': 'chunked' });
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      if (left > 0) reply.write(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
    }
    if (hang) hung();
    else reply.end();
  };
  const proxy: Server = createServer((asked, reply) => {
    const chunks: Uint8Array[] = [];
    asked.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      const { url, method, headers } = asked;
      const sent = request({ host: to.host, port: to.port, path: url, method, headers }, (answer) => {
        const spoiled = cut < times && body.includes('limit 1 by ts_open');
        if (spoiled) {
          void spoil(answer, reply);
          return;
        }
        reply.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(reply);
      });
      sent.on('error', () => reply.destroy());
      sent.end(body);
    });
  });
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    settings: { ...to, port },
    cut: () => cut,
    hanging: () => new Promise((resolve) => (hung = resolve)),
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((resolve) => void proxy.close(resolve));
    },
  };
}

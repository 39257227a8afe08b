// Limits of a real server that end answers early and report nothing. A proxy gives them to each question, as one that
// teams put before their servers does, so that they are in force as those of a profile are.

import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { digestOf, walk } from '../../../test/candles.ts';
import { findClickHouse, startClickHouse, type TestClickHouse } from '../../../test/clickhouse.ts';
import type { ClickHouseSettings } from '../../config/clickhouse.ts';
import { clickHouseSource } from './clickhouse.ts';

const found = findClickHouse();
const START = Date.UTC(2023, 10, 20);
const X = { market_id: 1, symbol: 'X' };
const WHOLE = walk(START, 200_000);
const RANGE = { start: START, end: START + 1e11, timeframe: '15m' } as const;
const SERIES = {
  ...X,
  interval: '1m',
  start: new Date(START).toISOString(),
  end: '2024-12-01T00:00:00Z',
  rows: 1,
} as const;
const QUICK = { attempts: 2, pauseMs: 10, silenceMs: 4000 };

type Limits = Readonly<Record<string, string | number>>;

/** Adds settings to the questions of which a part of the SQL is `only`, or to all. */
async function limiting(to: ClickHouseSettings, limits: Limits, only = '') {
  const server = createServer((asked, reply) => {
    const chunks: Uint8Array[] = [];
    asked.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      const url = new URL(asked.url ?? '', 'http://proxy');
      if (body.includes(only))
        for (const [name, value] of Object.entries(limits)) url.searchParams.set(name, `${value}`);
      const { method, headers } = asked;
      const path = url.pathname + url.search;
      const sent = request({ host: to.host, port: to.port, path, method, headers }, (answer) => {
        reply.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(reply);
      });
      sent.end(body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const settings = { ...to, user: 'writer', port: (server.address() as AddressInfo).port };
  const source = clickHouseSource(settings, QUICK);
  return {
    source,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

describe('a ClickHouse with limits', { skip: 'skip' in found ? found.skip : false }, () => {
  let server: TestClickHouse;
  before(async () => {
    server = await startClickHouse('path' in found ? found.path : '');
    await server.insert(X, WHOLE, 1000);
    await server.insert({ market_id: 2, symbol: 'Y' }, walk(START, 10), 1000);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  const cases: readonly (readonly [Limits, RegExp])[] = [
    [
      { max_rows_to_read: 100_000, read_overflow_mode: 'break' },
      /max_rows_to_read = 100000 with read_overflow_mode = break/,
    ],
    [{ max_bytes_to_read: 500_000, read_overflow_mode: 'break' }, /max_bytes_to_read = 500000 with/],
    [{ max_rows_to_read: 1, read_overflow_mode: 'break' }, /max_rows_to_read = 1 with/],
    [
      { max_result_rows: 1000, result_overflow_mode: 'break' },
      /\d+ candles came where 200000 .*max_result_rows = 1000 with result_overflow_mode = break/,
    ],
    [
      { max_rows_to_group_by: 1, group_by_overflow_mode: 'any' },
      /max_rows_to_group_by = 1 with group_by_overflow_mode = any/,
    ],
    [{ max_rows_to_group_by: 1, group_by_overflow_mode: 'break' }, /max_rows_to_group_by = 1 with/],
  ];
  for (const [limits, message] of cases) {
    test(`${JSON.stringify(limits)}: an error names it, and no series comes`, async () => {
      await using limited = await limiting(server.settings, limits);
      const whole = { name: 'Error', message };
      await assert.rejects(limited.source.read(X, RANGE), (error: Error) => {
        assert.match(
          error.message,
          /^ClickHouse at 127\.0\.0\.1:\d+ gives no whole answer: .*raise it for this user, or let/,
        );
        assert.match(error.message, message);
        assert.equal(error.name, whole.name);
        return true;
      });
    });
  }

  test('a limit that nothing reaches does no harm, and one that throws is told as the server says it', async () => {
    await using roomy = await limiting(server.settings, {
      max_rows_to_read: 300_000,
      read_overflow_mode: 'break',
      max_execution_time: 60,
      timeout_overflow_mode: 'break',
      max_rows_to_group_by: 3,
      group_by_overflow_mode: 'any',
    });
    assert.equal(digestOf((await roomy.source.read(X, RANGE)).candles), digestOf(WHOLE));
    assert.equal((await roomy.source.coverage()).length, 2);
    await using throwing = await limiting(server.settings, { max_rows_to_read: 100_000 });
    await assert.rejects(throwing.source.read(X, RANGE), /refused: .*Limit for rows/);
  });

  test('the list of everything and the times of a series are whole, or an error', async () => {
    await using limited = await limiting(server.settings, { max_rows_to_read: 100_000, read_overflow_mode: 'break' });
    await assert.rejects(limited.source.coverage(), /max_rows_to_read = 100000/);
    await assert.rejects(limited.source.times(SERIES), /max_rows_to_read = 100000/);
    await assert.rejects(limited.source.bars(SERIES, RANGE), /max_rows_to_read = 100000/);
  });

  test('whatever the limit: all of the series, or an error', async () => {
    const modes = { rows_to_read: 'read', rows_to_sort: 'sort', result_rows: 'result', rows_in_distinct: 'distinct' };
    let refused = 0;
    for (const [limit, mode] of Object.entries(modes)) {
      for (const most of [1, 65_536, 199_999, 200_000]) {
        const limits = { [`max_${limit}`]: most, [`${mode}_overflow_mode`]: 'break' };
        await using limited = await limiting(server.settings, limits);
        const read = await limited.source.read(X, RANGE).catch((error: Error) => error);
        if (read instanceof Error) assert.match(read.message, new RegExp(`max_${limit} = ${most} with`));
        else assert.equal(digestOf(read.candles), digestOf(WHOLE));
        refused += Number(read instanceof Error);
      }
    }
    assert.ok(refused >= 6, `${refused}`);
  });

  test('limits that no setting shows are found by the counts of the months', async () => {
    // Only questions about candles are limited, as servers behind a distributed table limit what they are asked.
    const messages: string[] = [];
    for (const most of [1, 15_000, 50_000, 100_000, 150_000]) {
      const hidden = { max_rows_to_read: most, read_overflow_mode: 'break' };
      await using limited = await limiting(
        server.settings,
        hidden,
        'from market_data.canonical_candles_1m where market_id = 1',
      );
      const times = async () => (await limited.source.bars(SERIES, RANGE)).time;
      for (const read of [times, () => limited.source.times(SERIES)]) {
        const got = await read().catch((error: Error) => error);
        if (got instanceof Error) messages.push(`${got.name} ${got.message}`);
        else assert.deepEqual(got, WHOLE.time, `${most}: ${got.length} candles`);
      }
    }
    const byMonth =
      /asked 2 times: \d+ candles from \S+ to \S+ came in an answer, and a question about these days counts \d+/;
    assert.ok(
      messages.some((message) => byMonth.test(message)),
      messages.join('\n'),
    );
  });
});

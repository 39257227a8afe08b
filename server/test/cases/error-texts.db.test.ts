// A ClickHouse that refuses with a text that PostgreSQL cannot store as it is: the job fails in its first attempt, and the
// message survives.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { openFleet, walk, type Fleet } from '../fleet.ts';

const SPEC = {
  time_range: { start: '2020-01-05T00:00:00Z', end: '2020-01-30T00:00:00Z' },
  warmup_bars: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    rules: { long: 'close > 0' },
    direction_mode: 'long-only',
  },
};

let fleet: Fleet;
before(async () => {
  fleet = await openFleet(walk(800, '1h'), '1h');
});
after(() => fleet[Symbol.asyncDispose]());

for (const [what, text, kept] of [
  ['with a NUL', 'no\0good', 'no\uFFFDgood'],
  ['with an emoji where it is cut', `${'x'.repeat(299)}\u{1F600} and more`, 'x'.repeat(200)],
] as const) {
  test(`an error text ${what} is kept, and costs no attempt`, async (t) => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(500).end(text));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const id = await fleet.submit(SPEC);
    const worker = fleet.worker({ CANDLE_SOURCE: 'clickhouse', CH_HOST: '127.0.0.1', CH_PORT: String(port) });
    const done = await fleet.until(id, 'the end', ({ state }) => state !== 'queued' && state !== 'running');
    worker.kill('SIGTERM');
    await worker.ended;
    assert.deepEqual([done.state, done.attempt, done.crash_count], ['failed', 1, 0], worker.log());
    const { rows } = await fleet.database.pool.query<{ last_error: string }>(
      'select last_error from backtest_jobs where job_id = $1',
      [id],
    );
    const last_error = rows[0]?.last_error ?? '';
    assert.ok(last_error.startsWith(`ClickHouse at 127.0.0.1:${port} refused: ${kept}`), last_error);
    assert.ok(last_error.isWellFormed());
  });
}

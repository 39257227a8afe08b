import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nothingText, tradesLines, type TopLine } from './top.ts';

test('only a job that goes on may have variants later', () => {
  for (const state of ['queued', 'running']) assert.match(nothingText(state), /yet$/);
  for (const state of ['failed', 'cancelled'])
    assert.equal(nothingText(state), `the job ended ${state} before its first snapshot: it has no variants`);
  assert.doesNotMatch(nothingText('succeeded'), /yet/);
});

test('trades that are not all stored are counted, with what has them all', () => {
  const trade = { direction: 'long', entry_time: '', exit_time: '', return_pct: 1, exit_reason: 'signal' };
  const item = (changes: object): TopLine =>
    ({ rank: 1, variant_key: 'k', variant_index: 7, metrics: {}, payload: {}, ...changes }) as unknown as TopLine;
  const cut = item({ trades: [trade, trade], trades_total: 560_158, trades_cut: true });
  assert.match(
    tradesLines(cut)[0]!,
    /2 of 560,158 trades are stored, the first and the last; .* --variant 7 reports all/,
  );
  assert.deepEqual(tradesLines(item({ trades: [trade], trades_total: 1, trades_cut: false })), []);
  assert.deepEqual(tradesLines(item({})), []);
});

const ENTRY = fileURLToPath(new URL('../../backtest.mjs', import.meta.url));
const JOB = '01890a5d-ac96-774b-bcce-b302099a8057';

async function asking(t: TestContext, reply: RequestListener, ...args: readonly string[]) {
  const server = createServer(reply);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const env = { PATH: process.env['PATH'], BACKTEST_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return spawn(process.execPath, [ENTRY, 'top', JOB, ...args], { env });
}

test('--json is the reply as it comes: the first part is out before the last is there', async (t) => {
  const end = Promise.withResolvers<void>();
  const child = await asking(
    t,
    (_, response) => {
      response.write('{"items":[');
      void end.promise.then(() => response.end(']}'));
    },
    '--json',
  );
  const [first] = await once(child.stdout.setEncoding('utf8'), 'data');
  assert.equal(first, '{"items":[');
  end.resolve();
  assert.equal(await text(child.stdout), ']}\n');
  assert.equal(child.exitCode ?? (await once(child, 'exit'))[0], 0);
});

test('many variants are asked for a few at a time', async (t) => {
  const asked: string[] = [];
  const payload = {
    indicator_selections: [],
    signal_params: {},
    rules: {},
    params: { slow: 20, fast: 5 },
    risk_params: {},
  };
  const child = await asking(
    t,
    ({ url = '' }, response) => {
      asked.push(url);
      const query = new URL(url, 'http://x').searchParams;
      const [from, limit] = [Number(query.get('after_rank')), Number(query.get('limit'))];
      const items = Array.from({ length: Math.min(limit, 60 - from) }, (_, at) => ({
        rank: from + at + 1,
        variant_key: 'k',
        variant_index: at,
        metrics: {},
        payload,
        trades: [],
      }));
      const next_after_rank = from + items.length < 60 ? from + items.length : null;
      response.end(JSON.stringify({ job_id: JOB, state: 'running', items, next_after_rank }));
    },
    '--limit',
    '55',
  );
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  assert.equal(lines.length, 56);
  assert.match(lines.at(-1) ?? '', /^55 +slow=20 fast=5 /);
  assert.deepEqual(
    asked.map((url) => url.split('?')[1]),
    ['limit=25&after_rank=0', 'limit=25&after_rank=25', 'limit=5&after_rank=50'],
  );
});

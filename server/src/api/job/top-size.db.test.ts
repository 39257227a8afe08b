// Reads of any size: pages reach everything that is stored, giants that somebody planted cost neither the API's memory
// nor its event loop, and what is sent says how much there is.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { assertShape, REPORTS, SOURCE, specBody, testConfig } from '../../../test/api.ts';
import { testDatabase, type TestDatabase } from '../../../test/database.ts';
import { claimed, finish, topRow } from '../../../test/queue.ts';
import { buildApi, openApiPool } from '../../api.ts';
import type { TopRow } from '../../queue/job.ts';
import { TopVariants } from './top-variants.ts';

const USER = '00000000-0000-7000-8000-00000000000b';
const METRICS = {
  total_return_pct: 1,
  max_drawdown_pct: 1,
  return_over_max_drawdown: 1,
  profit_factor: 'inf',
  sharpe: 1 / 3,
  sortino: null,
  calmar: 1,
  sqn: 1,
  expectancy: 1,
  win_rate_pct: 1,
  num_trades: 3,
  ambiguous_bars: 0,
  total_return_pct_tp_first: 1,
  bust: 0,
  written_off: 0,
};

let database: TestDatabase;
let app: FastifyInstance;
let url: string;
let pool: ReturnType<typeof openApiPool>;

before(async () => {
  database = await testDatabase();
  pool = openApiPool(database.dsn);
  const user = () => ({ user_id: USER, name: 'test' });
  app = await buildApi({ pool, config: testConfig(), source: SOURCE, reports: REPORTS, user });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
after(async () => {
  await app.close();
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const TRADE = {
  direction: 'long',
  entry_time: '2024-01-01T00:00:00.000Z',
  exit_time: '2024-01-01T01:00:00.000Z',
  entry_fill: 100.123456789,
  exit_fill: 101.987654321,
  net: 1.23456789,
  gross: 1.3456789,
  return_pct: 1.8765,
  mae_pct: -0.123456,
  mfe_pct: 2.3456,
  exit_reason: 'signal',
};

const tradesOf = (count: number, from = 0): object[] =>
  Array.from({ length: count }, (_, at) => ({ trade_id: from + at + 1, ...TRADE }));

async function succeeded(rows: readonly TopRow[]): Promise<string> {
  const reply = await app.inject({ method: 'POST', url: '/backtests/jobs', payload: specBody() });
  assert.equal(reply.statusCode, 201, reply.body);
  const { lease } = await claimed(database.pool, { lease_seconds: 600 });
  assert.equal(await finish(database.pool, lease, { state: 'succeeded', rows, result_json: {} }), 'succeeded');
  return lease.job_id;
}

const row = (rank: number, changes: Partial<TopRow> = {}): TopRow =>
  topRow(rank, { metrics: METRICS, payload: { direction_mode: 'long-only' }, trades: null, ...changes });

/** The reply, and the longest time in milliseconds that /healthz took beside it. */
async function beside(path: string): Promise<{ status: number; text: string; worst: number }> {
  const pulse = { on: true, worst: 0 };
  const beating = (async () => {
    while (pulse.on) {
      const since = performance.now();
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
      pulse.worst = Math.max(pulse.worst, performance.now() - since);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  try {
    const reply = await fetch(url + path);
    return { status: reply.status, text: await reply.text(), worst: pulse.worst };
  } finally {
    pulse.on = false;
    await beating;
  }
}

test('pages reach every row that is stored, each once and in order', async () => {
  const job_id = await succeeded(Array.from({ length: 730 }, (_, at) => row(at + 1)));
  const ranks: number[] = [];
  const pageAfter = async (rank: number) => {
    const reply = await app.inject(`/backtests/jobs/${job_id}/top?limit=100&after_rank=${rank}`);
    return assertShape(TopVariants, reply.json());
  };
  let after: number | null = 0;
  while (after !== null) {
    const page: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(after);
    ranks.push(...page.items.map(({ rank }) => rank));
    after = page.next_after_rank;
  }
  assert.deepEqual(
    ranks,
    Array.from({ length: 730 }, (_, at) => at + 1),
  );
  const first = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top`)).json());
  assert.deepEqual([first.items.length, first.next_after_rank], [300, 300]);
  const beyond = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top?after_rank=730`)).json());
  assert.deepEqual([beyond.items, beyond.next_after_rank], [[], null]);
  const bad = await app.inject(`/backtests/jobs/${job_id}/top?after_rank=-1`);
  assert.equal(bad.statusCode, 422);
});

test('trades that stand in several portions come as one list, with how many there are', async () => {
  const all = tradesOf(2500);
  const job_id = await succeeded([
    row(1, { trades: all.slice(0, 1000), trades_total: 7000 }),
    row(2, { trades: tradesOf(3) }),
  ]);
  // As a worker writes them, under another job's lease that is then given to this one.
  await database.admin.query(
    `insert into backtest_job_trades (job_id, rank, part_no, trades_json, attempt) values ($1, 1, 1, $2, 1), ($1, 1, 2, $3, 1)`,
    [job_id, JSON.stringify(all.slice(1000, 2000)), JSON.stringify(all.slice(2000))],
  );
  const { items } = assertShape(TopVariants, (await app.inject(`/backtests/jobs/${job_id}/top`)).json());
  assert.deepEqual(items[0]?.trades, all);
  assert.deepEqual([items[0]?.trades_total, items[0]?.trades_cut], [7000, true]);
  assert.deepEqual([items[1]?.trades?.length, items[1]?.trades_total, items[1]?.trades_cut], [3, 3, false]);
});

test('210 variants with 5,040 trades each are sent while /healthz answers', async () => {
  const trades = tradesOf(5040);
  const job_id = await succeeded(Array.from({ length: 210 }, (_, at) => row(at + 1)));
  const set = `update backtest_job_top_variants set trades_json = $2, trades_total = 5040 where job_id = $1`;
  await database.admin.query(set, [job_id, JSON.stringify(trades)]);
  const { status, text, worst } = await beside(`/backtests/jobs/${job_id}/top`);
  assert.equal(status, 200);
  assert.ok(text.length > 200e6, `${text.length} characters`);
  assert.equal(text.match(/"trades_total":5040,"trades_cut":false/g)?.length, 210);
  assert.ok(worst < 1500, `/healthz took ${worst.toFixed()} ms`);
});

const PLANTED = {
  'a million trades in one row': `update backtest_job_top_variants set trades_json = (
    select jsonb_agg(jsonb_build_object('trade_id', i, 'net', i * 1.5, 'exit_reason', 'signal')) from generate_series(1, 1000000) i
  ), trades_total = null where rank = 1 and job_id = $1`,
  'a report of 300 MB': `update backtest_job_top_variants set report_table_md = repeat('| x | y |', 33000000) where rank = 1 and job_id = $1`,
  'a payload of 200 MB': `update backtest_job_top_variants set payload_json = jsonb_build_object('x', repeat('y', 200000000)) where rank = 1 and job_id = $1`,
  'metrics of 200 MB': `update backtest_job_top_variants set metrics_json = metrics_json || jsonb_build_object('x', repeat('y', 200000000)) where rank = 1 and job_id = $1`,
  'one trade of 200 MB': `update backtest_job_top_variants set trades_json = jsonb_build_array(jsonb_build_object('x', repeat('y', 200000000))), trades_total = 1 where rank = 1 and job_id = $1`,
  'an error of 200 MB': `update backtest_jobs set state = 'failed', last_error = repeat('x', 200000000),
    last_error_json = jsonb_build_object('code', 'x', 'message', repeat('x', 200000000), 'details', 1) where job_id = $1`,
  'a result of 200 MB': `update backtest_job_results set result_json = jsonb_build_object('ledger', jsonb_build_object('x', repeat('y', 200000000))) where job_id = $1`,
};

for (const [giant, sql] of Object.entries(PLANTED)) {
  test(`${giant}, planted, neither ends nor blocks the API`, async () => {
    const job_id = await succeeded([row(1, { trades: tradesOf(2) }), row(2)]);
    await database.admin.query(sql, [job_id]);
    for (const path of [`/backtests/jobs/${job_id}/top`, `/backtests/jobs/${job_id}`, '/backtests/jobs']) {
      const { status, text, worst } = await beside(path);
      assert.equal(status, 200, text.slice(0, 500));
      assert.ok(text.length < 20e6, `${path}: ${text.length} characters`);
      assert.ok(worst < 1500, `${path}: /healthz took ${worst.toFixed()} ms`);
      JSON.parse(text);
    }
    if (giant === 'one trade of 200 MB') {
      const { items } = (await (await fetch(`${url}/backtests/jobs/${job_id}/top`)).json()) as {
        items: { trades: object[]; trades_total: number; trades_cut: boolean }[];
      };
      assert.deepEqual([items[0]!.trades, items[0]!.trades_total, items[0]!.trades_cut], [[], 1, true]);
    }
    if (giant === 'a million trades in one row') {
      const { items } = (await (await fetch(`${url}/backtests/jobs/${job_id}/top`)).json()) as {
        items: { trades: { trade_id: number }[]; trades_total: number; trades_cut: boolean }[];
      };
      const { trades, trades_total, trades_cut } = items[0]!;
      assert.deepEqual([trades.length, trades_total, trades_cut], [10_000, 1_000_000, true]);
      assert.deepEqual([trades[4999]!.trade_id, trades[5000]!.trade_id], [5000, 995_001]);
    }
  });
}

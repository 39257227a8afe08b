// Results of any size: real workers with a lease of 3 s write rows, trades and resume points in portions, and what is
// stored and hashed is what the engine says of the same spec.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { parseSpec, search, type Candles, type SearchResult } from '@backtest-jobs/engine';
import { openFleet, stopped, USER, type Fleet, type JobRow } from '../../test/fleet.ts';
import { checkInvariants } from '../../test/invariants.ts';
import { attempts, hashOf } from '../../test/queue.ts';
import { watch } from '../../test/watch.ts';
import { cancel } from '../queue/cancel.ts';
import { surfaceHash } from '../queue/portions/surface-hash.ts';

const BARS = 24_000;
const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

/** Closes that go up and down in turn, so that nearly every bar is a trade. */
function alternating(): Candles {
  const column = (value: (bar: number) => number): Float64Array =>
    Float64Array.from({ length: BARS }, (_, bar) => value(bar));
  const close = column((bar) => 100 + (bar % 2) + ((bar * 7919) % 13) / 100);
  const time = column((bar) => START + bar * MINUTE);
  return { time, open: close, high: close, low: close, close, volume: column(() => 1) };
}

const CANDLES = alternating();

function specOf(changes: object = {}, bars = BARS): object {
  return {
    time_range: { start: new Date(START).toISOString(), end: new Date(START + bars * MINUTE).toISOString() },
    luck: 0,
    warmup_bars: 0,
    top_trades_n: 2,
    top_k: 3,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1m',
      rules: { long: 'close < close[n]', short: 'close > close[n]' },
      params: { n: { mode: 'explicit', values: [1, 3, 5] } },
      sizing_mode: 'fixed_quote',
      execution: { fee_pct: 0, slippage_pct: 0 },
    },
    ...changes,
  };
}

const SHORTER = specOf({}, 5000);

/** 220,000 variants that all trade and all go on to stage_b. */
const MANY = specOf(
  {
    preselect: 3_000_000,
    top_trades_n: 0,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1m',
      rules: { long: 'close < close[n] and close > m', short: 'close > close[n]' },
      params: {
        n: { mode: 'explicit', values: [1, 3] },
        m: { mode: 'range', start: 0.00001, stop_incl: 1.1, step: 0.00001 },
      },
    },
  },
  60,
);

let fleet: Fleet;
before(async () => {
  fleet = await openFleet(CANDLES, '1m');
  await watch(fleet.database.admin);
});
after(() => fleet[Symbol.asyncDispose]());
beforeEach(async () => {
  await fleet.database.admin.query('delete from backtest_jobs');
  await fleet.database.admin.query('truncate fault_log');
});

async function resultOf(input: object): Promise<SearchResult> {
  for await (const { result } of search(CANDLES, parseSpec(input))) if (result !== null) return result;
  throw new Error('a search ends with a result');
}

interface StoredRow {
  readonly rank: number;
  readonly trades: object[] | null;
  readonly trades_total: number | null;
  readonly parts: number;
}

/** Rank, trades of the row and of its parts together, and the number of all. */
async function rowsOf(job_id: string): Promise<StoredRow[]> {
  const { rows } = await fleet.database.admin.query<StoredRow>(
    `select rank, trades_total, (select count(*)::int from backtest_job_trades p where p.job_id = t.job_id and p.rank = t.rank) as parts,
       trades_json || coalesce((
         select jsonb_agg(trade order by part_no, place)
         from backtest_job_trades p, jsonb_array_elements(p.trades_json) with ordinality as one(trade, place)
         where p.job_id = t.job_id and p.rank = t.rank
       ), '[]') as trades
     from backtest_job_top_variants t where job_id = $1 order by rank`,
    [job_id],
  );
  return rows;
}

async function assertWhole(done: JobRow, job_id: string, input: object): Promise<void> {
  const { rows, ...result } = await resultOf(input);
  const surface = await surfaceHash(fleet.database.admin, job_id);
  assert.equal(done.result_hash, hashOf(rows, result, surface));
  const stored = await rowsOf(job_id);
  for (const [at, { trades, trades_total }] of rows.entries()) {
    assert.deepEqual(stored[at]?.trades ?? null, trades && JSON.parse(JSON.stringify(trades)));
    assert.equal(stored[at]?.trades_total ?? null, trades && (trades_total ?? trades.length));
  }
  assert.equal(stored.length, rows.length);
}

const ended = ({ state }: JobRow): boolean => state !== 'running' && state !== 'queued';
const sizes = (rows: readonly StoredRow[]): unknown[] =>
  rows.map(({ trades, trades_total, parts }) => [trades?.length, trades_total, parts]);

describe('results in portions', { concurrency: false }, () => {
  test('rows with more trades than the bound are cut and counted, and the job succeeds in one attempt', async () => {
    const job_id = await fleet.submit(specOf());
    const worker = fleet.worker();
    const done = await fleet.until(job_id, 'the end', ended);
    worker.kill('SIGTERM');
    await worker.ended;
    assert.equal(done.state, 'succeeded', worker.log());
    await assertWhole(done, job_id, specOf());
    const stored = await rowsOf(job_id);
    for (const row of stored.slice(0, 2)) {
      assert.ok(row.trades_total! > 12_000);
      assert.deepEqual([row.trades?.length, row.parts], [10_000, 9]);
    }
    assert.deepEqual(sizes(stored.slice(2)), [[undefined, null, 0]]);
    await checkInvariants(fleet.database.admin, { jobs: [job_id], logs: [{ text: worker.log(), survived: true }] });
  });

  for (const point of ['rows:1', 'rows:2', 'trades:1', 'trades:4', 'finish:1', 'finished:1']) {
    test(`killed at ${point}, in the middle of its result, the job ends with the same bytes`, async () => {
      const job_id = await fleet.submit(SHORTER);
      const first = fleet.worker({ CRASH_AT: point });
      assert.equal(await first.ended, 'SIGKILL');
      const second = fleet.worker();
      const done = await fleet.until(job_id, 'the end', ended);
      second.kill('SIGTERM');
      await second.ended;
      assert.equal(done.state, 'succeeded', second.log());
      await assertWhole(done, job_id, SHORTER);
      const logs = [
        { text: first.log(), survived: false },
        { text: second.log(), survived: true },
      ];
      await checkInvariants(fleet.database.admin, { jobs: [job_id], logs });
    });
  }

  test('a job that is cancelled in the middle of its result keeps its rows, without reports and trades', async () => {
    const job_id = await fleet.submit(specOf());
    const first = fleet.worker({ CRASH_AT: 'trades:3' });
    assert.equal(await first.ended, 'SIGKILL');
    const { rowCount } = await fleet.database.admin.query('select from backtest_job_trades where job_id = $1', [
      job_id,
    ]);
    assert.equal(rowCount, 2, 'trades of a result that is none');
    const second = fleet.worker({ CRASH_AT: 'trades:2:SIGSTOP' });
    await stopped(second.pid);
    await cancel(fleet.database.pool, { job_id, user_id: USER });
    second.kill('SIGCONT');
    const done = await fleet.until(job_id, 'the end', ended);
    second.kill('SIGTERM');
    await second.ended;
    assert.equal(done.state, 'cancelled');
    assert.equal(done.reports, 0);
    assert.ok((await rowsOf(job_id)).every(({ trades, parts }) => trades === null && parts === 0));
  });

  for (const damage of ['none', 'part missing', 'part cut', 'one giant value'] as const) {
    test(`a long shortlist and its resume point are stored in parts; the next attempt goes on (damage: ${damage})`, async () => {
      const { admin } = fleet.database;
      const job_id = await fleet.submit(MANY);
      const first = fleet.worker({ CRASH_AT: 'rows:1' });
      assert.equal(await first.ended, 'SIGKILL', first.log());
      const { rows: parts } = await admin.query<{ size: number }>(
        'select octet_length(state) as size from backtest_job_checkpoint_parts order by part_no',
      );
      assert.ok(parts.length >= 3 && parts.slice(0, -1).every(({ size }) => size === 2 ** 19));
      const { rows: listed } = await admin.query<{ sizes: number[] }>(
        `select array_agg(jsonb_array_length(indexes_json) order by part_no) as sizes from backtest_job_shortlist_parts`,
      );
      assert.deepEqual(listed[0]!.sizes, [50_000, 50_000, 50_000, 20_000]);
      // What watches every write makes a text of the whole row, and takes longer over a giant than a lease of 3 s allows.
      await admin.query('alter table backtest_job_checkpoints disable trigger fault_watch');
      await admin.query(DAMAGE[damage]);
      const second = fleet.worker();
      const done = await fleet.until(job_id, 'the end', ended);
      second.kill('SIGTERM');
      await second.ended;
      assert.equal(done.state, 'succeeded', second.log());
      await assertWhole(done, job_id, MANY);
      const ignored = /event=snapshot_skipped .*checkpoint ignored: damaged/.test(second.log());
      assert.equal(ignored, damage !== 'none', second.log());
      const left = await admin.query('select from backtest_job_checkpoint_parts');
      assert.equal(left.rowCount, 0, 'an ended job has no resume point');
      await admin.query('alter table backtest_job_checkpoints enable trigger fault_watch');
    });
  }

  test('a portion that the database refuses fails the job at once, and the error names it', async () => {
    const { admin } = fleet.database;
    // As PostgreSQL refuses a value that is too large, where the test can wait for it.
    await admin.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'total size of jsonb array elements exceeds the maximum' using errcode = '54000'; end $$`);
    await admin.query(
      'create trigger refuse before insert on backtest_job_trades for each row execute function refuse()',
    );
    try {
      const job_id = await fleet.submit(SHORTER);
      const worker = fleet.worker();
      const done = await fleet.until(job_id, 'the end', ended);
      worker.kill('SIGTERM');
      assert.equal(await worker.ended, 0);
      const { rows } = await admin.query<{ last_error: string }>('select last_error from backtest_jobs');
      assert.deepEqual([done.state, done.attempt, done.last_error_json?.code], ['failed', 1, 'result_not_storable']);
      assert.match(
        rows[0]!.last_error,
        /^the trades of rank 1 \(part 1, 0\.\d MB\) cannot be stored: total size of jsonb/,
      );
      assert.equal(done.reports, 0);
      assert.deepEqual(
        (await attempts(admin, job_id)).map((line) => line.split(' ').slice(2)),
        [['failed', 'result_not_storable']],
      );
    } finally {
      await admin.query('drop trigger refuse on backtest_job_trades; drop function refuse');
    }
  });
});

const DAMAGE = {
  none: 'select',
  'part missing': 'delete from backtest_job_checkpoint_parts where part_no = 2',
  'part cut': `update backtest_job_checkpoint_parts set state = substring(state for 1000) where part_no = 1`,
  'one giant value': `update backtest_job_checkpoints set state = decode(repeat('00', 30000000), 'hex'), parts = 0`,
};

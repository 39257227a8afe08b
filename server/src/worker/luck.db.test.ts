// Jobs with a luck test, run by real workers: the rows are told while markets are permuted, a worker killed in it again and
// again ends with the bytes of a quiet run, and a cancelled job says how far the test came.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseSpec, search, type SearchResult, type Spec } from '@backtest-jobs/engine';
import { type Permuted } from '@backtest-jobs/engine/internal';
import { eventually, openFleet, USER, walk, type Fleet, type JobRow } from '../../test/fleet.ts';
import { expire } from '../../test/queue.ts';
import { cancel } from '../queue/cancel.ts';
import { get } from '../queue/get.ts';
import { submissionOf, submit } from '../queue/submit.ts';
import { top } from '../queue/top.ts';
import { uuid7 } from '../queue/uuid7.ts';

const CANDLES = walk(3000, '1h');
const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });
const INPUT = {
  time_range: { start: '2020-01-20T00:00:00Z', end: '2020-05-01T00:00:00Z' },
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: range(5, 24) } },
      { indicator_id: 'momentum.rsi', params: { window: range(5, 24) } },
    ],
    risk_grid: { sl: { mode: 'explicit', values: ['off', 2] } },
  },
  ranking: { primary_metric: 'max_drawdown_pct' }, // which takes longer to score than a return
  preselect: 50,
  top_k: 20,
};
/** Some seconds of work, nearly all of it in permuted markets. */
const SPEC: Spec = { ...parseSpec(INPUT), luck: { permutations: 199, variants: 400 } };
const KILLS = 10;

describe('jobs with a luck test', { concurrency: false }, () => {
  let fleet: Fleet;
  let folder: string;
  let config: string; // saves after every market
  let expected: SearchResult;

  before(async () => {
    fleet = await openFleet(CANDLES, '1h');
    folder = await mkdtemp(join(tmpdir(), 'backtest-luck-'));
    config = join(folder, 'backtest.yaml');
    const jobs = { snapshot_seconds: 0.1, lease_seconds: 3, heartbeat_seconds: 0.25, claim_poll_seconds: 0.2 };
    await writeFile(config, JSON.stringify({ version: 1, backtest: { cpu: { threads: 1 }, jobs } }));
    for await (const { result } of search(CANDLES, SPEC)) if (result !== null) expected = result;
  });

  after(async () => {
    await fleet[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function submitted(): Promise<string> {
    const job = await submit(fleet.database.pool, {
      ...submissionOf(INPUT, SPEC, { strategy: null }),
      job_id: uuid7(),
      user_id: USER,
      runtime_config_hash: 'a'.repeat(64),
      idempotency_key: null,
      max_active_jobs: 1000,
      max_finished_jobs: 1000,
    });
    return job.outcome === 'created' ? job.job.job_id : assert.fail(job.outcome);
  }

  async function told(job_id: string): Promise<Permuted | null> {
    const got = await get(fleet.database.pool, { job_id, user_id: USER });
    return got.outcome === 'found' ? (got.job.permuted as Permuted | null) : assert.fail(got.outcome);
  }

  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const succeeded = (id: string): Promise<JobRow> => fleet.until(id, 'success', ({ state }) => state === 'succeeded');

  test(`killed ${KILLS} times in it, a job goes on from market to market to the bytes of a quiet run`, async () => {
    const quietId = await submitted();
    const quietWorker = fleet.worker({}, config);
    const quiet = await succeeded(quietId);
    quietWorker.kill('SIGTERM');
    await quietWorker.ended;
    assert.deepEqual(await told(quietId), plain(expected.verdict.permuted));
    assert.deepEqual([quiet.attempt, quiet.processed_units], [1, quiet.total_units]);

    const id = await submitted();
    let reached = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const worker = fleet.worker({}, config);
      const { done } = await eventually('another market', async () => {
        const permuted = await told(id);
        return permuted !== null && permuted.done > reached && permuted;
      });
      reached = done;
      worker.kill('SIGKILL');
      await worker.ended;
      await expire(fleet.database.admin, { job_id: id });
    }
    assert.ok(reached >= KILLS && reached < 199, `${reached} markets after the last kill`);
    const last = fleet.worker({}, config);
    const job = await succeeded(id);
    last.kill('SIGTERM');
    await last.ended;
    assert.deepEqual([job.attempt, job.crash_count, job.result_hash], [KILLS + 1, 0, quiet.result_hash]);
    assert.deepEqual(await told(id), plain(expected.verdict.permuted));
    const { rowCount } = await fleet.database.pool.query('select from backtest_job_luck');
    assert.equal(rowCount, 0, 'the result has it');
  });

  test('cancelled in it, a job keeps its rows without reports, and says how many markets there were', async () => {
    const id = await submitted();
    const worker = fleet.worker({}, config);
    await eventually('a market', async () => ((await told(id))?.done ?? 0) > 3);
    const running = await fleet.job(id);
    assert.deepEqual([running.state, running.stage, running.rows, running.reports], ['running', 'finalizing', 20, 0]);
    assert.ok(running.processed_units > running.total_units / 300 && running.processed_units < running.total_units);
    await cancel(fleet.database.pool, { job_id: id, user_id: USER });
    await fleet.until(id, 'the end', ({ state }) => state === 'cancelled');
    worker.kill('SIGTERM');
    await worker.ended;
    const permuted = (await told(id)) ?? assert.fail('the test is not told');
    const { done, asked, p, bests, as_good } = permuted;
    assert.ok(done > 3 && done < asked && asked === 199 && bests.length === done, `${done} of ${asked}`);
    assert.equal(p, (1 + as_good) / (1 + done));
    assert.deepEqual(bests, expected.verdict.permuted?.bests.slice(0, done));
    const page = await top(fleet.database.pool, { job_id: id, user_id: USER, limit: 300 });
    const rows = page.outcome === 'found' ? page.items : assert.fail(page.outcome);
    assert.deepEqual(
      rows.map(({ metrics, payload }) => ({ metrics, payload })),
      plain(expected.rows.map(({ metrics, payload }) => ({ metrics, payload }))),
    );
  });
});

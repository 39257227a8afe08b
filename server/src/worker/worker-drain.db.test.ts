// Draining within 10 s, whatever the database does. The worker's connections lead through a proxy that can fall silent,
// which to the worker is a half-open connection: no error, no answer.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openFleet, walk, type Fleet, type TestWorker } from '../../test/fleet.ts';
import { openProxy } from '../../test/proxy.ts';
import { attempts } from '../../test/queue.ts';

// Some seconds of work on one core.
const SPEC = {
  ranking: { primary_metric: 'max_drawdown_pct' },
  time_range: { start: '2020-01-20T00:00:00Z', end: '2020-05-01T00:00:00Z' },
  luck: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 5, stop_incl: 120, step: 1 } } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 5, stop_incl: 99, step: 1 } } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: { mode: 'range', start: 30, stop_incl: 60, step: 1 } } },
  },
};

let fleet: Fleet;
let folder: string;
let config: string; // the lease of production, with a poll that fits a test
before(async () => {
  fleet = await openFleet(walk(3000, '1h'), '1h');
  folder = await mkdtemp(join(tmpdir(), 'backtest-drain-'));
  config = join(folder, 'backtest.yaml');
  const jobs = '{ claim_poll_seconds: 0.2, lease_seconds: 60, heartbeat_seconds: 15, snapshot_seconds: 0.5 }';
  await writeFile(config, `version: 1\nbacktest: { jobs: ${jobs} }\n`);
});
after(async () => {
  await fleet[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function terminated(worker: TestWorker): Promise<number> {
  const since = performance.now();
  worker.kill('SIGTERM');
  assert.equal(await worker.ended, 0, worker.log());
  return (performance.now() - since) / 1000;
}

describe('a worker that gets SIGTERM', { concurrency: false }, () => {
  test('is gone within 10 s though its database does not answer, with a job and without', async () => {
    await using ways = new AsyncDisposableStack();
    const ofBusy = ways.use(await openProxy(fleet.database.dsn));
    const ofIdle = ways.use(await openProxy(fleet.database.dsn));
    const id = await fleet.submit(SPEC);
    const busy = fleet.worker({ STRATEGY_PG_DSN: ofBusy.dsn }, config);
    await fleet.until(id, 'a checkpoint', (job) => job.checkpoint_attempt === job.attempt);
    const idle = fleet.worker({ STRATEGY_PG_DSN: ofIdle.dsn }, config);
    await idle.said('event=started');
    await Promise.all([ofBusy.silence(), ofIdle.silence()]); // in the middle of a heartbeat, and of a claim
    const [first, second] = await Promise.all([terminated(idle), terminated(busy)]);
    assert.ok(first < 10 && second < 10, `${first} s and ${second} s`);
    assert.match(busy.log(), /event=lease_lost.*reason=(trust|database)/);
    assert.doesNotMatch(busy.log(), /compute child ended/);
    assert.deepEqual((await attempts(fleet.database.admin, id)).length, 1);
    await fleet.database.admin.query('delete from backtest_jobs');
  });

  test('gives back the job of a claim whose answer was lost', async () => {
    await using proxy = await openProxy(fleet.database.dsn);
    const worker = fleet.worker({ STRATEGY_PG_DSN: proxy.dsn }, config);
    await worker.said('event=started');
    proxy.loseAnswerWith('unheard');
    const id = await fleet.submit({ ...SPEC, name: 'unheard' });
    const { locked_by } = await fleet.until(id, 'the claim', ({ state }) => state === 'running');
    await terminated(worker);
    assert.deepEqual(await attempts(fleet.database.admin, id), [`1 ${locked_by} released claim_unanswered`]);
  });
});

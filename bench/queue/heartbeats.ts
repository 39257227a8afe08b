// How late heartbeats are when everything else on the machine computes: a real worker with a long job, and twice as many
// endless loops as there are cores. The worker's own histogram answers.

import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cancel } from '../../server/src/queue/cancel.ts';
import { require, shown, type Ground, type QueueLine } from './ground.ts';

const BEATS = 100;
const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });
/** More work than the heartbeats last. */
const LONG = {
  time_range: { start: '2020-01-20T00:00:00Z', end: '2020-05-01T00:00:00Z' },
  luck: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: range(5, 120) } },
      { indicator_id: 'momentum.rsi', params: { window: range(5, 99) } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: range(1, 60), short_threshold: range(61, 70) } },
  },
  ranking: { primary_metric: 'max_drawdown_pct' },
};

export async function heartbeats(ground: Ground): Promise<QueueLine[]> {
  const { openFleet, USER, walk } = await import('../../server/test/fleet.ts');
  const config = join(ground.home, 'quick.yaml');
  await writeFile(
    config,
    'version: 1\nbacktest: { jobs: { lease_seconds: 3, heartbeat_seconds: 0.25, claim_poll_seconds: 86400 } }\n',
  );
  await using fleet = await openFleet(walk(3000, '1h'), '1h', { server: ground.server });
  const job_id = await fleet.submit(LONG);
  const worker = fleet.worker({}, config);
  await fleet.until(job_id, 'progress', ({ processed_units }) => processed_units > 0);
  const burners = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    const before = await delays(metricsPort(worker.log()));
    let after = before;
    while (after.count - before.count < BEATS) {
      await delay(500);
      after = await delays(metricsPort(worker.log()));
      require((await fleet.job(job_id)).state === 'running', 'a job that runs as long as it is watched');
    }
    require(after.lost === 0, 'free of lost leases');
    const count = after.count - before.count;
    const mean = (1000 * (after.sum - before.sum)) / count;
    const within = after.buckets.find(({ le, upTo }) => upTo - (before.upTo.get(le) ?? 0) >= 0.99 * count);
    await cancel(fleet.database.pool, { job_id, user_id: USER });
    const { attempt } = await fleet.until(job_id, 'the end', ({ state }) => state === 'cancelled');
    require(attempt === 1, 'a job of one attempt');
    return [
      {
        what: `heartbeat delay with ${burners.length} endless loops on ${availableParallelism()} cores`,
        result: `mean ${shown(mean)} ms, p99 <= ${shown(1000 * Number(within?.le ?? Infinity))} ms, of a lease of 3,000 ms`,
        check: `no lease lost in ${BEATS} heartbeats, one attempt`,
        target: '',
      },
    ];
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
  }
}

function metricsPort(log: string): number {
  return Number(/"metrics_port":(\d+)/.exec(log)?.[1]);
}

/** The histogram of the worker, cumulative as Prometheus has it. */
async function delays(port: number) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const name = 'backtest_job_runner_heartbeat_delay_seconds';
  const buckets = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="(.+?)"\\} (\\d+)$`, 'gm'))];
  const one = (pattern: string): number => Number(new RegExp(`^${pattern} (.+)$`, 'm').exec(text)?.[1]);
  const list = buckets.map(([, le = '', count]) => ({ le, upTo: Number(count) }));
  const lost = [...text.matchAll(/^backtest_job_runner_lease_lost_total\{.*\} (\d+)$/gm)];
  return {
    count: one(`${name}_count`),
    sum: one(`${name}_sum`),
    buckets: list,
    upTo: new Map(list.map(({ le, upTo }) => [le, upTo])),
    lost: lost.reduce((sum, [, count]) => sum + Number(count), 0),
  };
}

// How long a job waits for an idle worker, and what a tiny job costs beside its computing: by the database's clock, from
// real worker processes.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet, TestWorker } from '../../server/test/fleet.ts';
import { require, shown, percentiles, type Ground, type QueueLine } from './ground.ts';

const JOBS = 60;
const TINY = {
  time_range: { start: '2020-01-12T00:00:00Z', end: '2020-01-20T00:00:00Z' },
  luck: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [{ indicator_id: 'ma.sma', params: { window: { mode: 'explicit', values: [5, 10] } } }],
  },
  top_k: 2,
  preselect: 2,
};

export async function latency(ground: Ground): Promise<QueueLine[]> {
  const { openFleet, walk } = await import('../../server/test/fleet.ts');
  const config = join(ground.home, 'usual.yaml');
  await writeFile(config, 'version: 1\n');
  const lines: QueueLine[] = [];
  for (const count of [1, 4]) {
    await using fleet = await openFleet(walk(600, '1h'), '1h', { server: ground.server });
    const workers = Array.from({ length: count }, () => fleet.worker({}, config));
    await Promise.all(workers.map((worker) => worker.said('event=started')));
    for (let job = 0; job < JOBS; job += 1) {
      await settled(workers);
      const id = await fleet.submit(TINY);
      await fleet.until(id, 'the end', ({ state }) => state !== 'queued' && state !== 'running');
    }
    const { waited, ran } = await durations(fleet);
    lines.push({
      what: `enqueue to claimed, ${count} idle worker${count === 1 ? '' : 's'}`,
      result: percentiles(waited),
      check: `each of ${JOBS} jobs claimed once, equal results`,
      target: 'p50 < 25 ms',
    });
    if (count > 1) continue;
    lines.push({
      what: 'job overhead: a tiny job from claimed to finished, child forked ahead',
      result: `${percentiles(ran)}; fastest ${shown(Math.min(...ran))} ms`,
      check: 'the same jobs',
      target: '<= 50 ms',
    });
  }
  return lines;
}

/** Waits until the children forked ahead have loaded: they use no more CPU. */
async function settled(workers: readonly TestWorker[]): Promise<void> {
  const { childrenOf } = await import('../../server/test/fleet.ts');
  let before = '';
  for (let quiet = 0; quiet < 3;) {
    await delay(100);
    const children = (await Promise.all(workers.map(({ pid }) => childrenOf(pid)))).flat();
    const now = (await Promise.all(children.map(cpuTicks))).join();
    quiet = children.length === workers.length && now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** Process id and ticks in user and system mode; '' of a process that is gone. */
async function cpuTicks(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return `${pid} ${stat.split(' ').slice(13, 15).join(' ')}`;
}

/** Milliseconds from the insert to the claim, and from there to the finish. */
async function durations({ database }: Fleet): Promise<{ waited: number[]; ran: number[] }> {
  const { rows } = await database.admin.query<{ waited: number; ran: number; hash: string; attempt: number }>(
    `select (1000 * extract(epoch from a.claimed_at - j.created_at))::float8 as waited,
       (1000 * extract(epoch from a.ended_at - a.claimed_at))::float8 as ran, r.result_hash as hash, j.attempt
     from backtest_jobs j
     join backtest_job_attempts a using (job_id)
     join backtest_job_results r using (job_id)
     where j.state = 'succeeded'`,
  );
  require(rows.length === JOBS && rows.every(({ attempt }) => attempt === 1), `${JOBS} jobs that were claimed once`);
  require(new Set(rows.map(({ hash }) => hash)).size === 1, 'the same result for the same job');
  return { waited: rows.map(({ waited }) => waited), ran: rows.map(({ ran }) => ran) };
}

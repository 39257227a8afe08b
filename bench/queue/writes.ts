// What a job writes while it runs: snapshots of 300 rows with their resume point, heartbeats, and the write-ahead log of an
// hour of both. Rows and resume point are those of a real search, so their sizes are right.

import { encodeState, parseSpec, search, type SearchStep, type VariantRow } from '@backtest-jobs/engine';
import { heartbeat } from '../../server/src/queue/heartbeat.ts';
import type { Checkpoint, Lease } from '../../server/src/queue/job.ts';
import { snapshot } from '../../server/src/queue/snapshot.ts';
import type { TestDatabase } from '../../server/test/database.ts';
import { HASH, running } from '../../server/test/queue.ts';
import { candlesFor } from '../candles.ts';
import { median } from '../timing.ts';
import { require, shown, type Ground, type QueueLine } from './ground.ts';

const ROWS = 300;
// The defaults: the worker reports progress with each poll of a second and saves every 30 s.
const HEARTBEATS_AN_HOUR = 3600;
const SNAPSHOTS_AN_HOUR = 120;
const TERM = { lease_seconds: 3600, stage: 'stage_a' } as const;

const range = (start: number, stop_incl: number) => ({ mode: 'range', start, stop_incl, step: 1 });
const SPEC = {
  time_range: { start: '2020-01-20T00:00:00Z', end: '2020-05-01T00:00:00Z' },
  luck: 0,
  template: {
    instrument_id: { market_id: 1, symbol: 'TEST' },
    timeframe: '1h',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: range(5, 104) } },
      { indicator_id: 'momentum.rsi', params: { window: range(5, 24) } },
    ],
    signal_grids: { 'momentum.rsi': { long_threshold: range(31, 60), short_threshold: range(61, 62) } },
  },
  top_k: ROWS,
};

export async function writes(ground: Ground): Promise<QueueLine[]> {
  await using database = await ground.database();
  const { pool, admin } = database;
  const { lease } = await running(pool, { total_units: 10_000_000 }, { lease_seconds: 3600 });
  const { rows, checkpoint } = await found();
  const save = (processed_units: number): Promise<unknown> =>
    snapshot(pool, lease, { ...TERM, processed_units, rows, checkpoint });
  await save(1); // connects, and makes the tables
  const times: number[] = [];
  const saving = await costOf(database, async () => {
    for (let unit = 2; unit < 2 + SNAPSHOTS_AN_HOUR; unit += 1) {
      const since = performance.now();
      require((await save(unit)) !== null, 'the owner');
      times.push(performance.now() - since);
    }
  });
  await requireSaved(admin, lease, rows, checkpoint);
  const beating = await costOf(database, async () => {
    for (let unit = 1000; unit < 1000 + HEARTBEATS_AN_HOUR; unit += 1) {
      require((await heartbeat(pool, lease, { ...TERM, processed_units: unit })) !== null, 'the owner');
    }
  });
  const { rows: last } = await admin.query<{ processed_units: number }>('select processed_units from backtest_jobs');
  require(beating.updates === HEARTBEATS_AN_HOUR, 'one update a heartbeat');
  require(last[0]?.processed_units === 999 + HEARTBEATS_AN_HOUR, 'the progress of the last heartbeat');
  const state = Math.round(checkpoint.state.length / 1000);
  return [
    {
      what: `a snapshot of ${ROWS} rows and a resume point of ${state} kB`,
      result: `p50 ${shown(median(times))} ms, ${shown(saving.wal / SNAPSHOTS_AN_HOUR / 1000)} kB of WAL`,
      check: 'rows and resume point read back equal',
      target: '',
    },
    {
      what: 'WAL of an hour of a job: a heartbeat a second, a snapshot every 30 s',
      result: `${megabytes(beating.wal)} of heartbeats, ${megabytes(saving.wal)} of snapshots`,
      check: 'the last progress is there',
      target: '',
    },
    {
      what: `heap-only share of ${HEARTBEATS_AN_HOUR.toLocaleString('en-US')} heartbeats`,
      result: `${shown((100 * beating.hot) / beating.updates)} %`,
      check: 'one update each',
      target: '>= 95 %',
    },
  ];
}

const megabytes = (bytes: number): string => `${shown(bytes / 1e6)} MB`;

/** The best rows and the state at the end of stage_a, when the resume point is largest. */
async function found(): Promise<{ rows: readonly VariantRow[]; checkpoint: Checkpoint }> {
  const spec = parseSpec(SPEC);
  let last: SearchStep | null = null;
  let ofStageA: Uint8Array | null = null;
  for await (const step of search(candlesFor(spec), spec)) {
    if (step.shortlist !== null) ofStageA ??= encodeState(step);
    last = step;
  }
  const rows = last?.result?.rows ?? [];
  if (rows.length !== ROWS || ofStageA === null) throw new Error(`the search kept ${rows.length} rows`);
  const hashes = { request_hash: HASH, data_digest: HASH, engine_version: '1' };
  return { rows, checkpoint: { stage: 'stage_b', next_index: 0, hashes, state: ofStageA } };
}

/** Bytes of write-ahead log, and updates of job rows, that some work makes on a server where nothing else happens. */
async function costOf({ pool, admin }: TestDatabase, work: () => Promise<void>) {
  const count = async () => {
    await pool.query('select pg_stat_force_next_flush()'); // counts are flushed by the backend that made them
    const { rows } = await admin.query<{ lsn: number; updates: number; hot: number }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as lsn, n_tup_upd as updates,
         n_tup_hot_upd as hot
       from pg_stat_user_tables where relname = 'backtest_jobs'`,
    );
    return rows[0] ?? { lsn: Number.NaN, updates: Number.NaN, hot: Number.NaN };
  };
  await admin.query('checkpoint');
  const before = await count();
  await work();
  const after = await count();
  return { wal: after.lsn - before.lsn, updates: after.updates - before.updates, hot: after.hot - before.hot };
}

async function requireSaved(
  admin: TestDatabase['admin'],
  { job_id }: Lease,
  rows: readonly VariantRow[],
  { state }: Checkpoint,
): Promise<void> {
  const { rows: kept } = await admin.query<{ rank: number; variant_key: string; metrics: object }>(
    `select rank, variant_key, metrics_json as metrics from backtest_job_top_variants where job_id = $1 order by rank`,
    [job_id],
  );
  const asJson = rows.map(({ rank, variant_key }) => `${rank} ${variant_key}`).join();
  require(kept.map(({ rank, variant_key }) => `${rank} ${variant_key}`).join() === asJson, 'the rows that were saved');
  const { rows: points } = await admin.query<{ same: boolean }>(
    'select state = $2 as same from backtest_job_checkpoints where job_id = $1',
    [job_id, Buffer.from(state)],
  );
  require(points[0]?.same ?? false, 'the resume point that was saved');
}

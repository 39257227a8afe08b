// What the queue's tests start from: jobs brought into a state by the verbs themselves, and time passed by moving the
// database's instants instead of waiting.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { canonicalJson, sha256 } from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { claim, type Claimed, type Claimer } from '../src/queue/claim.ts';
import { finish as finishWritten, type Ending } from '../src/queue/finish.ts';
import type { Checkpoint, EndState, Lease, TopRow } from '../src/queue/job.ts';
import { resultRows } from '../src/queue/portions/result-rows.ts';
import { surfaceHash } from '../src/queue/portions/surface-hash.ts';
import { topReports, topTrades, type Report } from '../src/queue/portions/top-details.ts';
import type { Overview } from '../src/queue/reads/overview.ts';
import { submit, type Submission } from '../src/queue/submit.ts';
import { top } from '../src/queue/top.ts';
import { uuid7 } from '../src/queue/uuid7.ts';

export const HASH = 'a'.repeat(64);
const OVERVIEW: Overview = {
  instruments: [{ market_id: 1, symbol: 'BTCUSDT' }],
  timeframes: ['1h'],
  across: 'each',
  time_range: { start: '2024-01-01T00:00:00.000Z', end: '2024-02-01T00:00:00.000Z' },
  validation_mode: null,
  primary_metric: 'sharpe',
  stage_units: { stage_a: 900, stage_b: 90, finalizing: 10 },
};
export const WORKER = { locked_by: 'worker-1', lease_seconds: 60, max_crashes: 3 };

export function submission(changes: Partial<Submission> = {}): Submission {
  return {
    job_id: uuid7(),
    user_id: randomUUID(),
    mode: 'template',
    spec_payload_json: null,
    spec_hash: null,
    name: null,
    priority: 0,
    request_json: { spec_version: 2, top_k: 10 },
    overview_json: OVERVIEW,
    request_hash: HASH,
    body_hash: HASH,
    engine_params_hash: HASH,
    runtime_config_hash: HASH,
    total_units: 1000,
    idempotency_key: null,
    max_active_jobs: 1000,
    max_finished_jobs: 100_000,
    ...changes,
  };
}

/** A queued job. */
export async function queued(pool: pg.Pool, changes: Partial<Submission> = {}): Promise<Submission> {
  const wish = submission(changes);
  const { outcome } = await submit(pool, wish);
  assert.equal(outcome, 'created');
  return wish;
}

/** The next job, which must be one to run. */
export async function claimed(pool: pg.Pool, changes: Partial<Claimer> = {}): Promise<Claimed> {
  const next = await claim(pool, { ...WORKER, ...changes });
  assert.ok(next?.outcome === 'claimed');
  return next;
}

/** A running job, of WORKER unless it is told otherwise. */
export async function running(
  pool: pg.Pool,
  changes: Partial<Submission> = {},
  worker: Partial<Claimer> = {},
): Promise<Claimed & { user_id: string }> {
  const { job_id, user_id } = await queued(pool, changes);
  const next = await claimed(pool, worker);
  assert.equal(next.job.job_id, job_id, 'another job was in the queue');
  return { ...next, user_id };
}

/** An ending with its rows, which a worker writes in portions before it finishes. */
export type TestEnding =
  | Exclude<Ending, { state: 'succeeded' }>
  | { readonly state: 'succeeded'; readonly rows: readonly TopRow[]; readonly result_json: object };

/** The hash of a result, made from all of it at once. */
export function hashOf(rows: readonly TopRow[], result: object, surface: string | null): string {
  return sha256(canonicalJson({ result, rows, surface }));
}

/** Writes the rows, where there are any, and ends the job. */
export async function finish(pool: pg.Pool, lease: Lease, ending: TestEnding): Promise<EndState | 'lost'> {
  if (ending.state !== 'succeeded') return finishWritten(pool, lease, ending);
  const { rows, result_json } = ending;
  const portion = { ranks: rows.map(({ rank }) => rank), variant_keys: rows.map((row) => row.variant_key) };
  const written = { ...portion, json: JSON.stringify(rows), lease_seconds: 60 };
  if (rows.length > 0 && (await resultRows(pool, lease, written)) === null) return 'lost';
  const result_hash = hashOf(rows, result_json, await surfaceHash(pool, lease.job_id));
  return finishWritten(pool, lease, { state: 'succeeded', rows: rows.length, result_json, result_hash });
}

/** What `top` shows of a job, with reports and trades as the API reads them. */
export async function shownRows(pool: pg.Pool, job: { job_id: string; user_id: string }): Promise<TopRow[]> {
  const found = await top(pool, { ...job, limit: 1000 });
  assert.ok(found.outcome === 'found');
  const ranks = found.items.map(({ rank }) => rank);
  const reports = found.state === 'succeeded' ? await topReports(pool, job.job_id, ranks) : new Map<number, Report>();
  const rows: TopRow[] = [];
  for (const { alike: _, equity_line, ...item } of found.items) {
    const report = reports.get(item.rank);
    const texts: string[] = [];
    if (report) for await (const text of topTrades(pool, job.job_id, report, 10_000).texts()) texts.push(text);
    rows.push({
      ...item,
      ...(equity_line && { equity_line }),
      report_table_md: JSON.parse(report?.report_table_md ?? 'null'),
      trades: report?.trades ? JSON.parse(`[${texts.join()}]`) : null,
      out_of_sample: JSON.parse(report?.out_of_sample ?? 'null'),
    });
  }
  return rows;
}

/** Lets the lease of a job run out. */
export async function expire(pool: pg.Pool, { job_id }: Pick<Lease, 'job_id'>): Promise<void> {
  await pool.query(
    `update backtest_jobs set lease_expires_at = clock_timestamp() - interval '1 second' where job_id = $1`,
    [job_id],
  );
}

export function topRow(rank: number, changes: Partial<TopRow> = {}): TopRow {
  return {
    rank,
    variant_key: `variant-${rank}`,
    indicator_variant_key: `indicators-${rank}`,
    variant_index: 100 + rank,
    total_return_pct: 0.1 + 0.2 / rank,
    metrics: { sharpe: 1 / 3, profit_factor: 'inf', sortino: null },
    payload: { direction_mode: 'long-only' },
    report_table_md: '| metric | value |',
    trades: [{ side: 'long', net: 1.5 }],
    out_of_sample: null,
    ...changes,
  };
}

export function checkpoint(next_index: number, changes: Partial<Checkpoint> = {}): Checkpoint {
  const hashes = { request_hash: HASH, data_digest: HASH, engine_version: '1' };
  return { stage: 'stage_a', next_index, hashes, state: Uint8Array.of(next_index % 256, 0, 255), ...changes };
}

/** All that is stored about a job, table by table: what must not change is compared as a whole. */
export async function stored(pool: pg.Pool, job_id: string): Promise<Record<string, Record<string, unknown>[]>> {
  const everything: Record<string, Record<string, unknown>[]> = {};
  for (const table of TABLES) {
    const { rows } = await pool.query(`select * from ${table} t where job_id = $1 order by t::text`, [job_id]);
    everything[table] = rows;
  }
  return everything;
}

/** The history as an operator reads it. */
export async function attempts(pool: pg.Pool, job_id: string): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select concat_ws(' ', attempt, locked_by, coalesce(outcome, 'open'), cause) as line
     from backtest_job_attempts where job_id = $1 order by attempt`,
    [job_id],
  );
  return rows.map(({ line }) => line);
}

const TABLES = [
  'backtest_jobs',
  'backtest_job_requests',
  'backtest_job_top_variants',
  'backtest_job_stage_a_shortlist',
  'backtest_job_checkpoints',
  'backtest_job_surfaces',
  'backtest_job_shortlist_parts',
  'backtest_job_checkpoint_parts',
  'backtest_job_trades',
  'backtest_job_attempts',
  'backtest_job_luck',
  'backtest_job_results',
];
